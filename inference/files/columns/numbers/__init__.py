"""Columns of numbers: marks, shapes and affixes, and how a column's numbers are written."""
