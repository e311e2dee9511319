"""Records: lending."""
