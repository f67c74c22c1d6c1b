"""What a version of the data is checked against, and what is said of it: hashes, card, readers."""
