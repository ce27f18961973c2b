"""What every request passes: keys, limits, bodies, names of parameters, media types, and the log."""
