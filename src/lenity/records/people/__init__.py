"""Records: people."""
