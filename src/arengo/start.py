"""What `arengo serve` and `arengo demo` do before and around the supervised processes."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import django
from rich.console import Console

from arengo.config import Config, load
from arengo.live.hearing import models
from arengo.live.hearing.recogniser import HearingError
from arengo.live.microphones import listener as microphones
from arengo.serve import Supervisor, children

DEMO = Path(__file__).parent / "live" / "demo"
MODEL = "whisper-base"
READY_S = 60.0
console = Console()


def serve() -> int:
    """Prepare the installation, then run every process until Ctrl-C."""
    config = load()
    if not _is_ready(config):
        return 1
    prepare(config)
    console.print(f"Arengo: http://{config.host}:{config.door_port}   (Ctrl-C per finire)")
    return asyncio.run(_serve(config))


async def _serve(config: Config) -> int:
    supervisor = Supervisor(children(config), console.print)
    _stop_on_signals(supervisor)
    await supervisor.run()
    return 0


def prepare(config: Config) -> None:
    """Bring database and static files up to date and have the model at hand."""
    config.data.mkdir(parents=True, exist_ok=True)
    from django.core.management import call_command

    django.setup()
    with console.status("Preparo la base dati…"):
        call_command("migrate", verbosity=0)
    with console.status("Preparo le pagine…"):
        call_command("collectstatic", interactive=False, verbosity=0)
    from arengo.live.sitting_file import write_sitting_files

    write_sitting_files()
    try:
        models.verify(models.named(MODEL), config.models / MODEL)
    except HearingError as error:
        console.print(f"[yellow]Senza sottotitoli: {error}[/yellow]")


def _is_ready(config: Config) -> bool:
    """Return whether the ports are free, saying which is not."""
    ports = {
        "ARENGO_PORT": config.door_port,
        "ARENGO_WEB_PORT": config.web_port,
        "ARENGO_STUDIO_PORT": config.studio_port,
        "ARENGO_RTMP_PORT": config.rtmp_port,
        **({"ARENGO_MICROPHONES_PORT": mics} if (mics := config.microphones.port) else {}),
    }
    taken = [(name, port) for name, port in ports.items() if not _is_free(config.host, port)]
    for name, port in taken:
        console.print(
            f"[red]La porta {port} è occupata: chiudere l'altro programma"
            f" o scegliere un'altra porta con {name}.[/red]"
        )
    return not taken


def _is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _stop_on_signals(supervisor: Supervisor) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, supervisor.stop)


def demo(file: str | None, *, ends: bool) -> int:
    """Run the demonstration sitting of Pero, or the visitor's own file, live."""
    clip = Path(file) if file else DEMO / "pero.mp4"
    if not file:
        _set_up_microphones()
    config = load()
    if not clip.is_file():
        console.print(f"[red]Il file {clip} non esiste.[/red]")
        return 1
    if not _is_ready(config):
        return 1
    prepare(config)
    return asyncio.run(_demo(config, clip, ends=ends))


def _set_up_microphones() -> None:
    """Let the demonstration's hall have microphones, unless the visitor has set up real ones."""
    if "ARENGO_MICROPHONES_PORT" in os.environ:
        return
    from arengo.live.demo.reference import load_reference

    path = load().data / "demo-posti.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    seats = [f"{n},{name}\n" for n, name in enumerate(load_reference().roster, start=1)]
    path.write_text("posto,nominativo\n" + "".join(seats), encoding="utf-8")
    os.environ["ARENGO_MICROPHONES_SEATS"] = str(path)
    os.environ["ARENGO_MICROPHONES_PORT"] = str(microphones.PORT)


async def _demo(config: Config, clip: Path, *, ends: bool) -> int:
    supervisor = Supervisor(children(config), console.print)
    _stop_on_signals(supervisor)
    running = asyncio.create_task(supervisor.run())
    playing = asyncio.create_task(_play(config, clip))
    await asyncio.wait({running, playing}, return_when=asyncio.FIRST_COMPLETED)
    status = 0
    if not playing.done():
        playing.cancel()
    elif error := playing.exception():
        console.print(f"[red]La dimostrazione si è interrotta: {error}[/red]")
        status = 1
    else:
        status = playing.result()
    if ends or status:
        supervisor.stop()
    await running
    return status


