"""Before a run: what is missing, what it will cost."""
