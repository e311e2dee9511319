"""What a bank says happened on the lender's account: camt.053, MT940 and CSV files become entries."""
