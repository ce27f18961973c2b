"""Reads customer tables: CSV, Excel and Parquet, and how their columns are recognised."""
