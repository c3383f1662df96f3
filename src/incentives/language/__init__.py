"""From the files of a rule pack to a rule book, with a place for every node."""
