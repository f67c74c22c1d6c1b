"""What a reader should take away from a run: in words, worst cells, telling replies."""
