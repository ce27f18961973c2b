"""Writes scored tables: CSV byte by byte, Parquet and typed tables, each completed in one step."""
