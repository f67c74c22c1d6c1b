"""The commands that measure how far a judge can be trusted, beside `validate-judge`."""
