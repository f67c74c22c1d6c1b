"""The static site as files: what is on it, that it is the same each time, and that it is inert."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from leaderboard.board.site import making
from leaderboard.board.site.build import Built, build
from leaderboard.board.site.render import PAPER
from leaderboard.cli import app
from leaderboard.submission.boards import BOARDS
from leaderboard.submission.facts import SUBMISSION
from tests.leaderboard.board.conftest import HOSTILE, Page
from tests.leaderboard.submissions import TEXT_ONLY, make


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_same_submissions_give_the_same_bytes(
    submissions: Path,
    site: tuple[Path, Built],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for folder, ending in (("rows", "html"), ("compare", "js")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"of_an_earlier_build.{ending}").write_text("")
    monkeypatch.setattr(making, "MANY", 2)  # with worker processes this time
    build(submissions, tmp_path)
    assert files(tmp_path) == files(site[0])


def test_what_is_written(site: tuple[Path, Built]) -> None:
    names = set(files(site[0]))
    pages = (*BOARDS, "index", "samples", "published", "items", "submit", "changelog")
    top = {*(f"{page}.html" for page in pages), "data.json", "data.csv"}
    assert {name for name in names if "/" not in name} == top
    # A page and a script for each listed row and for the sample; two scripts say what was asked.
    assert len(names) == len(top) + 5 + 5 + 2
    assert not site[1].left_out and len(site[1].tabs) == 2


MEDIA = ("audio", "video")


def test_pages_are_inert(site: tuple[Path, Built]) -> None:
    for name, data in files(site[0]).items():
        if not name.endswith(".html"):
            continue
        page = Page(data.decode())
        tags = [tag for tag, _ in page.elements]
        assert "iframe" not in tags and ("img" not in tags or name == "items.html")
        for tag, attributes in page.elements:
            assert not any(key.startswith("on") or key == "style" for key in attributes), name
            for key in ("href", "src"):
                link = attributes.get(key) or ""
                known = link.startswith(("data:", PAPER)) and tag in ("a", "link", "img", *MEDIA)
                assert known or not re.match(r"[a-z]+:|//", link), (name, tag, link)
        scripts = [dict(a) for tag, a in page.elements if tag == "script"]
        shown = name.removesuffix(".html") in (*BOARDS, "index", "samples")
        assert scripts == ([{}, {}] if shown else []), name


def test_style_and_script_are_allowed_by_their_hash(site: tuple[Path, Built]) -> None:
    text = (site[0] / "index.html").read_text()
    policy = re.search(r'Security-Policy" content="([^"]+)"', text)
    assert policy and "default-src 'none'" in policy[1] and "unsafe" not in policy[1]
    for tag in ("style", "script"):
        sources = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.S)
        assert sources
        for source in sources:
            digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
            assert f"sha256-{digest}" in policy[1]


def test_hostile_names_are_text(site: tuple[Path, Built]) -> None:
    page = Page((site[0] / "index.html").read_text())
    assert HOSTILE in page.text


def test_a_broken_submission_is_left_out_and_named(tmp_path: Path) -> None:
    root = tmp_path / "submissions"
    make(root, 0, model="org/good", name="Good", modalities=TEXT_ONLY)
    bad = make(root, 1, model="org/bad", name="Bad", modalities=TEXT_ONLY) / SUBMISSION
    bad.write_text(re.sub('"safe_safe": \\d+', '"safe_safe": 9', bad.read_text(), count=1))
    twice = make(root, 2, model="org/good", name="Good", modalities=TEXT_ONLY)
    options = ["--submissions", str(root), "--out", str(tmp_path / "site"), "--cache", "off"]
    said = CliRunner().invoke(app, ["leaderboard", "build", *options])
    assert said.exit_code == 1
    assert "left out: R04 SealedContent: org__bad/" in said.output
    assert "OneListedRow" in said.output and twice.name in said.output
    page = Page((tmp_path / "site" / "index.html").read_text())
    assert "Good" in page.text and "Bad" not in page.text


@pytest.mark.parametrize(
    ("states", "says"),
    [
        ({"listed": 2}, "2 rows: "),
        ({"sample": 1}, "1 row, 1 of them a sample, never ranked: "),
        ({"pending": 1}, "0 rows, 1 more not shown (pending or withdrawn): "),
    ],
)
def test_what_is_shown_and_what_is_not_yet_is_said(
    states: dict[str, int], says: str, tmp_path: Path
) -> None:
    root, number = tmp_path / "submissions", 0
    for state, count in states.items():
        for _ in range(count):
            name = f"org/m{number}"
            make(root, number, model=name, name=name, modalities=TEXT_ONLY, state=state)
            number += 1
    options = ["--submissions", str(root), "--out", str(tmp_path / "site"), "--cache", "off"]
    said = CliRunner().invoke(app, ["leaderboard", "build", *options])
    assert said.exit_code == 0 and said.output.splitlines()[-1].startswith(says), said.output


def test_commands_say_what_to_do(tmp_path: Path) -> None:
    runner = CliRunner()
    for command in ("validate", "build"):
        missing = ["leaderboard", command, "--submissions", str(tmp_path / "none")]
        said = runner.invoke(app, missing)
        assert said.exit_code == 2 and "is no folder of submissions" in said.output
    (tmp_path / "submissions").mkdir()
    options = ["--submissions", str(tmp_path / "submissions")]
    said = runner.invoke(app, ["leaderboard", "validate", *options, "--against", "no-such-state"])
    assert said.exit_code == 2 and "no folder and no git revision" in said.output
    said = runner.invoke(app, ["leaderboard", "validate", *options])
    assert said.exit_code == 0 and "0 submissions, 30 rules, 0 findings" in said.output
    out = ["--out", str(tmp_path / "site"), "--cache", str(tmp_path / "cache")]
    plain = runner.invoke(
        app, ["leaderboard", "build", *options, *out, "--repository", "javascript:x"]
    )
    assert plain.exit_code == 2 and "begins with https://" in plain.output
    assert runner.invoke(app, ["leaderboard", "build", *options, *out]).exit_code == 0
    assert "No row is listed yet" in (tmp_path / "site" / "index.html").read_text()
