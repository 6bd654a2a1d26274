"""The build: from raw files to a released warehouse, and running dbt."""
