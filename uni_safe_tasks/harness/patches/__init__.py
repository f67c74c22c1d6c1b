"""Places where lmms-eval is changed, a file each."""
