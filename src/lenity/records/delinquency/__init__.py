"""Records: delinquency."""
