"""The published protocol (arXiv:2604.00547), for `UNI_JUDGER_MODE=reference`.

Only for reproducing and explaining a published number, never for making a new one. What belongs
here: `cases` (which of the five cases a reply is), `form` (how a judge is asked), `digit` (how its
answer is read), `comparison` (a strict judgement beside one of these). What the published code does
was read from it. The wording of the questions is ours (templates/judger/reference); only that
differs. Its errors read as answers are not followed: a call that failed is `judge_error` here, too.

Records of this mode carry `mode: reference` and `backend: reference`; their reasons begin with
`MARK`.
"""

from __future__ import annotations

MARK = "reference protocol: "
