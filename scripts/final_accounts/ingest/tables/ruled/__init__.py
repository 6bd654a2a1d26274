"""The rows of a grid, by kind of table."""
