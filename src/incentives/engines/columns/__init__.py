"""The columns engine: the kernel by the same fold, for many subjects at once."""
