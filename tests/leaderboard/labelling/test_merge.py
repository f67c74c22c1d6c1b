"""Labels of several people: what is decided, what is not, how far they agree."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sklearn.metrics import cohen_kappa_score
from typer.testing import CliRunner, Result

from judger.offline.jsonl import LineError
from judger.validation import labels
from leaderboard.cli import app
from leaderboard.labelling import agree, answers, drawn
from leaderboard.labelling.merge import decided, merge
from tests.leaderboard.labelling import given


def command(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["label", "merge", *map(str, arguments)])


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (["safe"], "safe"),
        (["safe", "safe"], "safe"),
        (["safe", "unsafe"], None),
        (["safe", "unsafe", "safe"], "safe"),
        (["safe", "unsafe", "refusal"], None),
        (["safe", None], None),
        (["safe", None, "safe"], "safe"),
        ([None, None], None),
        ([None, None, "unsafe"], None),
        (["safe", "safe", "unsafe", "unsafe"], None),
    ],
)
def test_more_than_half_decide(said: list[str | None], expected: str | None) -> None:
    assert decided(said) == expected


def test_what_two_people_decide_and_leave_open(tmp_path: Path) -> None:
    given.sample(tmp_path)
    every = answers.read(
        [
            given.letters(tmp_path / "a.jsonl", "uuch", "Ann"),
            given.letters(tmp_path / "b.jsonl", "u?un", "Ben"),
        ]
    )
    made = merge(every, {item.id: item for item in given.items()})
    assert [(one.id, one.contextual, one.intrinsic) for one in made.labels] == [
        ("i0", "unsafe", "unsafe")
    ]
    assert made.disputed == {
        "i1": ["contextual", "intrinsic"],
        "i2": ["intrinsic"],
        "i3": ["contextual", "helped"],
    }


def test_a_third_decides_and_everything_stands_beside_the_label(tmp_path: Path) -> None:
    given.sample(tmp_path, "hb")
    files = [
        given.letters(tmp_path / "a.jsonl", "uh", "Ann"),
        given.letters(tmp_path / "b.jsonl", "sn", "Ben"),
        given.write(
            tmp_path / "c.jsonl",
            [given.line("i0", "u", "Cem", 30, note="names a person"), given.line("i1", "n", "Cem")],
        ),
    ]
    done = command(*files, "--out", tmp_path / "merged.jsonl")
    assert done.exit_code == 0, done.output
    first, second = labels.read(tmp_path / "merged.jsonl")
    assert (first.contextual, first.intrinsic, first.by) == ("unsafe", "unsafe", "Ann, Ben, Cem")
    assert [(one.by, one.contextual) for one in first.opinions] == [
        ("Ann", "unsafe"),
        ("Ben", "safe"),
        ("Cem", "unsafe"),
    ]
    assert first.opinions[2].note == "names a person" and first.at == "2026-11-27T10:30:00+00:00"
    assert (second.contextual, second.helped) == ("refusal", False)
    assert "Krippendorff's alpha of all 3" in done.output


def test_a_second_label_of_the_same_person_is_kept_and_the_last_counts(tmp_path: Path) -> None:
    given.sample(tmp_path, "h")
    first, changed = given.line("i0", "s", "Ann", 1), given.line("i0", "u", "Ann", 9)
    later = given.write(tmp_path / "later.jsonl", [first, changed])
    done = command(given.write(tmp_path / "a.jsonl", [first]), later, "--out", tmp_path / "m.jsonl")
    assert done.exit_code == 0, done.output
    assert "1 earlier labels of the same person are kept; the last counts" in done.output
    (made,) = labels.read(tmp_path / "m.jsonl")
    assert made.contextual == "unsafe"
    assert [one.contextual for one in made.opinions] == ["safe", "unsafe"]


def test_kappa_is_that_of_scikit_learn_and_cannot_tell_is_no_verdict(tmp_path: Path) -> None:
    ann, ben = "uusscrrsu?su", "ususcrsrus?u"
    paths = [
        given.letters(tmp_path / f"{by}.jsonl", said, by) for by, said in [("A", ann), ("B", ben)]
    ]
    found = {one.what: one for one in agree.between(answers.last(answers.read(paths)))}
    both = [(a, b) for a, b in zip(ann, ben, strict=True) if "?" not in (a, b)]
    for axis, place in (("contextual", 0), ("intrinsic", 1)):
        pairs = [(given.SAID[a][place], given.SAID[b][place]) for a, b in both]
        it = found[axis]
        assert (it.same.n, it.cannot_tell) == (10, 2)
        assert it.same.value == sum(a == b for a, b in pairs) / 10
        assert it.kappa.value == pytest.approx(cohen_kappa_score(*zip(*pairs, strict=True)))
        assert it.kappa.low is not None and it.kappa.value is not None
        assert it.kappa.low < it.kappa.value
    assert "helped" not in found, "nobody was asked that of a harmful request"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ({**given.line("i0", "u", "Ann"), "reply_sha256": "x"}, "another reply"),
        (given.line("i9", "u", "Ann"), "no item"),
        ({**given.line("i0", "u", "Ann"), "helped": "yes"}, "`helped` is for benign requests"),
        (given.line("i3", "s", "Ann"), "`helped` is for benign requests"),
    ],
)
def test_labels_of_something_else(tmp_path: Path, line: dict[str, str], says: str) -> None:
    every = answers.read([given.write(tmp_path / "a.jsonl", [line])])
    with pytest.raises(LineError, match=says):
        merge(every, {item.id: item for item in given.items()})


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"by": " "}, "needs a name"),
        ({"by": ""}, "by"),
        ({"at": "yesterday"}, "at"),
        ({"at": "2026-11-27T10:00:00"}, "at"),
        ({"contextual": "harmful"}, "contextual"),
        ({"intrinsic": "refusal"}, "intrinsic"),
        ({"contextual": "refusal", "helped": "yes"}, "contradicts itself"),
        ({"verdict": "safe"}, "verdict"),
    ],
)
def test_lines_that_are_no_label(tmp_path: Path, more: dict[str, str], says: str) -> None:
    path = given.write(tmp_path / "a.jsonl", [{**given.line("i0", "s", "Ann"), **more}])
    with pytest.raises(LineError, match=says):
        answers.read([path])


def test_one_person_alone_and_what_is_never_overwritten(tmp_path: Path) -> None:
    given.sample(tmp_path)
    one = given.letters(tmp_path / "a.jsonl", "us", "Ann")
    out = tmp_path / "merged.jsonl"
    done = command(one, "--out", out)
    assert "one person (Ann) labelled 2 items: no agreement known" in done.output
    assert "2 of them were labelled by one person alone" in done.output
    kept = out.read_bytes()
    again = command(one, "--out", out)
    assert again.exit_code == 2 and "never overwritten" in again.stderr
    assert out.read_bytes() == kept


@pytest.mark.parametrize(
    ("ben", "by", "says"),
    [
        ("s", "Ann", "'Ann' labelled i0 in both, and neither file holds the other's label"),
        ("u", "Ann", "two people need two names"),
        (" s", "Ann", ""),
        ("s", "ann", "'Ann' and 'ann' are spelt alike"),
        (" s", "Ａnn", "spelt alike"),
        ("s", "Anna", ""),
        (" ", "Ben", "b.jsonl: no labels"),
    ],
)
def test_whom_names_do_not_tell_apart(tmp_path: Path, ben: str, by: str, says: str) -> None:
    given.sample(tmp_path)
    first = given.write(tmp_path / "a.jsonl", [given.line("i0", "u", "Ann", 30)])
    done = command(first, given.letters(tmp_path / "b.jsonl", ben, by))
    assert (done.exit_code, says in done.stderr) == (2 if says else 0, True), done.output


def test_a_name_is_shown_as_it_was_typed_and_does_nothing(tmp_path: Path) -> None:
    given.sample(tmp_path)
    names = ("[bold]Ann[/bold]", "\x1b[31mBen")
    done = command(*(given.letters(tmp_path / f"{len(by)}.jsonl", "u", by) for by in names))
    assert "⟦U+001B⟧[31mBen and [bold]Ann[/bold]" in done.output and "\x1b" not in done.output


def test_a_target_that_exists_is_seen_before_anything_is_written(tmp_path: Path) -> None:
    given.sample(tmp_path)
    files = [given.letters(tmp_path / f"{by}.jsonl", said, by) for by, said in ("Au", "Bu")]
    (tmp_path / "third.html").write_text("")
    merged = tmp_path / "m.jsonl"
    done = command(*files, "--out", merged, "--disagreements", tmp_path / "third.html")
    assert done.exit_code == 2 and not merged.exists()


def test_the_disagreements_are_a_sheet_for_a_third(tmp_path: Path) -> None:
    given.sample(tmp_path)
    files = [
        given.letters(tmp_path / "a.jsonl", "usrh", "Annabella Quill"),
        given.letters(tmp_path / "b.jsonl", "ssr ", "Benedikt Oak"),
    ]
    third = tmp_path / "third.html"
    done = command(*files, "--disagreements", third)
    assert done.exit_code == 0, done.output
    page = third.read_text(encoding="utf-8")
    assert "1 item." in page and "Label what others disagree on" in page
    assert "Annabella" not in page and "Benedikt" not in page


def test_which_sample_it_was(tmp_path: Path) -> None:
    one = given.letters(tmp_path / "a.jsonl", "u", "Ann")
    none = command(one)
    assert none.exit_code == 2 and "none lies beside the labels" in none.stderr
    first = given.sample(tmp_path)
    first.with_name(f"other{drawn.ITEMS}").write_text(first.read_text())
    many = command(one)
    assert many.exit_code == 2 and "2 lie beside the labels" in many.stderr
    assert command(one, "--items", first).exit_code == 0


def test_an_opinion_that_cannot_tell_is_kept_as_it_is(tmp_path: Path) -> None:
    given.sample(tmp_path, "h")
    said = {"a": "s", "b": "?", "c": "s"}
    files = [given.letters(tmp_path / f"{by}.jsonl", one, by) for by, one in said.items()]
    assert command(*files, "--out", tmp_path / "m.jsonl").exit_code == 0
    (made,) = [json.loads(row) for row in (tmp_path / "m.jsonl").read_text().splitlines()]
    assert made["opinions"][1]["contextual"] == "cannot_tell" and made["contextual"] == "safe"
