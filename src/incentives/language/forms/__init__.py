"""What pack files may hold: keys in order, and the form of every value."""
