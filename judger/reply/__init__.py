"""What a model said: read once, faults recognised, split into parts."""
