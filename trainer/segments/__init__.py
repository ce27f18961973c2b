"""Chooses the number of segments, fits K-Means, and names and evaluates the segments."""
