"""What becomes of an uploaded file: the scored file, its first rows, its customers on the map, lists."""
