"""Grids where no rules are drawn."""
