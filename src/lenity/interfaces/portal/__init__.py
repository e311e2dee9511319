"""The borrower's pages."""
