"""`arengo record`: the documents of a sitting from the command line."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from arengo.kernel.errors import DomainError

if TYPE_CHECKING:
    from arengo.council.engine.record.account import Account
    from arengo.council.models import Sitting
    from arengo.record.drafts import Written

DONE, FAILED, ASKED_WRONGLY = 0, 1, 2
EXAMPLES = """esempi / examples:
  arengo record build 0123456789abcdef --output atti/      tutti i documenti / every document
  arengo record export 0123456789abcdef --format pdf --output verbale.pdf
  arengo record export 0123456789abcdef --document votazioni --format csv
  arengo record export 0123456789abcdef --format package --output seduta.zip
  arengo record verify seduta.zip                          anche senza base dati / no database
  arengo record verify verbale.pdf --trust emittenti/      firme e catena / signatures and chain
  arengo record export 0123456789abcdef --format srt       i sottotitoli / the captions

SEDUTA è il codice nell'indirizzo della seduta / the code in the sitting's address.
uscita / exit: 0 fatto / done, 1 non scritto o alterato / not written or broken, 2 non trovato / absent
"""


class SittingAbsent(Exception):
    """There is no such sitting; the message is for people."""


def add_parsers(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register `record` on the whole command."""
    record = commands.add_parser(
        "record",
        help="gli atti di una seduta / a sitting's documents",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = record.add_subparsers(metavar="azione", required=True)
    build = actions.add_parser("build", help="scrive ogni documento / write every document")
    build.add_argument("sitting", metavar="SEDUTA")
    build.add_argument("--output", metavar="CARTELLA", type=Path, required=True)
    build.set_defaults(run=run_build)
    export = actions.add_parser("export", help="scrive un documento / write one document")
    export.add_argument("sitting", metavar="SEDUTA")
    export.add_argument("--format", metavar="FORMATO", required=True)
    export.add_argument("--document", metavar="NOME", default="verbale")
    export.add_argument("--output", metavar="FILE", type=Path, help="senza: sullo schermo / stdout")
    export.set_defaults(run=run_export)
    check = actions.add_parser(
        "verify", help="controlla un pacchetto o un atto firmato / check a package or a signed act"
    )
    check.add_argument("file", metavar="FILE", type=Path)
    check.add_argument(
        "--trust",
        metavar="CARTELLA",
        type=Path,
        help="certificati degli emittenti fidati / issuers",
    )
    check.set_defaults(run=run_verify)


def run_build(arguments: argparse.Namespace) -> int:
    """Write every document of a sitting in every format, one file each."""
    try:
        found = _account(arguments.sitting)
        arguments.output.mkdir(parents=True, exist_ok=True)
        for written in _all(found):
            put(arguments.output / written.file_name, written.data)
            sys.stdout.write(f"{written.file_name}\n")
    except (SittingAbsent, DomainError) as error:
        return _say(str(error), ASKED_WRONGLY)
    except OSError as error:
        return _say(_unwritten(error), FAILED)
    return DONE


def run_export(arguments: argparse.Namespace) -> int:
    """Write one document of a sitting in one format."""
    try:
        written = _written(arguments.sitting, arguments.document, arguments.format)
        if arguments.output is None:
            sys.stdout.buffer.write(written.data)
        else:
            put(arguments.output, written.data)
    except (SittingAbsent, DomainError) as error:
        return _say(str(error), ASKED_WRONGLY)
    except OSError as error:
        return _say(_unwritten(error), FAILED)
    return DONE


def run_verify(arguments: argparse.Namespace) -> int:
    """Say whether a file is whole: a package, or a signed document with its chain."""
    try:
        data = arguments.file.read_bytes()
    except OSError as error:
        return _say(f"Non si legge {arguments.file}: {error.strerror}.", ASKED_WRONGLY)
    if not data.startswith((b"PK", b"%PDF-", b"0", b"-----", b"MI")) or data.startswith(b"PK"):
        return _verify_package(data)
    return _verify_signed(data, arguments.trust)


def _verify_package(data: bytes) -> int:
    from arengo.record.checking import problems_in

    found = problems_in(data)
    for problem in found:
        sys.stdout.write(f"{problem}\n")
    if not found:
        sys.stdout.write("Pacchetto integro.\n")
    return FAILED if found else DONE


def _verify_signed(data: bytes, trust: Path | None) -> int:
    from datetime import UTC, datetime

    from arengo.record.checking_signed import told_of

    folder = trust or (Path(os.environ["ARENGO_TRUST"]) if "ARENGO_TRUST" in os.environ else None)
    # The command has no stopped clock: it judges a file by the hour of whoever runs it.
    told = told_of(data, trust=folder, at=datetime.now(UTC))  # noqa: TID251
    for line in told.lines:
        sys.stdout.write(f"{line}\n")
    return DONE if told.is_whole else FAILED


def put(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: a full disk leaves what was there before."""
    draft = path.with_name(path.name + ".draft")
    try:
        with draft.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _all(found: Account) -> Iterator[Written]:
    from arengo.record.drafts import drafts_of, write, writers_of

    for draft in drafts_of(found):
        for format_ in writers_of(draft.document):
            yield write(found, draft, format_)


def _written(uid: str, name: str, format_: str) -> Written:
    sitting = find_sitting(uid)
    from arengo.record.captions import KINDS, write_captions
    from arengo.record.drafts import account_of, find, write
    from arengo.record.package import package

    if format_ == "package":
        return package(comune=sitting.comune, sitting=sitting)
    if format_ in KINDS:
        return write_captions(comune=sitting.comune, sitting=sitting, format_=format_)
    found = account_of(comune=sitting.comune, sitting=sitting)
    return write(found, find(found, name), format_)


def _account(uid: str) -> Account:
    sitting = find_sitting(uid)
    from arengo.record.drafts import account_of

    return account_of(comune=sitting.comune, sitting=sitting)


def find_sitting(uid: str) -> Sitting:
    """Return the sitting of that code, whichever its Comune; raise `SittingAbsent`."""
    import django

    django.setup()
    from arengo.council.models import Sitting

    sitting = Sitting.across.select_related("comune").filter(uid=uid).first()
    if sitting is None:
        message = f"Nessuna seduta «{uid}»: scrivi il codice che sta nel suo indirizzo."
        raise SittingAbsent(message)
    return sitting


def _unwritten(error: OSError) -> str:
    why = error.strerror or str(error)
    return f"Non si riesce a scrivere {error.filename or 'il file'}: {why}. Libera spazio o cambia cartella."


def _say(message: str, status: int) -> int:
    sys.stderr.write(f"{message}\n")
    return status
