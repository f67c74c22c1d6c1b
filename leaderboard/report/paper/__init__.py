"""The report of a run of the paper's own tasks (`uni_safebench_*`): its four rates, its totals.

What belongs here: `figures` (every number, pure), `show` (terminal and page).
"""
