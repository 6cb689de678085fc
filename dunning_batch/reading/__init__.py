"""Files -> ledger and customers."""
