"""What may be done, and how, when a borrower is behind."""
