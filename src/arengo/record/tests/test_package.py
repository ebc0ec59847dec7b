"""A sitting in one file: the same each time, checked by anyone, and no change goes unseen."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree
from spoken_sitting import hold

from arengo import cli
from arengo.council.models import Sitting
from arengo.kernel.models import Comune
from arengo.record.checking import INDEX, JOURNAL, METADATA, problems_in, sha256_of
from arengo.record.package import package


@pytest.fixture
def made(pero: Comune, make_sitting: Callable[..., Sitting]) -> bytes:
    """Return the package of a sitting in which Beretta spoke and a vote was proclaimed."""
    sitting = hold(pero, make_sitting)
    first = package(comune=pero, sitting=sitting).data
    assert package(comune=pero, sitting=sitting).data == first
    return first


def changed(data: bytes, change: Callable[[dict[str, bytes]], object]) -> bytes:
    """Return a package after somebody's hand."""
    with zipfile.ZipFile(io.BytesIO(data)) as found:
        files = {name: found.read(name) for name in found.namelist()}
    change(files)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in files.items():
            made.writestr(name, content)
    return out.getvalue()


def test_a_package_holds_documents_journal_and_proof_and_is_whole(made: bytes) -> None:
    assert problems_in(made) == ()
    with zipfile.ZipFile(io.BytesIO(made)) as found:
        names = found.namelist()
        index = json.loads(found.read(INDEX))
    assert names[0] == INDEX
    assert {one["nome"] for one in index["file"]} == set(names[1:])
    assert any(name.endswith("-verbale.pdf") for name in names)
    assert any(name.endswith("-verbale.akn.xml") for name in names)


def test_a_changed_document_is_named(made: bytes) -> None:
    def forge(files: dict[str, bytes]) -> None:
        name = next(one for one in files if one.endswith("-verbale.pdf"))
        files[name] += b"x"

    assert [
        one for one in problems_in(changed(made, forge)) if "verbale.pdf è stato cambiato" in one
    ]


def test_the_metadata_describe_every_file_for_the_conservatore(made: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(made)) as found:
        root = etree.fromstring(found.read(METADATA))
        names = set(found.namelist()) - {INDEX, METADATA}
    documents = root.findall("DocumentoAmministrativoInformatico")
    assert {one.findtext("NomeDelDocumento") for one in documents} == names
    verbale = next(
        one for one in documents if "-verbale.pdf" in one.findtext("NomeDelDocumento", "")
    )
    assert verbale.findtext("TipologiaDocumentale") == "Verbale del Consiglio comunale"
    assert verbale.findtext("TempoDiConservazione") == "9999"
    assert verbale.findtext("Riservato") == "false"
    roles = [one.findtext("TipoRuolo") for one in verbale.iter("Ruolo")]
    assert roles == ["Amministrazione titolare", "Presidente", "Segretario verbalizzante"]
    assert "da verificare" in root.findtext("Note", "")


@pytest.mark.parametrize("spoilt", [b"", b"<a/>", b"<PacchettoDiVersamento/>"])
def test_metadata_that_describe_something_else_are_told(made: bytes, spoilt: bytes) -> None:
    def spoil(files: dict[str, bytes]) -> None:
        index = json.loads(files[INDEX])
        for one in index["file"]:
            if one["nome"] == METADATA:
                one["sha256"] = sha256_of(spoilt)
        files[INDEX], files[METADATA] = json.dumps(index).encode(), spoilt

    told = problems_in(changed(made, spoil))
    assert told
    assert all(one.startswith("metadati.xml non") for one in told)


def test_a_missing_and_an_added_file_are_named(made: bytes) -> None:
    def swap(files: dict[str, bytes]) -> None:
        files["atti/altro.pdf"] = files.pop(next(one for one in files if one.endswith(".csv")))

    told = " ".join(problems_in(changed(made, swap)))
    assert "Manca atti/" in told
    assert "atti/altro.pdf non è nell'indice." in told


def test_a_vote_rewritten_together_with_the_index_breaks_the_chain(made: bytes) -> None:
    from hashlib import sha256

    def forge(files: dict[str, bytes]) -> None:
        before = sha256(files[JOURNAL]).hexdigest().encode()
        files[JOURNAL] = files[JOURNAL].replace(b"approved", b"rejected", 1)
        after = sha256(files[JOURNAL]).hexdigest().encode()
        assert before != after
        files[INDEX] = files[INDEX].replace(before, after)

    assert "Registro alterato alla riga" in problems_in(changed(made, forge))[0]


@pytest.mark.parametrize("rubbish", [b"", b"PK\x03\x04", b"\x00" * 4096, b"%PDF-1.7"])
def test_rubbish_is_no_package(rubbish: bytes) -> None:
    assert problems_in(rubbish) == (
        "Il file non è un pacchetto, o è rovinato: chiedi di nuovo l'originale.",
    )


@pytest.mark.parametrize("index", [b"", b"[]", b"{}", b'{"file": [1]}', b"\xff"])
def test_an_index_that_cannot_be_read_is_told(made: bytes, index: bytes) -> None:
    def spoil(files: dict[str, bytes]) -> None:
        files[INDEX] = index

    assert problems_in(changed(made, spoil)) == ("L'indice del pacchetto manca o non si legge.",)


def test_anyone_checks_it_with_one_command(
    made: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole, broken = tmp_path / "seduta.zip", tmp_path / "altro.zip"
    whole.write_bytes(made)
    broken.write_bytes(changed(made, lambda files: files.pop(JOURNAL)))
    assert cli.main(["record", "verify", str(whole)]) == 0
    assert "Pacchetto integro." in capsys.readouterr().out
    assert cli.main(["record", "verify", str(broken)]) == 1
    assert "Manca registro.jsonl." in capsys.readouterr().out
    assert cli.main(["record", "verify", str(tmp_path / "nessuno.zip")]) == 2
