"""What lmms-eval calls, and what is mended in it."""
