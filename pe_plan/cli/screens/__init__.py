"""What an outcome is in words and tables, one module for each family of commands."""
