"""Applications, decisions, limits, loans."""
