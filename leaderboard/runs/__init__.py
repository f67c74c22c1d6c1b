"""Runs on disk: reading them, judging them again."""
