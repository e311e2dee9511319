"""Records: furnishing."""
