"""Rules: an application is read, what it can afford is worked out, and it is decided."""
