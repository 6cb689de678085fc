"""What makes generated files."""
