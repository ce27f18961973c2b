"""What the user sets for the columns: as values, and in segmentation.toml."""
