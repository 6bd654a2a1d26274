"""Tables in running text without places."""
