"""A PostgreSQL of its own for one run of the tests, from Debian's package."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

INSTALLED = Path("/usr/lib/postgresql")  # a folder a version: 15/bin
# Nothing here must outlive a crash, so nothing waits for the disk.
OPTIONS = "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off"


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server that listens on a socket in its own folder only."""

    folder: Path

    @property
    def url(self) -> str:
        """Where Arengo finds it (`ARENGO_DATABASE_URL`)."""
        return f"postgres://arengo@{quote(str(self.folder), safe='')}/arengo"

    def stop(self) -> None:
        """End the server and delete everything."""
        _as_postgres(["pg_ctl", "stop", "-D", str(self.folder / "data"), "-m", "immediate"])
        shutil.rmtree(self.folder)


def start() -> Cluster:
    """Start a server; it needs a second or two."""
    folder = Path(tempfile.mkdtemp(prefix="arengo-postgresql-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")  # it refuses to run as root
    data = str(folder / "data")
    _as_postgres(["initdb", "-D", data, "-U", "arengo", "--auth=trust", "-E", "UTF8", "-N"])
    options = f"{OPTIONS} -k {folder}"
    log = str(folder / "log")
    _as_postgres(["pg_ctl", "start", "-w", "-D", data, "-l", log, "-o", options])
    _as_postgres(["createdb", "-h", str(folder), "-U", "arengo", "arengo"])
    return Cluster(folder)


def _as_postgres(command: Sequence[str]) -> None:
    words = [str(_newest() / command[0]), *command[1:]]
    if os.geteuid() == 0:
        words = ["runuser", "-u", "postgres", "--", *words]
    subprocess.run(words, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd="/")


def _newest() -> Path:
    versions = sorted(INSTALLED.glob("*/bin"), key=lambda folder: int(folder.parent.name))
    if not versions:
        message = "PostgreSQL is missing: apt-get install -y postgresql"
        raise SystemExit(message)
    return versions[-1]
