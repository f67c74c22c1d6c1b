"""What is made of sentences: documents, items, leaves."""
