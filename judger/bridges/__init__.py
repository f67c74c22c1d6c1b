"""What knows a harness: lmms-eval and lm-eval."""
