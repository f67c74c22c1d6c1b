"""Judging without a harness: streams of replies in, records and result files out."""
