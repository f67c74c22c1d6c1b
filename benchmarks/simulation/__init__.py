"""Data made up with a known truth, and how often a method finds it."""
