"""Lenity: consumer credit, lawful by construction."""

__version__ = "0.1.0"
