"""The plan as documents, and the words for what is in it."""
