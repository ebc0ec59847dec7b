"""A sitting in one file to hand over: its documents, its journal, the proof of its recording.

The index says of each file what it is and its sha256; the journal and the recording bring their
own chains. Whoever has the file can check all of it (`checking.problems_in`). A conservatore
finds in `metadati.xml` what annex 5 of the AgID guidelines wants of each (`engine.preservation`).
"""

from __future__ import annotations

import io
import json
import tomllib
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files as packaged
from pathlib import Path
from typing import Any

from arengo import config
from arengo.council.engine.chain import Entry, entry_line
from arengo.council.engine.record.account import Account
from arengo.council.engine.record.people import bare
from arengo.council.models import Sitting
from arengo.council.queries.journal import read_journal
from arengo.kernel.models import Comune
from arengo.kernel.scope import query
from arengo.record.checking import INDEX, JOURNAL, METADATA, RECORDING, sha256_of
from arengo.record.drafts import Written, account_of, drafts_of, write, writers_of
from arengo.record.engine.preservation import Handed, Kept, Person, Term, metadata_xml

LEFT_OUT = ("docx", "odt")  # for hands: what is kept is what cannot change under them


@dataclass(frozen=True, slots=True)
class _File:
    """A file of the package and what the index says of it."""

    name: str
    data: bytes
    facts: Mapping[str, Any]
    kind: str = ""
    number: int = 0


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
    kept = list(_files(found, entries, config.load().sitting_folder(comune.pk, sitting.uid)))
    files = [*kept, _metadata(found, sitting, kept)]
    index = {
        "pacchetto": 1,
        "comune": {"nome": comune.name, "istat": comune.pk},
        "seduta": {"codice": sitting.uid, "titolo": sitting.title, "data": found.date.isoformat()},
        "registro": {"righe": len(entries), "ultimo_anello": entries[-1].sha256},
        "file": [
            {"nome": one.name, "byte": len(one.data), "sha256": sha256_of(one.data), **one.facts}
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
                document = draft.document
                yield _File(
                    f"atti/{written.file_name}",
                    written.data,
                    {**facts, **kind},
                    document.kind,
                    document.number,
                )
    lines = (entry_line(one) + "\n" for one in entries)
    about = {"oggetto": "Registro della seduta", "riservato": True, "tipo": "application/jsonl"}
    yield _File(JOURNAL, "".join(lines).encode(), about, "journal")
    proof = folder / "segments.jsonl"
    if proof.exists():
        about = {"oggetto": "Impronte della registrazione", "riservato": False}
        yield _File(
            RECORDING, proof.read_bytes(), {**about, "tipo": "application/jsonl"}, "recording"
        )


def _metadata(found: Account, sitting: Sitting, files: Sequence[_File]) -> _File:
    """Return what a conservatore wants to know of each file."""
    state = found.end
    signers = (
        ("Presidente", bare(state, state.chair)),
        ("Segretario verbalizzante", state.secretary),
    )
    people = tuple(Person(role, name) for role, name in signers if name)
    comune = f"Comune di {found.facts.comune}"
    handed = Handed(comune, found.facts.istat, sitting.uid, found.date, people)
    xml = metadata_xml(map(_kept, files), handed, _terms(), version("arengo"))
    about = {"oggetto": "Metadati per la conservazione", "riservato": True, "tipo": "text/xml"}
    return _File(METADATA, xml, about)


def _kept(file: _File) -> Kept:
    facts = file.facts
    return Kept(
        file.name,
        sha256_of(file.data),
        facts["tipo"],
        file.kind,
        facts["oggetto"],
        facts["riservato"],
        file.number,
    )


@cache
def _terms() -> Mapping[str, Term]:
    """Return what each kind of file is called, and for how long it is kept."""
    text = (packaged("arengo.record") / "data" / "preservation.toml").read_text(encoding="utf-8")
    kinds = tomllib.loads(text)["kinds"]
    return {kind: Term(row["type"], row["years"]) for kind, row in kinds.items()}


def _zipped(files: Sequence[_File]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for one in files:
            made.writestr(zipfile.ZipInfo(one.name), one.data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
