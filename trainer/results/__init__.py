"""The results of a run: the fitted model and everything measured about it."""
