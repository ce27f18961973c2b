"""The formats in which tables are written, one module each."""
