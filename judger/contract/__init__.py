"""What all rooms agree on: categories and task types, items, records, settings."""
