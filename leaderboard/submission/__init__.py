"""A submission: its facts, its verdicts, and the rules that it has to pass."""
