"""Readers of public data sets from a user's own copy. Nothing of theirs is shipped or copied.

What belongs here: one small reader a set (`requests`, `labelled`), `labels.yaml` (what their labels
are in our taxonomy), `write` (the file that an import makes) and `imported_items` (the task that
asks it). `uni_safe_tasks.paper` reads the original Uni-SafeBench data by the same labels.
"""
