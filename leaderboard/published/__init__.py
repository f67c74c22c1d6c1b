"""The published results of the paper, as published; not measured here."""
