"""The law as dated data, and the reader that cites it."""
