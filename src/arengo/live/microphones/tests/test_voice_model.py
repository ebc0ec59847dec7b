"""The embedder is there only where its file is, and is used only if it is what it must be."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from arengo.live.microphones.errors import VoiceModelUnusable
from arengo.live.microphones.voice_model import FILE, OnnxEmbedder, _checked, load_embedder


class Session:
    """Stands for a model with these shapes; gives the mean of the samples, repeated."""

    def __init__(self, *, takes: list[object], gives: list[object]) -> None:
        self.takes, self.gives = takes, gives

    def get_inputs(self) -> list[SimpleNamespace]:
        return [SimpleNamespace(name="x", shape=self.takes)]

    def get_outputs(self) -> list[SimpleNamespace]:
        return [SimpleNamespace(shape=self.gives)]

    def run(self, _: None, feed: dict[str, np.ndarray]) -> list[np.ndarray]:
        assert feed["x"].shape == (1, 16_000)
        return [np.full((1, 192), feed["x"].mean(), np.float32)]


def test_without_a_file_there_is_no_embedder(tmp_path: Path) -> None:
    assert load_embedder(tmp_path) is None


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).parent.mkdir()
    (tmp_path / FILE).write_bytes(b"no model")
    with pytest.raises(VoiceModelUnusable, match="ONNX"):
        load_embedder(tmp_path)


def test_a_model_of_other_shapes_is_refused() -> None:
    good = Session(takes=[1, "n"], gives=[1, 192])
    assert _checked(good, FILE) is good
    for other in (
        Session(takes=[1, "n", 80], gives=[1, 192]),
        Session(takes=[1, "n"], gives=[1, 512]),
    ):
        with pytest.raises(VoiceModelUnusable, match="192"):
            _checked(other, FILE)


def test_samples_become_numbers() -> None:
    embedding = OnnxEmbedder(Session(takes=[1, "n"], gives=[1, 192])).embed(
        np.full(16_000, 0.25, np.float32)
    )
    assert embedding == (0.25,) * 192
