"""Names, tiers, values and actions of segments, from how they differ and never from a cluster number."""
