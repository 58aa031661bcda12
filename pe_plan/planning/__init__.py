"""The plan, as a pure function of what was read."""
