"""All the open data of a Comune and a year in one ZIP, made by a worker and kept until it is old.

Whatever changes what is public (a sitting closed, words corrected, an omission, an act published)
takes the file away at once and asks for another. A file is put in its place only if nothing has
changed since its making began (`generation`), so that a cut word cannot come back with it.
"""

from __future__ import annotations

import io
import json
import os
import secrets
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Count, Max

from arengo import config
from arengo.council.models import Sitting, SittingState
from arengo.council.queries.people import ROME, today
from arengo.kernel.models import Comune
from arengo.kernel.scope import query
from arengo.record.captions import write_captions
from arengo.record.catalogue import CC_BY, Licence
from arengo.record.drafts import Draft, write, writers_of
from arengo.record.errors import NothingHeard, NothingToTell
from arengo.record.models import (
    Omission,
    Publication,
    Redaction,
    Release,
    SealedVersion,
    TranscriptEdit,
)
from arengo.record.public_documents import public_drafts, tree
from arengo.record.queries import open_data as data

FORMATS = ("akn", "tei", "csv", "csv-voti")
README = """Dati aperti del Consiglio comunale di {name}, {year}

Una cartella per seduta, con la data e il codice:
  seduta.json                che cosa è la seduta, ordine del giorno, votazioni, presenze
  *-votazioni.csv            le votazioni; *-votazioni.nominativi.csv chi ha votato che cosa
  *-presenze.csv             chi c'era e quando
  *.akn.xml, *.tei.xml       i documenti pubblici in Akoma Ntoso 3.0 e in TEI
  *.json                     gli stessi documenti come alberi
  *-sottotitoli.vtt          i sottotitoli della registrazione

Il resoconto è la trascrizione della seduta: non è il verbale e non lo sostituisce.
Ciò che si è trattato in seduta segreta e ciò che è stato oscurato non c'è.
CSV: punto e virgola, UTF-8, una cella che comincia con un apostrofo non è una formula.
Licenza: {licence}, {address} (vedi LICENSE.txt). Citare: «Comune di {name}».
"""
LICENSE = """{title}
{address}

I dati di questo file sono del Comune di {name} e si possono copiare, distribuire e modificare,
anche per fini commerciali, alle condizioni della licenza indicata, citando la fonte.
"""


def folder_of(comune: Comune) -> Path:
    """Return where the files of a Comune are kept."""
    return config.load().data / "open-data" / comune.pk


def path_of(comune: Comune, year: int) -> Path:
    """Return the file of a year as things stand now, there or not."""
    return folder_of(comune) / f"{year}-{fingerprint(comune=comune)}.zip"


@query
def fingerprint(*, comune: Comune) -> str:
    """Return what stands for the acts that may be read today, and for what was cut or corrected.

    It is in the file's name: what leaves the albo at midnight, or is left out of an act, leaves
    the file although nobody told it.
    """
    facts: list[Any] = [today().isoformat()]
    logs = (Omission, TranscriptEdit, Publication, Redaction, Release, SealedVersion)
    facts += [one.objects.aggregate(last=Max("pk"), all=Count("pk")) for one in logs]
    facts.append(Publication.objects.filter(ended_at__isnull=False).count())
    released = Release.objects.aggregate(held=Count("withheld_at"), gone=Count("withdrawn_at"))
    facts += [released, Sitting.objects.filter(state=SittingState.CLOSED).count()]
    return sha256(repr(facts).encode()).hexdigest()[:16]


def generation(comune: Comune) -> str:
    """Return what stands for everything public of a Comune as it is now."""
    path = folder_of(comune) / "generation"
    if not path.exists():
        return forget(comune)
    return path.read_text(encoding="ascii")


def forget(comune: Comune) -> str:
    """Take away every file of a Comune; return the new generation."""
    folder, fresh = folder_of(comune), secrets.token_hex(8)
    folder.mkdir(parents=True, exist_ok=True)
    _put(folder / "generation", fresh.encode())
    for path in folder.glob("*.zip*"):
        path.unlink(missing_ok=True)
    return fresh


def _put(path: Path, content: bytes) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


@query
def build(*, comune: Comune, year: int, licence: Licence = CC_BY) -> bool:
    """Make the file of a year; False when something changed meanwhile and nothing was kept."""
    began, path = generation(comune), path_of(comune, year)
    content = made(comune=comune, year=year, licence=licence)
    if generation(comune) != began:
        return False
    for old in path.parent.glob(f"{year}-*.zip"):
        old.unlink(missing_ok=True)
    _put(path, content)
    if generation(comune) != began:  # a change between the question and the writing
        path.unlink(missing_ok=True)
        return False
    return True


@query
def made(*, comune: Comune, year: int, licence: Licence = CC_BY) -> bytes:
    """Return the ZIP of a year; the same data give the same bytes."""
    out = io.BytesIO()
    words: dict[str, Any] = {"name": comune.name, "year": year, "address": licence.address}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, "README.txt", README.format(licence=licence.title, **words).encode())
        _add(archive, "LICENSE.txt", LICENSE.format(title=licence.title, **words).encode())
        for sitting in data.closed_sittings(comune=comune, year=year):
            for name, content in _files(comune, sitting):
                _add(archive, f"{_folder(sitting)}/{name}", content)
    return out.getvalue()


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)


def _folder(sitting: Sitting) -> str:
    held = (sitting.opened_at or sitting.scheduled_at).astimezone(ROME)
    return f"{held:%Y-%m-%d}-{sitting.uid}"


def _files(comune: Comune, sitting: Sitting) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a sitting; one without a journal has its facts and captions."""
    facts = {
        **data.sitting_facts(comune, sitting),
        "punti": data.items_of(comune=comune, sitting=sitting),
        "votazioni": data.votes_of(comune=comune, sitting=sitting),
    }
    try:
        account = data.public_account(comune=comune, sitting=sitting)
    except NothingToTell:
        yield "seduta.json", _json(facts)
    else:
        facts["presenze"] = list(data.attendance_facts(account))
        yield "seduta.json", _json(facts)
        for draft in public_drafts(account, comune=comune, sitting=sitting):
            for format_ in writers_of(draft.document):
                if format_ in FORMATS:
                    written = write(account, draft, format_)
                    yield written.file_name, written.data
            yield f"{account.date:%Y-%m-%d}-{draft.name}.json", _json(_document(draft))
    try:
        captions = write_captions(comune=comune, sitting=sitting, format_="vtt")
    except NothingHeard:
        return
    yield captions.file_name, captions.data


def _document(draft: Draft) -> dict[str, Any]:
    told = {"titolo": draft.document.title, "natura": draft.document.label}
    return {**told, "sezioni": tree(draft.document)}


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, cls=DjangoJSONEncoder).encode()
