"""Speech: turns spoken by Kokoro-82M with espeak-ng's phonemes, noise behind them, Opus and back.

`sound` puts turns together, stores and decodes them; it needs the others only to speak. `voices`
maps the schema's voices and paces to the model's, `phonemes` and `kokoro` speak one turn, `noise`
makes what lies behind a recording, `fetch` installs the model. A run of the benchmark decodes
recordings and never speaks: neither model nor espeak-ng is a dependency of the package.
"""
