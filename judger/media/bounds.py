"""Bounds on media of hostile origin: what is not within them is not decoded, or not sent."""

from __future__ import annotations

#: Bytes of one file.
MAX_BYTES = 64 * 1024 * 1024
#: Pixels of one picture, or of one frame.
MAX_PIXELS = 64_000_000
#: Frames of a film or a moving picture: five minutes at 120 a second.
MAX_FRAMES = 36_000
#: Pixels of all frames of a film: five minutes of 1920x1080 at 30 frames a second.
MAX_FILM_PIXELS = 20_000_000_000
#: The same of a moving picture, which is slower to decode: a minute of 1280x720 at 30 a second.
MAX_MOVING_PIXELS = 2_000_000_000
MAX_SECONDS = 300.0
#: Samples of all channels that a sound may decode to: five minutes of stereo at 48 kHz.
MAX_SAMPLES = 30_000_000
MAX_CHANNELS = 8
#: What a judge is sent of a sound: 16 kHz mono, at most so long; a longer one is not sent at all.
SENT_RATE, SENT_SECONDS = 16_000, 120.0
#: Bytes of a picture that goes out as it is; a larger file is smaller as a new JPEG.
SENT_BYTES = 1024 * 1024
#: Bytes of a film that goes out as it is; of a larger one frames are sent.
SENT_FILM_BYTES = 16 * 1024 * 1024
