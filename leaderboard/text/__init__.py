"""Words and numbers as a person reads them, and what must not be published."""
