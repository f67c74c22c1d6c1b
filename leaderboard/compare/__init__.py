"""Runs side by side: differences with intervals."""
