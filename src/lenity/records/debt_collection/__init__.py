"""Records: debt_collection."""
