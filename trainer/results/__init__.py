"""What a run ends with: the fitted model and everything found out about it."""
