"""What a run tells: JSON, HTML and terminal tables."""
