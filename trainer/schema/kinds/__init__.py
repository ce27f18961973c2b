"""What a kind of column is to the trainer: one module for each kind, found through ``column_kinds``."""
