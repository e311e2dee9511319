"""The gate's fixed vocabulary: each rule kind is one small pure function that holds no number of a law."""
