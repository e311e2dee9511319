"""How people and programs get in. A door makes one call: one operation, or one query."""
