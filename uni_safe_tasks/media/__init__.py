"""Everything that turns a scenario's descriptions into files.

A run and the checks of the data need no more than `film.frames` and `speech.sound`, which read
films and recordings; which file holds what is in `scenario.media_files`. All else is for authors:
`build` renders the shipped media, `picture` draws one picture, `sheet` lays out many, for people to
look at. Rooms: `draw` (canvas, fonts, text that fits), `kinds` (pictures of words), `scene` (things
in a setting), `film` (things that move), `speech` (voices and noise).

Results are in `data/media`, one folder a category; `MANIFEST.json` there holds their hashes. A run
reads shipped media and never draws, so fonts, espeak-ng and the speaking model are needed to build.

Everything is deterministic: styles follow from a hash of seed and content, encoders run on one
thread, and no clock, locale or global random state is read. Bytes still depend on the versions of
fonts, Pillow, FFmpeg and espeak-ng, and those of speech on the machine's arithmetic; hence the
manifest describes shipped files, not a recipe.
"""
