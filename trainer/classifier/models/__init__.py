"""The candidates themselves: how each is fitted, and how it becomes nodes of the graph."""
