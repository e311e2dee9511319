"""The columnar engine: one set of expressions over the whole book. No Django."""
