"""The collector's pages."""
