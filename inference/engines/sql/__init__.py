"""The model as a SQL statement."""
