"""A run of the model's graph on terms instead of numbers: the program of its answer, free of any engine."""
