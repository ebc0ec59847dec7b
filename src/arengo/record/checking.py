"""The check of a package that somebody received: no database, no settings, only the file."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from arengo.council import akn_schema
from arengo.council.engine.chain import read_entry, verify
from arengo.council.engine.errors import RuleBroken
from arengo.record.engine.preservation import prints_in

INDEX = "indice.json"
JOURNAL = "registro.jsonl"
RECORDING = "registrazione/segments.jsonl"
METADATA = "metadati.xml"
LARGEST = 512_000_000  # bytes of one file, unpacked: a package that says more is not one of ours


def sha256_of(data: bytes) -> str:
    """Return the sha256 of a file, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def problems_in(data: bytes) -> tuple[str, ...]:
    """Return what is wrong with a package, in Italian; empty when it is whole."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as found:
            if any(one.file_size > LARGEST for one in found.infolist()):
                return ("Il pacchetto contiene un file troppo grande per essere uno dei nostri.",)
            files = {one: found.read(one) for one in found.namelist()}
        index = json.loads(files.pop(INDEX))
        return tuple(_problems(index, files))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, OSError):
        return ("Il file non è un pacchetto, o è rovinato: chiedi di nuovo l'originale.",)
    except (KeyError, ValueError, TypeError, AttributeError):
        return ("L'indice del pacchetto manca o non si legge.",)


def _problems(index: Mapping[str, Any], files: Mapping[str, bytes]) -> Iterator[str]:
    told = {one["nome"]: one["sha256"] for one in index["file"]}
    for name in sorted(told.keys() - files.keys()):
        yield f"Manca {name}."
    for name in sorted(files.keys() - told.keys()):
        yield f"{name} non è nell'indice."
    for name in sorted(told.keys() & files.keys()):
        if sha256_of(files[name]) != told[name]:
            yield f"{name} è stato cambiato."
        elif name.endswith(".akn.xml"):
            yield from (f"{name}: {why}" for why in akn_schema.validate(files[name])[:1])
    yield from _journal_problems(index["registro"]["ultimo_anello"], files.get(JOURNAL, b""))
    yield from _recording_problems(files.get(RECORDING, b""))
    if METADATA in files:  # packages made before there were any have none
        yield from _metadata_problems(files)


def _metadata_problems(files: Mapping[str, bytes]) -> Iterator[str]:
    """Tell which files are not those that the metadata for the conservatore describe."""
    try:
        told = prints_in(files[METADATA])
    except ValueError:
        yield f"{METADATA} non si legge."
        return
    for name in sorted(files.keys() - {METADATA}):
        if told.get(name) != sha256_of(files[name]):
            yield f"{METADATA} non descrive {name} com'è."


def _journal_problems(last: str, data: bytes) -> Iterator[str]:
    try:
        entries = [read_entry(json.loads(line)) for line in data.decode().splitlines()]
    except (RuleBroken, KeyError, ValueError, TypeError):
        yield "Il registro non si legge."
        return
    broken = verify(entries)
    if broken:
        yield f"Registro alterato alla riga {broken.seq}: {broken.why}."
    elif not entries or entries[-1].sha256 != last:
        yield "Il registro non finisce dove dice l'indice."


def _recording_problems(data: bytes) -> Iterator[str]:
    """Tell where the chain of the recording's segments is broken."""
    previous: bytes | None = None
    for number, line in enumerate(data.splitlines(), start=1):
        link = json.loads(line)["previous"]
        if previous is not None and link and link != sha256_of(previous):
            yield f"Le impronte della registrazione sono alterate alla riga {number}."
            return
        previous = line
