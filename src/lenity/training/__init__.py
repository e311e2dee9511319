"""Fitting models: rows in, one immutable model file out. No Django, no database."""
