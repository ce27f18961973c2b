"""From a file, an address or bytes to a model that is known to answer as it did in training."""
