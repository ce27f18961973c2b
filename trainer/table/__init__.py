"""Reads a customer table from a file or a database and cleans it."""
