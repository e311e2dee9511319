"""Days past due and what follows from them."""
