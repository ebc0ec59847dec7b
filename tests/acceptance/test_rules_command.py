"""`arengo rules`: what it prints, and its exit statuses 0, 1 and 2."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from arengo.cli import main
from arengo.council.engine.profile import read_profile

CASES = Path(__file__).parent / "cases"
BRESCIA = CASES / "tar-brescia-680-2020.json"


def test_the_ready_profiles_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "profiles"]) == 0
    printed = capsys.readouterr().out
    assert all(f"consiglio-{n} " in printed for n in (10, 12, 16, 24, 32, 36, 40, 48))
    assert "fino a 3.000 abitanti" in printed


def test_a_printed_profile_is_a_start_that_reads(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "profile", "consiglio-12"]) == 0
    assert read_profile(tomllib.loads(capsys.readouterr().out)).assigned == 12


def test_a_case_is_answered_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "evaluate", "--case", str(BRESCIA)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["ballots"][0]["outcome"]["result"] == "approved"
    assert "10 astenuti non contati" in found["ballots"][0]["outcome"]["formula"]
    assert found["ballots"][0]["quorum"]["article"]


def test_a_profile_of_ones_own_takes_the_place_of_the_case_s(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["rules", "profile", "consiglio-24"])
    text = capsys.readouterr().out.replace("abstained_vote = false", "abstained_vote = true")
    own = tmp_path / "regole.toml"
    own.write_text(text, encoding="utf-8")
    assert main(["rules", "evaluate", "--profile", str(own), "--case", str(BRESCIA)]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["ballots"][0]["outcome"]["result"] == "rejected"
    assert found["differences"]


def test_a_refused_vote_exits_with_one(capsys: pytest.CaptureFixture[str]) -> None:
    case = CASES / "uscito-e-contato-favorevole.json"
    assert main(["rules", "evaluate", "--profile", "consiglio-12", "--case", str(case)]) == 1
    assert "C3 non è in aula dalle 20:10" in capsys.readouterr().out


def test_a_contradictory_profile_is_refused_with_its_key(
    capsys: pytest.CaptureFixture[str],
) -> None:
    case = CASES / "dait-14214-quattro-su-sedici.json"
    assert main(["rules", "evaluate", "--case", str(case)]) == 1
    refused = json.loads(capsys.readouterr().out)["refused"]
    assert refused["rule"] == "quorum.second"
    assert "TUEL art. 38 c. 2" in refused["sentence"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"{", "JSON"),
        (b"[]", "oggetto JSON"),
        (b"\xff\xfe\x00", "JSON"),
        (b"[" * 100_000, "JSON"),
        (b'{"source": "x", "councillors": 3}', "profilo"),
        (b'{"source": "x", "councillors": 3, "profile": "altrove"}', "altrove"),
        (b'{"source": "x", "councillors": -3, "profile": "consiglio-10"}', "councillors"),
        (b'{"profile": {"from": "consiglio-10", "changes": []}, "source": "x"}', "changes"),
    ],
)
def test_a_wrong_case_is_told_in_a_line_and_exits_with_two(
    content: bytes, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = tmp_path / "caso.json"
    case.write_bytes(content)
    assert main(["rules", "evaluate", "--case", str(case)]) == 2
    told = capsys.readouterr()
    assert says in told.err
    assert told.out == ""


@pytest.mark.parametrize("name", ["manca.toml", "."])
def test_a_file_that_cannot_be_read_exits_with_two(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rules", "evaluate", "--case", str(tmp_path / name)]) == 2
    profile = str(tmp_path / "manca.toml")
    assert main(["rules", "evaluate", "--profile", profile, "--case", str(BRESCIA)]) == 2
    assert capsys.readouterr().err.count("non si legge") == 2


def test_a_profile_that_is_not_toml_exits_with_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "regole.toml"
    bad.write_text("name = ", encoding="utf-8")
    assert main(["rules", "evaluate", "--profile", str(bad), "--case", str(BRESCIA)]) == 2
    assert "TOML" in capsys.readouterr().err


def test_an_unknown_ready_profile_exits_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "profile", "consiglio-11"]) == 2
    assert "consiglio-10" in capsys.readouterr().err
