"""Records: ledger."""
