"""The model as C99."""
