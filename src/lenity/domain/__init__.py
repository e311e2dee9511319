"""Pure rules. Plain values in, plain values out; the date is an argument."""
