"""Recognises what a column is, by its values and its header."""
