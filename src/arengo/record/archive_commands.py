"""`arengo search` and `arengo archive`: what was said in the closed sittings, from the terminal."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from arengo.council.engine.search import SearchUnreadable
from arengo.kernel.errors import DomainError
from arengo.record import import_commands
from arengo.record.commands import ASKED_WRONGLY, DONE, FAILED, SittingAbsent, find_sitting

if TYPE_CHECKING:
    from arengo.record.queries.search import Hit

EXAMPLES = """esempi / examples:
  arengo search pero '"via Sempione"'
  arengo search pero 'rifiuti persona:Rossi dal:2026' --page 2
  arengo archive import /mnt/consigli --comune pero     vecchie registrazioni / old recordings
  arengo archive index 0123456789abcdef        rimette la seduta in archivio / index it again

uscita / exit: 0 trovato o fatto / found or done, 1 niente / nothing, 2 chiesto male / asked wrongly
"""


def add_parsers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register `search` and `archive` on the whole command."""
    raw = argparse.RawDescriptionHelpFormatter
    search = commands.add_parser(
        "search",
        help="cerca nelle sedute concluse / search closed sittings",
        epilog=EXAMPLES,
        formatter_class=raw,
    )
    search.add_argument("comune", metavar="COMUNE", help="come nell'indirizzo / as in the address")
    search.add_argument("text", metavar="TESTO")
    search.add_argument("--page", type=int, default=1, metavar="N")
    search.set_defaults(run=run_search)
    archive = commands.add_parser(
        "archive",
        help="l'archivio delle sedute / the archive of sittings",
        epilog=EXAMPLES,
        formatter_class=raw,
    )
    actions = archive.add_subparsers(metavar="azione", required=True)
    index = actions.add_parser(
        "index", help="rimette una seduta in archivio / index a sitting again"
    )
    index.add_argument("sitting", metavar="SEDUTA")
    index.set_defaults(run=run_index)
    import_commands.add_parser(actions)


def run_search(arguments: argparse.Namespace) -> int:
    """Print what was found, one passage a paragraph, the latest first."""
    import django

    django.setup()
    from arengo.kernel.access import get_comune
    from arengo.record.queries.search import search

    try:
        comune = get_comune(arguments.comune)
        found = search(comune=comune, text=arguments.text, page=arguments.page)
    except (DomainError, SearchUnreadable) as error:
        sys.stderr.write(f"{error}\n")
        return ASKED_WRONGLY
    if not found.total:
        sys.stdout.write("Niente trovato.\n")
        return FAILED
    total = f"più di {found.total}" if found.is_more else str(found.total)
    sys.stdout.write(f"Trovati {total}, pagina {found.page} di {found.pages}.\n")
    sys.stdout.write("".join(_told(comune.slug, found.hits)))
    return DONE


def _told(slug: str, hits: Sequence[Hit]) -> list[str]:
    return [
        f"\n{hit.passage.sitting.scheduled_at:%Y-%m-%d} {hit.clock if hit.second is not None else ''} "
        f"{hit.passage.speaker or hit.passage.item_title}\n"
        f"{''.join(f'[{text}]' if is_found else text for text, is_found in hit.pieces)}\n"
        f"/{slug}/sedute/{hit.passage.sitting.uid}/\n"
        for hit in hits
    ]


def run_index(arguments: argparse.Namespace) -> int:
    """Put a closed sitting in the archive again, whole."""
    try:
        sitting = find_sitting(arguments.sitting)
        from arengo.record.archive import index_sitting
        from arengo.record.decisions import keep_decisions
        from arengo.record.passages import passages_of

        pieces = passages_of(comune=sitting.comune, sitting=sitting)
        count = index_sitting(comune=sitting.comune, sitting=sitting, passages=pieces)
        keep_decisions(comune=sitting.comune, sitting=sitting)
    except (SittingAbsent, DomainError) as error:
        sys.stderr.write(f"{error}\n")
        return ASKED_WRONGLY
    sys.stdout.write(f"In archivio: {count} brani.\n")
    return DONE
