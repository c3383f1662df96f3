"""Rules and determinations as texts that people read, in two languages."""
