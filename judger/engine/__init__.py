"""From one item and one reply to one record, many at a time."""
