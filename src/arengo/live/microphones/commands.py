"""`arengo microphones listen|simulate`: the adapter and its simulator from the command line."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from arengo.live.microphones.errors import MicrophonesError, ScriptUnreadable
from arengo.live.microphones.listener import HOST, PORT, OnEvent, listen
from arengo.live.microphones.record import as_json, read_seats
from arengo.live.microphones.scribe import Scribe, this_sitting
from arengo.live.microphones.simulator import (
    ByTcp,
    ByUdp,
    Change,
    play,
    read_script,
    script_of_turns,
)

if TYPE_CHECKING:
    from arengo.live.microphones.intake import MicrophoneEvent

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

EXAMPLES = """esempi / examples:
  arengo microphones listen --seats posti.csv                  scrive gli eventi / prints events
  arengo microphones listen --seats posti.csv --folder var/sittings/015170/UID
  arengo microphones listen --host 192.0.2.10 --from 192.0.2.20
  arengo microphones simulate --speed 10                       la seduta di prova / the demo sitting
  arengo microphones simulate --script copione.txt --udp

Protocollo e tabella dei posti: docs/reference/microphones.md. / Protocol and table of seats there.
stato d'uscita / exit status: 0 fatto / done, 1 non si può / cannot be done
"""


def add_parsers(commands: Subparsers) -> None:
    """Register `microphones` on the whole command."""
    whole = _parser(commands, "microphones", "i microfoni della sala / the hall's microphones")
    actions = whole.add_subparsers(metavar="azione", required=True)
    _add_listen(actions)
    _add_simulate(actions)


def _add_listen(actions: Subparsers) -> None:
    parser = _parser(actions, "listen", "ascolta il sistema microfonico / listen to the system")
    parser.add_argument("--host", default=HOST, help=f"indirizzo / address ({HOST})")
    parser.add_argument("--port", type=int, default=PORT, help=f"porta / port ({PORT})")
    parser.add_argument(
        "--seats", type=Path, metavar="CSV", help="posti e persone / who sits where"
    )
    parser.add_argument(
        "--folder", type=Path, help="cartella della seduta; senza, a video / sitting's folder"
    )
    parser.add_argument(
        "--from",
        dest="allow",
        action="append",
        default=[],
        metavar="IP",
        help="chi può parlare, ripetibile / who may speak, repeatable",
    )
    parser.set_defaults(run=run_listen)


def _add_simulate(actions: Subparsers) -> None:
    parser = _parser(actions, "simulate", "recita un copione / play a script")
    parser.add_argument("--host", default=HOST, help=f"indirizzo / address ({HOST})")
    parser.add_argument("--port", type=int, default=PORT, help=f"porta / port ({PORT})")
    parser.add_argument(
        "--script", type=Path, metavar="FILE", help="senza, la seduta di prova / else the demo"
    )
    parser.add_argument(
        "--speed", type=float, default=1.0, help="quante volte più in fretta / times"
    )
    parser.add_argument("--udp", action="store_true", help="UDP invece di TCP / instead of TCP")
    parser.set_defaults(run=run_simulate)


def _parser(commands: Subparsers, name: str, title: str) -> argparse.ArgumentParser:
    return commands.add_parser(
        name,
        help=title,
        description=title,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def run_listen(arguments: argparse.Namespace) -> int:
    """Listen until interrupted; 1 when the port or the table cannot be used."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    return _told(lambda: asyncio.run(_listen(arguments)))


async def _listen(arguments: argparse.Namespace) -> None:
    seats = read_seats(arguments.seats) if arguments.seats else {}
    listener = await listen(
        arguments.host, arguments.port, _sink(arguments.folder), seats=seats, allow=arguments.allow
    )
    sys.stderr.write(f"In ascolto su {arguments.host}:{listener.port}, TCP e UDP.\n")
    await until_told()
    listener.close()


async def until_told() -> None:
    """Wait for SIGTERM or Ctrl-C."""
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    await ended.wait()


def _sink(folder: Path | None) -> OnEvent:
    if folder is None:
        return _print
    if not folder.is_dir():
        raise MicrophonesError(f"La cartella della seduta {folder} non c'è.")
    return Scribe(partial(this_sitting, folder))


def _print(event: MicrophoneEvent) -> None:
    sys.stdout.write(json.dumps(as_json(event), ensure_ascii=False) + "\n")
    sys.stdout.flush()


def run_simulate(arguments: argparse.Namespace) -> int:
    """Play the script to its end; 1 when it cannot be read."""
    return _told(lambda: asyncio.run(_simulate(arguments)))


async def _simulate(arguments: argparse.Namespace) -> None:
    if not arguments.speed > 0:
        raise ScriptUnreadable("--speed vuole un numero maggiore di zero.")
    script = _script(arguments.script) if arguments.script else demo_script()
    way = (ByUdp if arguments.udp else ByTcp)(arguments.host, arguments.port)
    sent = await play(script, way, speed=arguments.speed)
    way.close()
    sys.stderr.write(f"Inviate {sent} righe.\n")


def _script(path: Path) -> tuple[Change, ...]:
    try:
        return read_script(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ScriptUnreadable(f"Il copione {path} non si legge: {error}.") from error


def demo_script() -> tuple[Change, ...]:
    """Return the demo sitting: each turn opens the microphone of its speaker's seat."""
    from arengo.live.demo.reference import load_reference

    reference = load_reference()
    seats = {name: str(number) for number, name in enumerate(reference.roster, start=1)}
    return script_of_turns(
        [(turn.start, turn.end, seats[turn.speaker]) for turn in reference.turns]
    )


def _told(work: Callable[[], None]) -> int:
    try:
        work()
    except MicrophonesError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0
