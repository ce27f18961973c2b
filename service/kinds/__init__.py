"""What a kind of column is to API and page: one module for each kind, found through ``kind_views``."""
