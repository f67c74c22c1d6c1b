"""What knows a harness, lmms-eval or lm-eval: `harness` takes a document's replies, `aggregate`
makes the numbers of a results file, `usage_log` tells what the judge spent, `run_files` and
`run_check` read a run back from disk and hold it against what was asked."""
