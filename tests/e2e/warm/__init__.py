"""Commands in forks of a process that has imported what they import: a second, not ten, each.

`client.py` starts one such process for each of pytest's, `server.py` is what runs in it.
"""
