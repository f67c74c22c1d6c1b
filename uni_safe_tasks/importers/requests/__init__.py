"""Readers of public sets of requests, from a user's own copy: they become items of our cells."""
