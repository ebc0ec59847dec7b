"""All the sittings of this machine: which are open, whose key is whose, what time it is."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from arengo.config import Config
from arengo.live.studio.black import black_numbers
from arengo.live.studio.board import NAME as BOARD
from arengo.live.studio.board import read_board
from arengo.live.studio.channel import Channel, Past, read_past, secret_moments
from arengo.live.studio.cut import settle
from arengo.live.studio.omitted import NAME as OMITTED
from arengo.live.studio.omitted import closed_numbers, read_omitted
from arengo.live.studio.pull import pull
from arengo.live.studio.rtmp import Publisher, Refused
from arengo.live.studio.spec import PullSource, SittingSpec, find_key, read_spec

log = logging.getLogger(__name__)

LOOK_S = 0.5
ARCHIVE = 32  # closed sittings kept in memory
NUDGES = 256  # looked at at once; what more there is waits for the next round

Stamp = tuple[int, int]  # time of change and inode: two files of one instant differ


class Studio:
    """Follow the sittings' folder and hold a channel for each sitting that someone needs."""

    def __init__(
        self,
        config: Config,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),  # noqa: TID251 - the clock itself
        hears: bool = True,
    ) -> None:
        self.config = config
        self.secret = config.secret()
        self.now = now
        self._hears = hears
        self._folders: dict[str, Path] = {}
        self._specs: dict[str, SittingSpec] = {}  # prepared and open ones
        self._followed: dict[str, SittingSpec] = {}
        self._stamps: dict[str, Stamp] = {}
        self._boards: dict[str, Stamp] = {}
        self._omitted: dict[str, Stamp] = {}
        self._turns: dict[str, asyncio.Lock] = {}
        self._nudged: set[str] = set()
        self._looking: set[asyncio.Task[None]] = set()
        self._towns: dict[Path, int] = {}
        self._channels: dict[str, Channel] = {}
        self._archive: OrderedDict[str, Channel] = OrderedDict()
        self._opening: dict[str, asyncio.Task[Channel | None]] = {}
        self._closing: set[asyncio.Task[None]] = set()
        self._pulls: dict[tuple[str, PullSource], asyncio.Task[None]] = {}

    # --- lookup -----------------------------------------------------------------------

    async def channel(self, uid: str) -> Channel | None:
        """Return the channel of a sitting: live, or of the archive; None when there is none."""
        if found := self._channels.get(uid):
            return found
        if found := self._archive.get(uid):
            self._archive.move_to_end(uid)
            return found
        if uid not in self._folders:
            return None
        if uid not in self._opening:
            self._opening[uid] = asyncio.create_task(self._open_archive(uid))
        try:
            return await asyncio.shield(self._opening[uid])
        finally:
            self._opening.pop(uid, None)

    async def _open_archive(self, uid: str) -> Channel | None:
        folder = self._folders[uid]
        try:
            spec = read_spec(folder / "sitting.json")
            past = await asyncio.to_thread(read_past, folder, spec)
        except (OSError, ValueError):
            log.exception("sitting %s", uid)
            return None
        if found := self._channels.get(uid):  # it was opened while we read
            return found
        channel = self._new_channel(folder, spec, past)
        self._archive[uid] = channel
        self._omitted.pop(uid, None)  # it may have changed while it was read
        while len(self._archive) > ARCHIVE:
            self._archive.popitem(last=False)
        return channel

    def _new_channel(self, folder: Path, spec: SittingSpec, past: Past) -> Channel:
        return Channel(
            folder,
            spec,
            past,
            models=self.config.models,
            now=self.now,
            clock=asyncio.get_running_loop().time,
            hears=self._hears,
        )

    def admit(self, key: str, source: str, hang_up: Callable[[], None]) -> Publisher:
        """Let in who has a stream key; raises `Refused` otherwise, without saying the key."""
        found = find_key(self._specs.values(), key)
        if found == "revoked":
            raise Refused("revoked", "Chiave revocata: chiederne una nuova alla regia.")
        if isinstance(found, str):
            raise Refused("unknown-key", "Chiave sconosciuta: copiarla di nuovo dalla regia.")
        spec, record = found
        take = self._channels[spec.uid].admit(source, record.label, hang_up)
        take.key_id = record.id
        return take

    def health(self) -> dict[str, object]:
        """Return a line for supervisors: how many sittings, how many on air."""
        live = [c for c in self._channels.values() if c.signal() == "live"]
        return {"status": "ok", "sittings": len(self._channels), "live": len(live)}

    # --- following the folder -----------------------------------------------------------

    async def run(self) -> None:
        """Follow the folder and tick every second, until cancelled."""
        beat = 0
        while True:
            await self.look()
            self._each(Channel.tell_speakers)
            beat += 1
            if beat % 2 == 0:
                self._each(Channel.tick)
            await asyncio.sleep(LOOK_S)

    def _each(self, tell: Callable[[Channel], None]) -> None:
        for uid, channel in self._channels.items():
            try:
                tell(channel)
            except Exception:  # one sitting's trouble is not another's
                log.exception("sitting %s", uid)

    async def look(self) -> None:
        """See which sittings are new or changed. Closed ones are only remembered by name."""
        self._closing = {task for task in self._closing if not task.done()}
        try:
            self._look_for_new()
        except OSError:
            log.exception("the folder of the sittings")
        for uid in [*self._stamps, *self._archive]:
            try:
                await self._look_at(uid)
            except Exception:  # one sitting's trouble is not another's
                log.exception("sitting %s", uid)

    def nudge(self, uid: str) -> None:
        """Look at one sitting now, whatever else is being looked at."""
        if uid in self._nudged or len(self._nudged) >= NUDGES:
            return
        self._nudged.add(uid)
        task = asyncio.create_task(self._look_now(uid))
        self._looking.add(task)
        task.add_done_callback(self._looking.discard)

    async def _look_now(self, uid: str) -> None:
        try:
            if uid not in self._folders:
                self._look_for_new()
            self._nudged.discard(uid)  # what is written from now on deserves another look
            if uid in self._folders:
                await self._look_at(uid, is_told=True)
        except Exception:  # one sitting's trouble is not another's
            log.exception("sitting %s", uid)
        finally:
            self._nudged.discard(uid)

    def _look_for_new(self) -> None:
        root = self.config.sittings
        if not root.exists():
            return
        for town in root.iterdir():
            if not town.is_dir():
                continue
            stamp = town.stat().st_mtime_ns
            if self._towns.get(town) == stamp:
                continue
            complete = True
            for folder in town.iterdir():
                if folder.name in self._folders:
                    continue
                if (folder / "sitting.json").exists():
                    self._folders[folder.name] = folder
                    self._stamps[folder.name] = (0, 0)
                else:
                    complete = False
            if complete:
                self._towns[town] = stamp

    async def _look_at(self, uid: str, *, is_told: bool = False) -> None:
        """Follow what changed of one sitting; who `is_told` reads, whatever the files' times say."""
        self._look_at_board(uid, is_told=is_told)  # waits for nothing
        await self._look_at_omitted(uid)
        async with self._turns.setdefault(uid, asyncio.Lock()):
            if uid in self._stamps:
                await self._look_at_spec(uid, is_told=is_told)

    async def _look_at_spec(self, uid: str, *, is_told: bool) -> None:
        path = self._folders[uid] / "sitting.json"
        try:
            stamp = _stamp(path)
            if stamp == self._stamps[uid] and not is_told:
                return
            spec = read_spec(path)
        except (OSError, ValueError) as error:
            log.warning("sitting %s: %s", uid, error)
            return
        if spec != self._followed.get(uid):
            await self._follow(uid, self._folders[uid], spec)
            self._followed[uid] = spec
        if uid in self._stamps:
            self._stamps[uid] = stamp

    def _look_at_board(self, uid: str, *, is_told: bool) -> None:
        channel = self._channels.get(uid) or self._archive.get(uid)
        if channel is None:
            return
        try:
            stamp = _stamp(channel.folder / BOARD)
        except OSError:  # no chamber, or none yet
            return
        if stamp != self._boards.get(uid) or is_told:
            self._boards[uid] = stamp
            if board := read_board(channel.folder):
                channel.show(board)

    async def _look_at_omitted(self, uid: str) -> None:
        """Close what nobody may see any more of a sitting that is over."""
        channel = self._archive.get(uid)
        if channel is None:
            return
        try:
            stamp = _stamp(channel.folder / OMITTED)
        except OSError:  # nothing is
            return
        if stamp == self._omitted.get(uid):
            return
        stretches = read_omitted(channel.folder)
        listed = list(channel.shelf.ledger)
        found = await asyncio.to_thread(closed_numbers, channel.folder, listed, stretches)
        black = await asyncio.to_thread(black_numbers, channel.folder, found)
        channel.omit(stretches, found, black)
        if self._archive.get(uid) is channel:
            self._omitted[uid] = stamp

    async def _follow(self, uid: str, folder: Path, spec: SittingSpec) -> None:
        channel = self._channels.get(uid)
        if spec.state == "closed":
            self._specs.pop(uid, None)
            self._stamps.pop(uid, None)
            self._turns.pop(uid, None)
            self._stop_pulls(uid, ())
            if channel:
                self._archive[uid] = self._channels.pop(uid)
                self._closing.add(asyncio.create_task(channel.apply(spec)))  # last words take time
            elif moments := secret_moments(spec):  # a cut that no studio has finished yet
                await asyncio.to_thread(settle, folder, moments)
            return
        self._specs[uid] = spec
        if channel:
            await channel.apply(spec)
        else:
            self._archive.pop(uid, None)
            past = await asyncio.to_thread(read_past, folder, spec)
            self._channels[uid] = self._new_channel(folder, spec, past)
            self._channels[uid].catch_up()
            self._channels[uid].tell()
        if spec.state == "open":
            self._channels[uid].ears_on()  # the model is loaded before the first word
        self._stop_pulls(uid, spec.sources)
        for source in spec.sources:
            self._start_pull(uid, source)

    def _start_pull(self, uid: str, source: PullSource) -> None:
        if (uid, source) not in self._pulls:
            channel = self._channels[uid]
            self._pulls[uid, source] = asyncio.create_task(
                pull(
                    replace(source, url=source.url.format(host=self.config.host)),
                    lambda kind, hang_up: channel.admit(kind, source.kind, hang_up),
                    channel.note,
                )
            )

    def _stop_pulls(self, uid: str, wanted: tuple[PullSource, ...]) -> None:
        for (owner, source), task in list(self._pulls.items()):
            if owner == uid and source not in wanted:
                task.cancel()
                del self._pulls[owner, source]

    async def stop(self) -> None:
        """Leave every sitting's folder whole."""
        for task in self._pulls.values():
            task.cancel()
        for channel in self._channels.values():
            await channel.stop()
        await asyncio.gather(*self._closing, return_exceptions=True)


def _stamp(path: Path) -> Stamp:
    status = path.stat()
    return status.st_mtime_ns, status.st_ino
