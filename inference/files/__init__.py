"""Files as input and output: CSV, Parquet and Excel in, scored files out; needs pyarrow, read when used."""
