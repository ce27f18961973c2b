"""Finds the table among titles, units, totals and notes, in any format."""
