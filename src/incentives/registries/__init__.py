"""Registries in files and databases, also larger than memory, into files and databases."""
