"""Scenarios as they are written: their shape, their files, and where these are."""
