"""Additive points with exact reasons."""
