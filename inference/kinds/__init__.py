"""What a kind of column is to inference: one module for each kind, found through ``registry``."""
