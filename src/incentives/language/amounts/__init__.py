"""The words for amounts, rewritten into the kernel."""
