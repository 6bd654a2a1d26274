"""The text that explains the tables."""
