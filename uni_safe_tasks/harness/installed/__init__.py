"""What is installed, against what a run needs."""
