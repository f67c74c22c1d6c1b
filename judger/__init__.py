"""Uni-Judger: reads a model's reply and gives it two verdicts, contextual and intrinsic.

What belongs here: reading replies (`reply`, `media`), judges (`judges/`), the client that asks them
(`engine`, `client`, `cache`), verdicts and their grammar (`verdict`, `parts`), rates with intervals
(`rates`). The harness is known in one file only, `harness.py`. Nothing here imports
`uni_safe_tasks` or `leaderboard`.
"""

__distribution__ = "uni-safebench"
