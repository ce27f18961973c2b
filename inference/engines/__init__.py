"""The model for other engines: as SQL, C or a workbook, from a symbolic run, and in single precision."""
