"""How often the number of segments is right, on simulated tables, next to other methods."""
