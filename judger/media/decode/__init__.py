"""From the bytes of a medium to what a judge is shown; runs in a worker process (`worker`)."""
