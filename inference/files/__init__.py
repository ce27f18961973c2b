"""One careful door for files: CSV, Parquet and Excel in, scored files out; needs pyarrow, read when used."""
