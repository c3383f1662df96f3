"""A whole registry at once: what every subject of it is entitled to."""
