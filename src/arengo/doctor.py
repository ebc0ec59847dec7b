"""`arengo doctor`: what is missing on this machine, and the line that mends it."""

from __future__ import annotations

import argparse
import shutil
import socket
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import dataclass

from rich.console import Console

from arengo.config import REPOSITORY, Config, load

GIB = 1 << 30
DISK_GIB = 20
DEBIAN = "sudo apt-get install --no-install-recommends"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `remedy` is a line to type or what to do."""

    what: str
    is_well: bool
    detail: str
    remedy: str = ""
    is_needed: bool = True


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `arengo doctor`."""
    doctor = commands.add_parser(
        "doctor",
        help="che cosa manca su questa macchina / what is missing on this machine",
        epilog="esempio / example:\n  arengo doctor && arengo serve",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    doctor.set_defaults(run=lambda _: run())


def run() -> int:
    """Print every finding; 1 when something needed is missing."""
    console = Console()
    findings = [look(load()) for look in LOOKS]
    for found in findings:
        sign = (
            "[green]sì [/]"
            if found.is_well
            else "[red]NO [/]"
            if found.is_needed
            else "[yellow]no [/]"
        )
        console.print(f"{sign} {found.what}: {found.detail}", highlight=False)
        if not found.is_well and found.remedy:
            console.print(f"      {found.remedy}", highlight=False)
    return 0 if all(found.is_well or not found.is_needed for found in findings) else 1


def _python(config: Config) -> Finding:
    is_well = sys.version_info >= (3, 11)
    return Finding("Python 3.11 o più", is_well, sys.version.split()[0], f"{DEBIAN} python3")


def _sqlite(config: Config) -> Finding:
    is_well = sqlite3.sqlite_version_info >= (3, 31)
    return Finding("SQLite 3.31 o più", is_well, sqlite3.sqlite_version, f"{DEBIAN} libsqlite3-0")


def _disk(config: Config) -> Finding:
    place = config.data if config.data.exists() else config.data.parent
    free = shutil.disk_usage(place).free / GIB
    return Finding(
        f"almeno {DISK_GIB} GiB liberi",
        free >= DISK_GIB,
        f"{free:.0f} GiB in {place}",
        "Liberare spazio, o mettere i dati altrove con ARENGO_DATA=/cartella.",
    )


def _model(config: Config) -> Finding:
    from arengo.live.hearing import models
    from arengo.live.hearing.recogniser import HearingError

    try:
        models.verify(models.named(models.DEFAULT), config.models / models.DEFAULT)
    except HearingError as error:
        detail = str(error).splitlines()[0]
        return Finding("modello del parlato", False, detail, "arengo models fetch whisper-base")
    return Finding("modello del parlato", True, "whisper-base, sha256 verificato")


def _program(name: str, why: str) -> Callable[[Config], Finding]:
    def look(config: Config) -> Finding:
        path = shutil.which(name)
        return Finding(
            f"{name} ({why})",
            path is not None,
            path or "assente",
            f"{DEBIAN} {name}",
            is_needed=False,
        )

    return look


def _port(name: str, attribute: str) -> Callable[[Config], Finding]:
    def look(config: Config) -> Finding:
        port = getattr(config, attribute)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((config.host, port))
            except OSError:
                return Finding(
                    f"porta {port}",
                    False,
                    "occupata (forse da arengo stesso)",
                    f"Se non è arengo, scegliere un'altra porta: {name}=NUMERO",
                    is_needed=False,
                )
        return Finding(f"porta {port}", True, "libera")

    return look


def _assets(config: Config) -> Finding:
    path = REPOSITORY / "src" / "arengo" / "web" / "static" / "vendor"
    return Finding("stile e caratteri delle pagine", path.exists(), str(path), "make assets")


LOOKS: tuple[Callable[[Config], Finding], ...] = (
    _python,
    _sqlite,
    _disk,
    _model,
    _assets,
    _program("ffmpeg", "sorgenti SRT e RTSP"),
    _program("nginx", "più di cinquanta spettatori"),
    _port("ARENGO_PORT", "door_port"),
    _port("ARENGO_RTMP_PORT", "rtmp_port"),
)
