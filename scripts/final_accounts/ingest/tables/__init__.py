"""Reads the ten tables: finds them, their columns and their rows."""
