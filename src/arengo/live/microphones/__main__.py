"""The microphones' process of an installation: `python -m arengo.live.microphones`."""

from __future__ import annotations

import asyncio
import logging
import sys

from arengo import config
from arengo.live.microphones.commands import until_told
from arengo.live.microphones.errors import MicrophonesError
from arengo.live.microphones.listener import HOST, listen
from arengo.live.microphones.record import read_seats
from arengo.live.microphones.scribe import OpenSitting, Scribe


async def main() -> int:
    """Listen until SIGTERM; 1 when the port or the table of seats cannot be used."""
    settings = config.load()
    wanted = settings.microphones
    try:
        listener = await listen(
            settings.host if wanted.allow else HOST,
            wanted.port,
            Scribe(OpenSitting(settings.sittings).folder),
            seats=read_seats(wanted.seats) if wanted.seats else {},
            allow=wanted.allow,
        )
    except MicrophonesError as error:
        print(error, file=sys.stderr)
        return 1
    await until_told()
    listener.close()
    return 0


if __name__ == "__main__":
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s microphones %(levelname)s %(message)s"
    )
    sys.exit(asyncio.run(main()))
