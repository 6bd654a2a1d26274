"""Prints reports of the warehouse as departments publish them, to see whether what is read is what was printed."""
