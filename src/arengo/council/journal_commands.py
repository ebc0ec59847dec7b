"""`arengo journal`: the journal of a sitting from the command line, from the database or a file."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from arengo.council.engine.board import public_board
from arengo.council.engine.chain import Entry, entry_line, read_entry, verify
from arengo.council.engine.errors import RuleBroken
from arengo.council.engine.events import Undone
from arengo.council.engine.fold import fold
from arengo.council.engine.guards import check, check_undo
from arengo.council.engine.state import State

DONE, BROKEN, ASKED_WRONGLY = 0, 1, 2
EXAMPLES = """esempi / examples:
  arengo journal export 0123456789abcdef > seduta.jsonl
  arengo journal verify seduta.jsonl           anche senza base dati / without a database too
  arengo journal replay 0123456789abcdef       lo stato finale / the final state
  arengo journal replay seduta.jsonl --until 120

SEDUTA è il codice nell'indirizzo della seduta, oppure un file esportato. / SEDUTA is the code in
the sitting's address, or an exported file. uscita / exit: 0 integro / whole, 1 alterato / broken,
2 non trovato o illeggibile / absent or unreadable
"""


class JournalAbsent(Exception):
    """There is no such journal, or its file cannot be read; the message is for people."""


def add_parsers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register `journal` on the whole command."""
    journal = commands.add_parser(
        "journal",
        help="il registro di una seduta / a sitting's journal",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = journal.add_subparsers(metavar="azione", required=True)
    for name, run, title in (
        ("export", export, "una riga JSON per fatto / one JSON line an event"),
        ("verify", check_chain, "controlla catena e regole / check chain and rules"),
        ("replay", replay, "ricostruisce lo stato / rebuild the state"),
    ):
        action = actions.add_parser(
            name, help=title, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        action.add_argument("sitting", metavar="SEDUTA")
        if name == "replay":
            action.add_argument("--until", type=int, metavar="N", help="fino alla riga N / up to N")
        action.set_defaults(run=run)


def export(arguments: argparse.Namespace) -> int:
    """Print the journal, one line of JSON an entry."""
    entries = _entries(arguments.sitting)
    if entries is None:
        return ASKED_WRONGLY
    for entry in entries:
        sys.stdout.write(entry_line(entry) + "\n")
    return DONE


def check_chain(arguments: argparse.Namespace) -> int:
    """Say whether the journal is whole, and whether each entry could follow those before it."""
    entries = _entries(arguments.sitting)
    if entries is None:
        return ASKED_WRONGLY
    found = verify(entries)
    if found:
        sys.stdout.write(f"Registro alterato alla riga {found.seq}: {found.why}.\n")
        return BROKEN
    broken = first_impossible(entries)
    if broken:
        sys.stdout.write(f"Riga {broken[0]} contro le regole: {broken[1]}\n")
        return BROKEN
    last = entries[-1].sha256 if entries else "—"
    sys.stdout.write(f"Registro integro: {len(entries)} righe, ultimo anello {last}\n")
    return DONE


def first_impossible(entries: list[Entry]) -> tuple[int, str] | None:
    """Return the first entry that the rules exclude, and why; None when every one could be."""
    state = State()
    for place, entry in enumerate(entries):
        try:
            if isinstance(entry.event, Undone):
                check_undo(entries[:place], entry.event)
            else:
                check(state, entry.event, entry.at)
        except RuleBroken as error:
            return entry.seq, str(error)
        is_undo = isinstance(entry.event, Undone)
        state = fold(entries[: place + 1]) if is_undo else fold([entry], state)
    return None


def replay(arguments: argparse.Namespace) -> int:
    """Print the state that the journal amounts to, as JSON."""
    entries = _entries(arguments.sitting)
    if entries is None:
        return ASKED_WRONGLY
    kept = [one for one in entries if arguments.until is None or one.seq <= arguments.until]
    if not kept:
        sys.stderr.write("Il registro è vuoto.\n")
        return ASKED_WRONGLY
    state = fold(kept)
    board = public_board(state, kept[-1].at, is_staff=True)
    sys.stdout.write(json.dumps(board, ensure_ascii=False, indent=1) + "\n")
    return DONE


def _entries(sitting: str) -> list[Entry] | None:
    """Return the entries of a file or of the database; None, having said why, without any."""
    try:
        path = Path(sitting)
        return list(_of_file(path)) if path.is_file() else _of_database(sitting)
    except JournalAbsent as error:
        sys.stderr.write(f"{error}\n")
        return None


def _of_file(path: Path) -> Iterator[Entry]:
    with path.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                yield read_entry(json.loads(line))
            except (ValueError, KeyError, TypeError, RuleBroken) as error:
                message = f"{path}, riga {number}: non è una riga di registro ({error})."
                raise JournalAbsent(message) from error


def _of_database(uid: str) -> list[Entry]:
    import django

    django.setup()
    from arengo.council.models import Sitting
    from arengo.council.queries.journal import read_journal

    sitting = Sitting.across.select_related("comune").filter(uid=uid).first()
    if sitting is None:
        message = f"Nessuna seduta «{uid}»: scrivi il codice che sta nel suo indirizzo, o un file."
        raise JournalAbsent(message)
    return read_journal(comune=sitting.comune, sitting=sitting)
