"""Reads Parquet, within limits found before anything is unpacked."""
