"""`uni-safe rejudge`, `score` and `intents`: judging without generating again."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import typer

from judger.bridges.unscored import too_many_unscored
from judger.contract.settings import Settings, load
from judger.endpoint.budget import Budget
from judger.engine.session import Session
from judger.offline import intents as extractor
from judger.offline import replies
from judger.offline.batch import Summary
from judger.rates.calibration import warning
from leaderboard.runs.items import is_item, without_reply
from leaderboard.runs.rejudge import rejudge as rejudge_run
from leaderboard.runs.rejudge import slug
from leaderboard.runs.score import score_replies
from uni_safe_tasks.attacks.chosen import UNDER, asked_for
from uni_safe_tasks.suite.items import item as suite_item

#: The judge could not be asked to the end, or too much is unscored; what is done is kept.
STOPPED = 1

Run = Annotated[Path, typer.Argument(metavar="RUN", help="a run's folder, or one samples file")]
File = Annotated[Path, typer.Argument(metavar="FILE", help="JSON Lines (see docs/judge.md)")]
Out = Annotated[Path | None, typer.Option(help="where to write; a name beside the input if unset")]


@contextmanager
def judging(
    settings: Settings,
    announce: bool = True,
    unreadable: Literal["stop", "warn"] = "stop",
    budget: Budget | None = None,
) -> Iterator[Session]:
    """A session that was asked a harmless question and is closed in the end.

    `budget` is that of a command with several of them (`judger.endpoint.budget.one_account`).
    """
    session = Session(settings, budget)
    try:
        session.preflight(unreadable=unreadable)
        if announce and (said := warning(session.judge.identity)):
            typer.echo(said, err=True)
        yield session
    finally:
        session.close()


def judge_name(settings: Settings) -> str:
    """The judge as part of a folder's name: two judges of one run stand side by side."""
    mode = "" if settings.mode == "strict" else settings.mode
    variant = "" if settings.variant == "default" else settings.variant
    names = (settings.ensemble or settings.backend, settings.model, mode, variant)
    return slug("-".join(filter(None, names)))


def conclude(command: str, summary: Summary, settings: Settings) -> None:
    """Print what came of it; exit status 1 when the judge stopped or too much is unscored."""
    for outcome, count in summary.outcomes.most_common():
        typer.echo(f"{count:8d}  {outcome}")
    usage = summary.usage
    typer.echo(
        f"{summary.items} replies, {usage['calls']:.0f} calls ({usage['cached']:.0f} answers from "
        f"the cache), {usage['input_tokens']:.0f} + {usage['output_tokens']:.0f} tokens, "
        f"cost {usage['cost']:.4f}\nresults: {summary.results}"
    )
    if summary.stopped:
        typer.echo(
            f"uni-safe {command}: the judge stopped: {summary.stopped}; what was judged is kept, "
            "the rest has no verdict. Mend it and run the same command again.",
            err=True,
        )
        raise typer.Exit(STOPPED)
    cells = json.loads(summary.results.read_text(encoding="utf-8"))["results"]
    if why := too_many_unscored(cells, settings.max_unscored):
        typer.echo(f"uni-safe {command}: {why}", err=True)
        raise typer.Exit(STOPPED)


def rejudge(run: Run, out: Out = None) -> None:
    """Judge a run again with the judge that the environment names.

    Nothing is generated again. A killed command continues where it was: finished answers are in the
    judge's cache.

    Example: UNI_JUDGER_BACKEND=openai UNI_JUDGER_MODEL=m UNI_JUDGER_BASE_URL=http://127.0.0.1:8000/v1
    uni-safe rejudge logs/
    """
    settings = load()
    base = run.resolve()
    folder = out or base.with_name(f"{base.stem}-rejudged-{judge_name(settings)}")
    with judging(settings) as session:
        summary = rejudge_run(session, run, folder)
    conclude("rejudge", summary, settings)


def score(
    file: File,
    out: Out = None,
    name: Annotated[str, typer.Option(help="the model's name in the results")] = "",
    prompts: Annotated[
        Path | None,
        typer.Option(help="what was asked (`uni-safe prompts`): unanswered ones are `no_output`"),
    ] = None,
    attack: Annotated[str, typer.Option(help=UNDER)] = "",
) -> None:
    """Judge replies that were made anywhere, from a file of JSON Lines.

    A line names an item of the suite ({"item_id": ..., "reply": ...}) or brings its own request
    ({"prompt", "category", "task_type", "intent", "reply", "images": [...]}); paths are relative to
    the file. With --prompts every item that was asked is in the result, answered or not.

    Example: uni-safe score replies.jsonl --name my-model --prompts prompts/prompts.jsonl
    """
    settings, wrapper = load(), asked_for(attack)
    under = wrapper.name if wrapper else ""
    known = functools.partial(suite_item, attack=under)
    answered = replies.check(file, is_item, under)
    missing = replies.unanswered(prompts, answered, known, under) if prompts else ()
    if not prompts:
        say_what_is_missing(answered)
    base = file.resolve()
    model = name or base.stem
    name_of_it = "-".join(filter(None, (base.stem, under, "scored", judge_name(settings))))
    folder = out or base.with_name(name_of_it)
    with judging(settings) as session:
        session.progress.expect(len(answered) + len(missing))
        summary = score_replies(session, file, folder, model, missing, under)
    conclude("score", summary, settings)


def say_what_is_missing(answered: set[str]) -> None:
    """One line when the cells that replies were handed in for hold items without one."""
    missing, items = without_reply(answered)
    if missing:
        typer.echo(
            f"uni-safe score: {missing:,} of the {items:,} items of these cells have no reply and "
            "are in no count; with --prompts those that were asked are `no_output`.",
            err=True,
        )


def intents(file: File, out: Out = None) -> None:
    """Write down what lies behind each prompt that comes without an intent.

    Lines need a `prompt`; category, task_type and request_image help. Every line is kept, with its
    `intent`; one that has an intent is not asked about.

    Example: uni-safe intents prompts.jsonl --out with-intents.jsonl
    """
    target = out or file.with_name(f"{file.stem}.intents.jsonl")
    summary = extractor.extract(load(), file, target)
    typer.echo(f"{summary.written} intents written, {summary.kept} kept, {summary.calls} calls")
    for outcome, count in summary.failed.most_common():
        typer.echo(f"{count:8d}  without an intent: {outcome}", err=True)
    typer.echo(f"prompts: {target}")
    if summary.stopped or summary.failed:
        typer.echo(f"uni-safe intents: {summary.stopped or 'run it again to try those'}", err=True)
        raise typer.Exit(STOPPED)


def register(app: typer.Typer) -> None:
    """Hang the commands of this module under `uni-safe`."""
    for command in (rejudge, score, intents):
        app.command()(command)
