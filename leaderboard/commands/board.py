"""`uni-safe submit` and `uni-safe leaderboard validate | build | export`."""

from __future__ import annotations

import sys
from importlib.metadata import metadata
from pathlib import Path
from typing import Annotated

import typer
from tqdm import tqdm

from judger.contract.errors import UserError
from judger.contract.user_folders import user_cache
from judger.engine.provenance import DISTRIBUTION
from leaderboard.board.site.build import Built, build
from leaderboard.runs.read import load_run
from leaderboard.submission.facts import ATTESTATION
from leaderboard.submission.measured import SubmitError
from leaderboard.submission.rules import ALL_RULES
from leaderboard.submission.submit import About, write
from leaderboard.submission.submit import build as make_submission
from leaderboard.submission.validate import baseline_of, check_all, folders, read

SUBMISSIONS = Path("leaderboard/submissions")
Submissions = Annotated[
    Path, typer.Option(help="the folder that holds <organisation>__<model>/<id>/")
]
Folders = Annotated[
    list[Path], typer.Argument(metavar="RUN...", help="--output_path of the run, or of its phases")
]
#: What a submission needs and a run cannot know: option -> what to write there.
REQUIRED = {
    "model_id": "the model, as organisation/name",
    "model_revision": "its exact revision: a commit, a tag or a dated API version",
    "family": "llm, vlm, generator, open_unified or closed_unified",
    "weights": "open or closed",
    "inputs": "what it reads, comma-separated: text,image,audio,video",
    "outputs": "what it writes: text,image,audio,video",
    "submitter": "who hands this in",
    "generated_by": "who generated the replies",
    "judged_by": "who ran the judge",
}

board = typer.Typer(no_args_is_help=True, help="Check submissions, build the site, export rows.")


def _required(name: str) -> object:
    return typer.Option(help=f"{REQUIRED[name]} (required)")


def submit(
    run: Folders,
    model_id: Annotated[str, _required("model_id")] = "",
    model_revision: Annotated[str, _required("model_revision")] = "",
    family: Annotated[str, _required("family")] = "",
    weights: Annotated[str, _required("weights")] = "",
    inputs: Annotated[str, _required("inputs")] = "",
    outputs: Annotated[str, _required("outputs")] = "",
    submitter: Annotated[str, _required("submitter")] = "",
    generated_by: Annotated[str, _required("generated_by")] = "",
    judged_by: Annotated[str, _required("judged_by")] = "",
    attest: Annotated[
        bool, typer.Option("--attest", help="you say what `attestation` says (required)")
    ] = False,
    model_name: Annotated[str, typer.Option(help="name in tables [the id's last part]")] = "",
    base_model: Annotated[str, typer.Option(help="the language model it was built on")] = "",
    judge_revision: Annotated[
        str, typer.Option(help="exact revision of the judge (required where the run names none)")
    ] = "",
    calibration: Annotated[
        Path | None, typer.Option(help="the file that `uni-safe validate-judge` wrote")
    ] = None,
    sample: Annotated[
        bool, typer.Option("--sample", help="mark as a sample: shown, never ranked")
    ] = False,
    submissions: Submissions = SUBMISSIONS,
) -> None:
    """Make a submission of a run: verdicts, counts and hashes; no prompt, reply or picture.

    Example: uni-safe submit logs/ --model-id org/model --model-revision 1a2b3c4
    --family open_unified --weights open --inputs text,image --outputs text,image
    --submitter "A. Person" --generated-by "A. Lab" --judged-by "A. Lab" --attest
    """
    given = dict(locals())
    missing = [name for name in REQUIRED if not given[name]] + ["attest"] * (not attest)
    if missing:
        said = "".join(f"\n  {_option(name)}" for name in missing)
        typer.echo(f"uni-safe submit: these options are missing:{said}", err=True)
        raise typer.Exit(2)
    texts = {name: given[name] for name in REQUIRED if name not in ("inputs", "outputs")}
    about = About(
        **texts,
        inputs=_listed(inputs),
        outputs=_listed(outputs),
        model_name=model_name,
        base_model=base_model,
        judge_revision=judge_revision,
        calibration=calibration,
        state="sample" if sample else "pending",
    )
    loaded = load_run(run)
    if loaded.sentences:
        left = f"{len(loaded.sentences):,} items of unisafe_iso tasks"
        typer.echo(f"uni-safe submit: {left} are no part of a submission: left out", err=True)
    made, verdicts = make_submission(loaded, about)
    if (submissions / made.folder).exists():
        raise SubmitError(f"{submissions / made.folder} exists: this run was submitted before")
    measured = calibration.read_bytes() if calibration else None
    folder = write(submissions, made, verdicts, measured)
    typer.echo(f"{folder}\nnow check it: uni-safe leaderboard validate --submissions {submissions}")


