"""How long a warehouse of many reports takes, and what else an engineer could have picked for the same arithmetic."""
