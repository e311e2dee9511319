"""What borrowers tell and agree: budgets, talks about plans, agreements, files, helpers, data requests."""
