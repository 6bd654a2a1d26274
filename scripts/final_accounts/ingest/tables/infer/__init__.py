"""What the sums of a table tell about its reading."""
