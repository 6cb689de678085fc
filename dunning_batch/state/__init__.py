"""What is handed from month to month: the levels workbook and the journal."""