async def _play(config: Config, clip: Path) -> int:
    from arengo.council.errors import SittingClosed
    from arengo.live import operations

    if not await _answers(config):
        console.print("[red]I processi non rispondono: vedere i messaggi qui sopra.[/red]")
        return 1
    ready = await asyncio.to_thread(_prepared)
    door = f"http://{config.host}:{config.door_port}"
    page = f"{door}/{ready.comune.slug}/sedute/{ready.sitting.uid}/"
    console.rule("Arengo, dimostrazione")
    console.print(f"Pagina dei cittadini   [bold]{page}[/bold]")
    console.print(f"Regia                  {door}/regia/{ready.comune.slug}/{ready.sitting.uid}/")
    console.print(
        f"Banco del segretario   {door}/consiglio/{ready.comune.slug}/sedute/{ready.sitting.uid}/banco/"
    )
    console.print(f"  entra con            {ready.email}   {ready.password}")
    console.print(f"Tabellone di sala      {page}tabellone/")
    console.print(
        f"Seggio di consigliera  {door}/consiglio/{ready.comune.slug}/sedute/{ready.sitting.uid}/seggio/"
    )
    console.print(f"  entra con            {ready.seat_email}   {ready.password}")
    console.print("Persone e fatti sono inventati. Ctrl-C per finire.")
    opened = ready.sitting
    if opened.state == "prepared":  # an earlier demonstration may have left it open
        opened = await asyncio.to_thread(
            operations.open_broadcast, comune=ready.comune, sitting=opened, by=None
        )
    is_ours = clip == DEMO / "pero.mp4"
    with tempfile.TemporaryDirectory() as folder:
        started = Path(folder) / "started"
        council = asyncio.create_task(_hold_council(ready, started)) if is_ours else None
        hall = asyncio.create_task(_open_microphones(config, started)) if is_ours else None
        status = await _push(config, clip, ready.stream_key, started)
        if council and hall:
            await council
            hall.cancel()
    await asyncio.sleep(2)  # the last sound is still on its way to the recogniser
    try:
        await asyncio.to_thread(
            operations.close_broadcast, comune=ready.comune, sitting=opened, by=None
        )
    except SittingClosed:
        status = 0  # somebody closed it from the regia, which cuts the clip off too
    console.print(f"Seduta chiusa: il video resta a [bold]{page}[/bold]")
    return status


def _prepared() -> Any:  # a Demo, whose module can be imported only when Django is ready
    from arengo.council.roll import read_roll
    from arengo.live.demo.reference import load_reference
    from arengo.live.rehearsal import prepare_demo

    roster = read_roll((DEMO / "roll.csv").read_text(encoding="utf-8"))
    return prepare_demo(roster=roster, title=load_reference().title)


async def _hold_council(ready: Any, started: Path) -> None:
    """Press the keys of the demonstration's clerk while the clip plays."""
    from arengo.live.demo.council import presses
    from arengo.live.demo.reference import load_reference
    from arengo.live.rehearsal import press

    began = await _first_picture(started)
    loop = asyncio.get_running_loop()
    for key in presses(load_reference()):
        await asyncio.sleep(max(0.0, began + key.at_s - loop.time()))
        await asyncio.to_thread(press, comune=ready.comune, sitting=ready.sitting, key=key)


async def _first_picture(started: Path) -> float:
    """Wait until the clip plays; return when it began, by the loop's clock."""
    while not started.exists():
        await asyncio.sleep(0.05)
    return asyncio.get_running_loop().time() - (time.time() - started.stat().st_mtime)


async def _open_microphones(config: Config, started: Path) -> None:
    """Let each speaker of the demonstration have the microphone on while he or she speaks."""
    from arengo.live.microphones.commands import demo_script
    from arengo.live.microphones.simulator import ByTcp, play

    if config.microphones.port != microphones.PORT:
        return
    await _first_picture(started)
    way = ByTcp("127.0.0.1", config.microphones.port)
    await play(demo_script(), way)
    way.close()


async def _push(config: Config, clip: Path, key: str, started: Path) -> int:
    url = f"rtmp://{config.host}:{config.rtmp_port}/live/{key}"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "arengo.live.demo.push", str(clip)),
        env={**os.environ, "ARENGO_PUSH_URL": url, "ARENGO_PUSH_STARTED": str(started)},
    )
    try:
        return await process.wait()
    finally:
        if process.returncode is None:
            process.kill()


async def _answers(config: Config) -> bool:
    """Wait until the door, the pages behind it and the studio answer."""
    from urllib.error import URLError
    from urllib.request import urlopen

    def both() -> bool:
        try:
            for path in ("/studio/health", "/"):
                with urlopen(f"http://{config.host}:{config.door_port}{path}", timeout=2) as answer:
                    answer.read()
        except (URLError, OSError):
            return False
        return True

    loop = asyncio.get_running_loop()
    end = loop.time() + READY_S
    while loop.time() < end:
        if await asyncio.to_thread(both):
            return True
        await asyncio.sleep(0.3)
    return False
