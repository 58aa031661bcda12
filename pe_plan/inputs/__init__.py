"""Text to values, or every problem found in it."""
