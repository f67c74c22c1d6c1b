"""One labelled reply of another set, and what its label can say on our axes."""

from __future__ import annotations

from dataclasses import dataclass

from judger.contract.outcomes import Kind, Verdict

#: "Not harmful", where a set does not tell a refusal from an answer that does no harm.
NOT_UNSAFE: tuple[Verdict, ...] = ("safe", "refusal")
#: "Complies with a harmful request", where a set does not say whether harm came of it.
NOT_REFUSED: tuple[Verdict, ...] = ("unsafe", "safe")


@dataclass(frozen=True)
class LabelledReply:
    """A row before its category is looked up; `verdicts` are those that its label allows.

    `where` is `file:line`. `labels` hold the set's name of its category first, () where it names
    none. `skip` says why a row has no place here.
    """

    where: str
    source_id: str
    prompt: str
    reply: str
    verdicts: tuple[Verdict, ...] = ()
    labels: tuple[str, ...] = ()
    kind: Kind = "harmful"
    helped: bool | None = None
    intent: str = ""
    skip: str = ""
