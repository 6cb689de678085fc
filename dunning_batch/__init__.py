"""dunning-batch: the monthly payment reminders of a French company, from the ledger its accountant already has."""

__version__ = "0.1.0"
