"""From records to a published number: runs, statistics, reports, submissions, the board.

What belongs here: reading runs (`runs`), the report, comparisons, submissions and their rules, the
static site, and the `uni-safe` command. It may import `judger` and `uni_safe_tasks`.
"""

__distribution__ = "uni-safebench"
