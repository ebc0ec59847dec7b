"""`arengo archive import`: old recordings of a Comune, from a folder into its archive."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from arengo.kernel.errors import DomainError
from arengo.record.commands import ASKED_WRONGLY, DONE, FAILED

if TYPE_CHECKING:
    from arengo.record.importing import Result
    from arengo.record.models import PastRecording

EXAMPLES = """esempi / examples:
  arengo archive import /mnt/consigli --comune pero
  arengo archive import /mnt/consigli --comune pero --manifest elenco.csv
  ARENGO_EXECUTOR=ray arengo archive import /mnt/consigli --comune pero

Sottotitoli con lo stesso nome (.vtt, .srt) vengono usati; senza, la registrazione è trascritta.
Interrotto, lo stesso comando riprende. / Captions of the same name are used; else it is heard.
uscita / exit: 0 tutto in archivio / all in, 1 qualcosa no / some not, 2 chiesto male / asked wrongly
"""


def add_parser(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register `import` under `archive`."""
    parser = actions.add_parser(
        "import",
        help="porta in archivio le registrazioni di una cartella / bring old recordings in",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", metavar="CARTELLA", type=Path)
    parser.add_argument("--comune", required=True, help="come nell'indirizzo / as in the address")
    parser.add_argument(
        "--manifest", metavar="CSV", type=Path, help="elenco di file, date, titoli / list of files"
    )
    parser.set_defaults(run=run_import)


def run_import(arguments: argparse.Namespace) -> int:
    """Bring in a folder; 1 where some recording was left out."""
    import django

    django.setup()
    from arengo.kernel.access import get_comune
    from arengo.kernel.executor import ExecutorUnknown, executor
    from arengo.record.importing import bring_in, survey

    console = Console(stderr=True, highlight=False)
    try:
        comune = get_comune(arguments.comune)
        found = survey(arguments.folder, arguments.manifest)
        with executor() as working, _bars(console) as told:
            result = bring_in(
                comune=comune,
                folder=arguments.folder,
                found=found,
                executor=working,
                on_progress=told,
            )
    except (DomainError, ExecutorUnknown) as error:
        console.print(f"[red]{escape(str(error))}[/]", soft_wrap=True)
        return ASKED_WRONGLY
    _tell(console, result)
    return FAILED if result.failed or result.problems else DONE


@contextmanager
def _bars(console: Console) -> Iterator[Callable[[PastRecording], None]]:
    """Show a bar for each recording that is being brought in, with the time left."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(),
    )
    bars: dict[tuple[int, str], TaskID] = {}
    with Progress(*columns, console=console) as progress:

        def told(recording: PastRecording) -> None:
            key = (recording.pk, recording.state)
            if key not in bars:
                label = f"{escape(recording.name)}: {recording.get_state_display().lower()}"
                bars[key] = progress.add_task(label, total=recording.duration_s or None)
            total = recording.duration_s or None
            progress.update(bars[key], completed=recording.done_s, total=total)

        yield told


def _tell(console: Console, result: Result) -> None:
    for problem in result.problems:
        console.print(f"[yellow]{escape(problem)}[/]", soft_wrap=True)
    for one in result.failed:
        console.print(f"[red]{escape(one.name)}: {escape(one.problem)}[/]", soft_wrap=True)
    for one in result.done:
        if one.problem:
            console.print(f"[yellow]{escape(one.problem)}[/]", soft_wrap=True)
    console.print(
        f"In archivio: {len(result.done)} nuove, {len(result.known)} già presenti, "
        f"{len(result.failed)} non importate."
    )
