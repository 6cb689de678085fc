"""What the files of a run's folder are called (contract section 6)."""

LETTERS, ZIP, PRINT, REGISTERED = "letters", "letters.zip", "print.pdf", "registered.xlsx"
