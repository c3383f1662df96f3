"""What helps to write rule packs: schemas, formatting, a first pack."""
