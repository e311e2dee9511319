"""Records: changes that take two people."""
