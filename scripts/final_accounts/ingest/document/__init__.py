"""A report as a whole: its pages, what it says of itself, and the reading of all of it."""
