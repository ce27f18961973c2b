"""Columns of dates and durations: the order of day and month, words, and how they are written."""
