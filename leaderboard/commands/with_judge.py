"""`uni-safe with-judge`: a command with a judge that is there for as long as it runs."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from typing import Annotated

import typer

from judger.contract.settings import PREFIX, SettingsError, load
from judger.judges.registry import form_of
from leaderboard.serving.engines import AUTO, BIN, ENGINES, HOST, Engine, choose
from leaderboard.serving.keeper import GRACE
from leaderboard.serving.server import Interrupted, ServerError, free_port, serving

#: The command could not be started: the words of a shell for it.
NOT_FOUND = 127

Model = Annotated[
    str, typer.Argument(metavar="MODEL", help="a folder, a GGUF file, or a name on a hub")
]
Command = Annotated[list[str], typer.Argument(metavar="-- COMMAND...", help="what to run")]


def with_judge(
    model: Model,
    command: Command,
    engine: Annotated[str, typer.Option(help=f"{AUTO}, {', '.join(ENGINES)}")] = AUTO,
    backend: Annotated[str, typer.Option(help="`openai`, or the guard's name")] = "openai",
    modalities: Annotated[str, typer.Option(help="what it takes, such as text,image")] = "text",
    server_arg: Annotated[
        list[str] | None, typer.Option(help="passed on to the server; may be repeated")
    ] = None,
    patience: Annotated[
        float, typer.Option(min=1, max=86_400, help="seconds until it must answer")
    ] = 900.0,
) -> None:
    """Start a judge with a server that is installed here, run COMMAND with it, stop it.

    COMMAND finds the judge in its environment (UNI_JUDGER_…): a run of lmms_eval, `uni-safe
    rejudge`, `uni-safe validate-judge`. What you set there yourself stays. The server ends in every
    case; when it fails, the end of its log is shown.

    Example: uni-safe with-judge Qwen/Qwen3Guard-Gen-0.6B --backend qwen3guard -- uni-safe rejudge
    runs/mine
    """
    if form_of(backend) is None:
        raise SettingsError(f"--backend {backend!r} is asked over no network; it needs no server")
    port = free_port()
    chosen, start = choose(engine, model, port, server_arg or ())
    # What is installed beside us is found by name, also from an environment not activated.
    found = {"PATH": os.pathsep.join((str(BIN), os.environ.get("PATH", os.defpath)))}
    # A large model takes minutes to load: what can be wrong without it is said before.
    url = f"http://{HOST}:{port}/v1"
    load({**os.environ, **environment(url, model, chosen, backend, modalities)})
    if shutil.which(command[0], path=found["PATH"]) is None:
        typer.echo(f"uni-safe with-judge: {command[0]}: no such command", err=True)
        raise typer.Exit(NOT_FOUND)
    typer.echo(f"uni-safe with-judge: {shlex.join(start)}", err=True)
    status = 1
    try:
        with serving(start, port, model, patience) as server:
            found |= environment(server.base_url, server.model, chosen, backend, modalities)
            status = _run(command, {**os.environ, **found})
            if not server.alive:
                said = f"uni-safe with-judge: the server ended; its log:{server.tail()}"
                typer.echo(said, err=True)
                status = status or 1
    except ServerError as error:
        typer.echo(f"uni-safe with-judge: {error}; its log:{error.log}", err=True)
        status = 2
    except KeyboardInterrupt:
        status = 130
    except Interrupted as interrupted:
        status = 128 + interrupted.number
    raise typer.Exit(status)


def environment(
    base_url: str,
    model: str,
    engine: Engine,
    backend: str,
    modalities: str,
    environ: Mapping[str, str] = os.environ,
) -> dict[str, str]:
    """The judge's variables. Who it is is ours to say; how it is asked, the user's where set."""
    ours = {
        "BACKEND": backend,
        "MODEL": model,
        "BASE_URL": base_url,
        "API_KEY": "none",
        "MODALITIES": modalities,
        "ENSEMBLE": "",
    }
    patient = {"CONCURRENCY": "2", "TIMEOUT": "600", "DEADLINE": "3600"} if engine.slow else {}
    kept = {name: value for name, value in patient.items() if not environ.get(PREFIX + name)}
    return {PREFIX + name: value for name, value in {**ours, **kept}.items()}


def _run(command: list[str], environ: Mapping[str, str]) -> int:
    """Run the command in the foreground; a signal that ends us ends it, too."""
    try:
        child = subprocess.Popen(command, env=dict(environ))
    except OSError as error:
        typer.echo(f"uni-safe with-judge: {command[0]}: {error.strerror}", err=True)
        return NOT_FOUND
    try:
        status = child.wait()
    except BaseException as interrupt:
        _end(child, asked=isinstance(interrupt, KeyboardInterrupt))
        raise
    return status if status >= 0 else 128 - status


def _end(child: subprocess.Popen[bytes], asked: bool) -> None:
    """End the command. A terminal's Ctrl-C has `asked` it already: it may tidy up first."""
    for ask in (None if asked else child.terminate, child.terminate, child.kill):
        if ask is not None:
            ask()
        try:
            child.wait(GRACE)
            return
        except subprocess.TimeoutExpired:
            continue


def register(app: typer.Typer) -> None:
    """Hang the command of this module under `uni-safe`."""
    app.command(name="with-judge")(with_judge)
