"""A judge for the time of one command: a server that is installed, started and stopped."""
