"""The tab Segments: what is special about each segment, side by side."""
