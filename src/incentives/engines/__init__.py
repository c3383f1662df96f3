"""Engines: each reads the kernel in its own way, all with the same answers."""
