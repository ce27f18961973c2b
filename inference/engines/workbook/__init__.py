"""The model as a workbook with formulas."""
