"""A sitting in one file to hand over: its documents, its journal, the proof of its recording.

The index says of each file what it is and its sha256; the journal and the recording bring their
own chains. Whoever has the file can check all of it without a database (`problems_in`). It is
made ready for a conservatore, whose own form of the index (UNI 11386) is not written yet.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from arengo import config
from arengo.council import akn_schema
from arengo.council.engine.chain import Entry, entry_line, read_entry, verify
from arengo.council.engine.errors import RuleBroken
from arengo.council.engine.record.account import Account
from arengo.council.models import Sitting
from arengo.council.queries.journal import read_journal
from arengo.kernel.models import Comune
from arengo.kernel.scope import query
from arengo.record.drafts import Written, account_of, drafts_of, write, writers_of

INDEX = "indice.json"
JOURNAL = "registro.jsonl"
RECORDING = "registrazione/segments.jsonl"
LEFT_OUT = ("docx", "odt")  # for hands: what is kept is what cannot change under them
LARGEST = 512_000_000  # bytes of one file, unpacked: a package that says more is not one of ours


@dataclass(frozen=True, slots=True)
class _File:
    """A file of the package and what the index says of it."""

    name: str
    data: bytes
    facts: Mapping[str, Any]


@query
def package(*, comune: Comune, sitting: Sitting) -> Written:
    """Return all of a sitting as a ZIP; the same journal and words give the same bytes.

    Raises
    ------
    NothingToTell
        The journal has not begun.
    """
    found = account_of(comune=comune, sitting=sitting)
    entries = read_journal(comune=comune, sitting=sitting)
    files = list(_files(found, entries, config.load().sitting_folder(comune.pk, sitting.uid)))
    index = {
        "pacchetto": 1,
        "comune": {"nome": comune.name, "istat": comune.pk},
        "seduta": {"codice": sitting.uid, "titolo": sitting.title, "data": found.date.isoformat()},
        "registro": {"righe": len(entries), "ultimo_anello": entries[-1].sha256},
        "file": [
            {"nome": one.name, "byte": len(one.data), "sha256": _sha256(one.data), **one.facts}
            for one in files
        ],
    }
    text = json.dumps(index, ensure_ascii=False, indent=1)
    name = f"{found.date:%Y-%m-%d}-pacchetto.zip"
    return Written(name, "application/zip", _zipped([_File(INDEX, text.encode(), {}), *files]))


def _files(found: Account, entries: Sequence[Entry], folder: Path) -> Iterator[_File]:
    for draft in drafts_of(found):
        facts = {
            "oggetto": draft.document.title,
            "natura": draft.document.label,
            "riservato": draft.document.is_reserved,
        }
        for format_ in writers_of(draft.document):
            if format_ not in LEFT_OUT:
                written = write(found, draft, format_)
                kind = {"tipo": written.content_type}
                yield _File(f"atti/{written.file_name}", written.data, {**facts, **kind})
    lines = (entry_line(one) + "\n" for one in entries)
    about = {"oggetto": "Registro della seduta", "riservato": True, "tipo": "application/jsonl"}
    yield _File(JOURNAL, "".join(lines).encode(), about)
    proof = folder / "segments.jsonl"
    if proof.exists():
        about = {"oggetto": "Impronte della registrazione", "riservato": False}
        yield _File(RECORDING, proof.read_bytes(), {**about, "tipo": "application/jsonl"})


def _zipped(files: Sequence[_File]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for one in files:
            made.writestr(zipfile.ZipInfo(one.name), one.data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


# --- checking one, without a database -----------------------------------------------------------


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
        if _sha256(files[name]) != told[name]:
            yield f"{name} è stato cambiato."
        elif name.endswith(".akn.xml"):
            yield from (f"{name}: {why}" for why in akn_schema.validate(files[name])[:1])
    yield from _journal_problems(index["registro"]["ultimo_anello"], files.get(JOURNAL, b""))
    yield from _recording_problems(files.get(RECORDING, b""))


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
        if previous is not None and link and link != _sha256(previous):
            yield f"Le impronte della registrazione sono alterate alla riga {number}."
            return
        previous = line
