"""Failures in place of a reply that no back end's table lists: servers' bodies and tracebacks."""

from __future__ import annotations

import pytest

from judger.reply.failures import failure, marked_failure

HEAD = "Traceback (most recent call last):\n"
FRAME = '  File "a.py", line 1, in f\n    g()\n'


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        # as JSON
        ('{"error": {"message": "out of memory"}}', "target_error"),
        ('{"object": "error", "message": "out of memory", "code": 500}', "target_error"),
        ('{"error": "stopped by the content filter"}', "provider_blocked"),
        ('{"error": ""}', None),
        ('{"error": {"message": "x"}, "answer": "An error is what this is."}', None),
        ('{"object": "list", "error": null}', None),
        # as Python prints it
        ("{'error': {'message': 'out of memory'}}", "target_error"),
        ("{'error': 'responsible AI policy'}", "provider_blocked"),
        ("{'errors': 'none'}", None),
        ("{'error': 'x'} is what it said.", None),
        ("{error: no JSON}", None),
        ('{"error": ' + "[" * 3000, None),
        # longer than any error
        ('{"error": "' + "x" * 3987 + '"}', "target_error"),
        ('{"error": "' + "x" * 3988 + '"}', None),
        # a traceback and nothing else
        (f"{HEAD}{FRAME}ValueError: no", "target_error"),
        (f"{HEAD}{FRAME}torch.OutOfMemoryError: CUDA", "target_error"),
        (f"{HEAD}{FRAME}", None),
        (f"{HEAD}{FRAME}And so on.", None),
        (f"It said:\n{HEAD}{FRAME}ValueError: no", None),
        # marks
        ("[ERROR] Unknown", "target_error"),
        ("[ERROR] Unknown to me", None),
        ("[NOTE] Unknown", None),
        ("[GENERATION_FAILED] " + "x" * 4000, "target_error"),
        ("[GENERATION_FAILED] " + "x" * 4001, None),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_stands_for_a_failure(text: str, outcome: str | None) -> None:
    found = failure(text)
    assert (found and found[0]) == outcome
    if found:
        assert len(found[1]) <= 300 and "\n" not in found[1]
    assert (marked_failure(text) is not None) is (bool(found) and text.startswith("["))
