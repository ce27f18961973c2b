"""Tables as JSON: a list of objects, or one object per line (NDJSON, also called JSON Lines)."""
