"""Chooses the number of segments, fits K-Means, names and judges the segments."""
