"""Rules: changes that take two people."""
