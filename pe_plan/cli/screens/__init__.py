"""What an outcome is in words and tables."""
