"""Reads CSV: how it is written, its head, its records and its end."""
