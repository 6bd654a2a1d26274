"""The Python behind the commands in scripts/: one folder a subject. The data work is in the dbt models."""
