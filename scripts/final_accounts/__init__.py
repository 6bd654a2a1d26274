"""The Python behind the commands in scripts/: one module a subject. The data work is in the dbt models."""
