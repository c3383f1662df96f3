"""What a rule pack was read to, kept on disk: data only, and only what can be trusted."""
