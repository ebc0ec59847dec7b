"""What an installation can set, read once from the environment.

Every process reads this, Django's settings among them; studio and hearing read
nothing else, so that they start with no database and no Django.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Microphones:
    """Where the hall's microphones announce themselves; `port` is 0 where none do.

    `seats` is the table of who sits where; `allow` are the addresses that may speak, which open
    the port on the installation's address instead of the loopback alone.
    """

    port: int = 0
    seats: Path | None = None
    allow: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of an installation; ports are on `host`."""

    data: Path
    host: str
    door_port: int
    web_port: int
    studio_port: int
    rtmp_port: int
    models: Path
    microphones: Microphones = field(default_factory=lambda: Microphones())

    @property
    def sittings(self) -> Path:
        """Folder of all sittings: `<istat_code>/<sitting uid>/`."""
        return self.data / "sittings"

    def sitting_folder(self, istat_code: str, uid: str) -> Path:
        """Return the folder that holds every file of one sitting."""
        return self.sittings / istat_code / uid

    def secret(self) -> bytes:
        """Return the installation's secret, made at first use and readable by its owner only."""
        path = self.data / "secret.key"
        try:
            return path.read_bytes()
        except FileNotFoundError:
            self.data.mkdir(parents=True, exist_ok=True)
            value = secrets.token_urlsafe(48).encode()
            draft = path.with_name(f"secret.key.{os.getpid()}")
            draft.touch(mode=0o600)
            draft.write_bytes(value)
            try:
                os.link(draft, path)  # the first process wins, the others read its secret
            except FileExistsError:
                pass
            finally:
                draft.unlink()
            return path.read_bytes()


def load() -> Config:
    """Read the environment (`ARENGO_…`, see docs/reference/settings.md)."""
    data = Path(os.environ.get("ARENGO_DATA", REPOSITORY / "var")).resolve()
    return Config(
        data=data,
        host=os.environ.get("ARENGO_HOST", "127.0.0.1"),
        door_port=_port("ARENGO_PORT", 8000),
        web_port=_port("ARENGO_WEB_PORT", 8001),
        studio_port=_port("ARENGO_STUDIO_PORT", 8002),
        rtmp_port=_port("ARENGO_RTMP_PORT", 1935),
        models=Path(os.environ.get("ARENGO_MODELS", data / "models")).resolve(),
        microphones=_microphones(),
    )


def _microphones() -> Microphones:
    seats = os.environ.get("ARENGO_MICROPHONES_SEATS", "")
    allow = os.environ.get("ARENGO_MICROPHONES_FROM", "")
    return Microphones(
        port=_port("ARENGO_MICROPHONES_PORT", 0),
        seats=Path(seats).resolve() if seats else None,
        allow=tuple(part.strip() for part in allow.split(",") if part.strip()),
    )


def _port(name: str, default: int) -> int:
    text = os.environ.get(name, str(default))
    if not text.isdigit() or not 0 <= int(text) <= 65535:
        message = f"{name}={text!r} is not a port: set a number from 1 to 65535"
        raise SystemExit(message)
    return int(text)
