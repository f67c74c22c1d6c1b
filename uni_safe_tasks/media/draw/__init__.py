"""What every picture is drawn with: canvas, fonts and emoji, text that fits, shared parts."""
