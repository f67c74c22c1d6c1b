"""People label a run's replies: a blind sample, the sheet they work on, what they said, merged."""
