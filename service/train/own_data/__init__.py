"""The tab Your data."""
