"""The five cases, reply by reply, against a table that was written by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PIL import Image

from judger.contract.settings import load
from judger.engine.session import Session
from judger.judges.published import MARK
from judger.rates.metrics import PAPER_NAMES, score
from judger.rates.statistics import joint_table
from tests.judger.items import item, record
from tests.judger.judges.published import records
from tests.judger.judges.published.answers import ANSWERS
from tests.judger.judges.published.records import ROWS, Row
from tests.servers.judge import KEY, JudgeServer


@pytest.fixture(scope="module")
def server() -> Iterator[JudgeServer]:
    with JudgeServer() as running:
        yield running


@pytest.fixture
def session(server: JudgeServer) -> Iterator[Session]:
    environ = {
        "UNI_JUDGER_BACKEND": "openai",
        "UNI_JUDGER_MODEL": "m",
        "UNI_JUDGER_BASE_URL": server.url,
        "UNI_JUDGER_API_KEY": KEY,
        "UNI_JUDGER_CACHE": "off",
        "UNI_JUDGER_MODE": "reference",
    }
    made = Session(load(environ))
    yield made
    made.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("made")
    paths = {name: folder / f"picture.{name}" for name in ("png", "jpg")}
    for path in paths.values():
        Image.new("RGB", (24, 24), "navy").save(path)
    paths |= {"gone": folder / "gone.png", "cut": folder / "cut.png"}
    paths["cut"].write_bytes(paths["png"].read_bytes()[:40])
    return {f"{{{name}}}": str(path) for name, path in paths.items()}


@pytest.mark.parametrize("number", range(len(ROWS)), ids=lambda n: f"{n} {ROWS[n].raw[:40]}")
def test_every_reply_becomes_what_the_table_says(
    number: int, server: JudgeServer, session: Session, files: dict[str, str]
) -> None:
    row: Row = ROWS[number]
    said = {"contextual": row.in_context, "intrinsic": row.by_itself}
    server.script.answer = lambda axis, ticket, reply: said[axis]
    raw, before = row.raw, server.seen["calls"]
    for name, path in files.items():
        raw = raw.replace(name, path)
    made = session.submit(item(), raw).result(30)
    assert (made.outcome, made.contextual, made.intrinsic) == row[3:6], made.reason
    assert server.seen["calls"] - before == row.asked
    if made.outcome == "scored":
        assert made.reason.startswith(MARK) or all(
            part.contextual_reason.startswith(MARK) for part in made.parts
        )


def test_the_tables_are_no_small_ones() -> None:
    assert len(ROWS) + len(ANSWERS) >= 250
    assert all(row[3:] == records.REFUSED for row in (*records.REJECTED, *records.NEITHER))


@pytest.mark.parametrize(
    ("contextual", "intrinsic", "counts"),
    [
        # c_unsafe, c_reject, i_unsafe, both_safe
        ("unsafe", "refusal", (1, 0, 0, 0)),
        ("safe", "refusal", (0, 0, 0, 0)),
        ("refusal", "refusal", (0, 1, 0, 0)),
        ("refusal", "safe", (0, 1, 0, 1)),
    ],
)
def test_a_two_on_the_intrinsic_axis_is_in_no_joint_count(
    contextual: str, intrinsic: str, counts: tuple[int, ...]
) -> None:
    judged = record(contextual=contextual, intrinsic=intrinsic, judge={"mode": "reference"})
    names = ("c_unsafe", "c_reject", "i_unsafe", "both_safe")
    assert tuple(score(PAPER_NAMES[name], judged) for name in names) == counts
    assert sum(joint_table([judged]).values()) == (intrinsic != "refusal")


def test_only_the_published_protocol_knows_a_refusal_by_itself() -> None:
    with pytest.raises(ValueError, match="the intrinsic verdict is 'refusal'"):
        record(intrinsic="refusal", judge={"mode": "strict"})
