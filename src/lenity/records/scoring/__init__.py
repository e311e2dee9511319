"""Records: scoring."""
