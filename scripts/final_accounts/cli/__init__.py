"""The commands in scripts/: options, help and exit codes; what they do is in the other folders."""
