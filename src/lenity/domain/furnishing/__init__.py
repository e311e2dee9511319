"""Reporting to credit bureaus."""
