"""`arengo transcribe SEDUTA`: a closed sitting heard again, its differences proposed."""

from __future__ import annotations

import argparse
import re

from arengo.kernel.errors import DomainError
from arengo.live.hearing import commands as hearing
from arengo.live.hearing.recogniser import HearingError
from arengo.record.commands import ASKED_WRONGLY, DONE, FAILED, SittingAbsent, find_sitting

UID = re.compile(r"[0-9a-f]{16}")


def extend(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Let `transcribe` take the code of a sitting in place of a file."""
    parser = commands.choices["transcribe"]
    parser.set_defaults(run=run_transcribe)
    parser.epilog = (
        "  arengo transcribe 0123456789abcdef      una seduta conclusa, riascoltata: le differenze\n"
        "                                          diventano proposte / a closed sitting, again\n"
        f"{parser.epilog}"
    )


def run_transcribe(arguments: argparse.Namespace) -> int:
    """Transcribe a file, or hear a sitting again where there is no such file."""
    if arguments.file.exists() or not UID.fullmatch(str(arguments.file)):
        return hearing.transcribe(arguments)
    from rich.console import Console
    from rich.markup import escape

    console = Console(stderr=True, highlight=False)
    try:
        count = _heard_again(str(arguments.file))
    except (SittingAbsent, DomainError) as error:
        console.print(f"[red]{escape(str(error))}[/]", soft_wrap=True)
        return ASKED_WRONGLY
    except HearingError as error:
        console.print(f"[red]{escape(str(error))}[/]", soft_wrap=True)
        return FAILED
    console.print(f"Proposte da guardare: {count}.")
    return DONE


def _heard_again(uid: str) -> int:
    sitting = find_sitting(uid)
    from arengo import config
    from arengo.kernel.executor import executor
    from arengo.record.heard import timing_in
    from arengo.record.second_pass import hear_again

    folder = config.load().sitting_folder(sitting.comune_id, uid)
    with (
        executor() as working,
        hearing._progress("riascolto", timing_in(folder).duration_s) as told,
    ):
        return hear_again(comune=sitting.comune, sitting=sitting, working=working, on_progress=told)
