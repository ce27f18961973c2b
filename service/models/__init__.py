"""Which model is served, and how another one takes its place while the service runs."""