def _option(name: str) -> str:
    said = REQUIRED.get(name, f"confirms: {ATTESTATION}")
    return f"--{name.replace('_', '-')}  {said}"


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


@board.command()
def validate(
    submissions: Submissions = SUBMISSIONS,
    against: Annotated[
        str, typer.Option(help="an accepted state: a folder, or a git revision such as origin/main")
    ] = "",
) -> None:
    """Hold every submission to the rules; exit 1 when any is broken.

    Example: uni-safe leaderboard validate --against origin/main
    """
    baseline = baseline_of(against, submissions) if against else None
    found = check_all(submissions, baseline)
    count = len(folders(submissions))
    for finding in found:
        typer.echo(str(finding))
    unsaid = "" if against else "; R20 AppendOnly not checked: no --against"
    said = f"{count} submissions, {len(ALL_RULES)} rules, {len(found)} findings"
    typer.echo(said + unsaid, err=True)
    raise typer.Exit(1 if found else 0)


@board.command("build")
def build_site(
    submissions: Submissions = SUBMISSIONS,
    out: Annotated[Path, typer.Option(help="the folder to write")] = Path("site"),
    repository: Annotated[
        str, typer.Option(help="address of the code, linked on the boards [the package's own]")
    ] = "",
    cache: Annotated[
        str, typer.Option(help="folder of what was made of each submission, or `off` [~/.cache]")
    ] = "",
) -> None:
    """Build the static site; a submission that breaks a rule is left out, and the exit is 1.

    Example: uni-safe leaderboard build --submissions leaderboard/submissions --out site
    """
    if repository and not repository.startswith("https://"):
        raise UserError(f"--repository {repository}: an address that begins with https://, please")
    with tqdm(unit=" submissions", file=sys.stderr, disable=None) as bar:
        made = build(
            submissions,
            out,
            lambda done: bar.update(done - bar.n),
            _cache(cache),
            repository or _source(),
        )
    for findings in made.left_out.values():
        more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
        typer.echo(f"left out: {findings[0]}{more}", err=True)
    typer.echo(f"{_shown(made)}: {(out / 'index.html').resolve()}")
    raise typer.Exit(1 if made.left_out else 0)


def _shown(made: Built) -> str:
    """What stands on the site, and what does not stand there yet."""
    samples = sum(row.submission.status.state == "sample" for row in made.rows)
    said = [f"{len(made.rows)} {'row' if len(made.rows) == 1 else 'rows'}"]
    said += [f"{samples} of them a sample, never ranked"] if samples else []
    said += [f"{made.hidden} more not shown (pending or withdrawn)"] if made.hidden else []
    return ", ".join(said)


def _source() -> str:
    """Where this distribution says that its code is; "" where it does not."""
    urls = metadata(DISTRIBUTION).get_all("Project-URL") or []
    found = (url.partition(", ")[2] for url in urls if url.startswith("Source, "))
    return next(found, "")


def _cache(named: str) -> Path | None:
    """Where it is kept what was made of a submission; None for `off`, or without a home."""
    if named:
        return None if named.lower() == "off" else Path(named)
    base = user_cache()
    return base / "uni_safe_board" if base else None


@board.command("export")
def export_row(
    submission: Annotated[Path, typer.Argument(help="a submission's folder")],
    dataset_id: Annotated[str, typer.Option(help="the data set on the Hub, organisation/name")],
    out: Annotated[Path, typer.Option(help="the folder to write")] = Path("exports"),
    url: Annotated[str, typer.Option(help="where the row is published; shown as the source")] = "",
) -> None:
    """Write a row for others: Hugging Face result files, a model-index, an Every Eval Ever record.

    Example: uni-safe leaderboard export leaderboard/submissions/org__model/20260202-0123456789ab
    --dataset-id org/uni-safebench
    """
    # Loaded where it is needed: an old huggingface_hub must not stop every other command.
    from leaderboard.board.exports import export

    case = read(submission.parent.parent, f"{submission.parent.name}/{submission.name}")
    paths = export(case, dataset_id, url, out)
    for path in paths:
        typer.echo(str(path))


def register(app: typer.Typer) -> None:
    """Hang the commands of this module under `uni-safe`."""
    app.command()(submit)
    app.add_typer(board, name="leaderboard")
