"""What `check` holds the rows to beyond their schema: minimal pairs, things that can be drawn."""
