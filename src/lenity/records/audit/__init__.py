"""Records: audit."""
