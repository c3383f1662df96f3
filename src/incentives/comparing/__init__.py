"""What changed for whom between two versions of a rule pack."""
