"""Whatever is shown on screen has its English words."""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation.template import templatize

from arengo.council import errors as council_errors
from arengo.kernel import answers
from arengo.kernel.errors import DomainError
from arengo.live import errors as live_errors

SOURCES = Path(__file__).resolve().parents[2]
CATALOGUE = SOURCES / "web" / "locale" / "en" / "LC_MESSAGES"
MODULES = ["live/wording.py", "live/views.py", "live/forms.py", "web/views.py"]
ROOMS = (council_errors, live_errors, answers)  # imported, so that their refusals are known


def english() -> dict[str, str]:
    """Return the compiled catalogue; of a plural, the last form under the singular's key."""
    with (CATALOGUE / "django.mo").open("rb") as file:
        read = gettext.GNUTranslations(file)
    catalogue = read._catalog  # type: ignore[attr-defined]  # no public way to list it
    return {key if isinstance(key, str) else key[0]: text for key, text in catalogue.items()}


def test_every_sentence_of_the_templates_has_english_words() -> None:
    known, texts = english(), list(in_templates())
    assert len(texts) > 150
    assert [text for text in texts if text not in known] == []


def test_every_sentence_of_the_code_has_english_words() -> None:
    known = english()
    assert [text for text in in_code() if text not in known] == []


def test_every_refusal_has_english_words() -> None:
    """A refusal is translated where it is shown, by the words of its class."""
    known = english()
    texts = {text for one in refusals(DomainError) for text in (one.title, one.message)}
    assert sorted(texts - set(known)) == []


def test_compiled_catalogue_is_that_of_its_source() -> None:
    """After a change: `msgfmt --check -o django.mo django.po`."""
    source = (CATALOGUE / "django.po").read_text(encoding="utf-8")
    written = re.findall(r'^msgid (".+")\nmsgstr (".+")$', source, re.MULTILINE)
    pairs = {ast.literal_eval(key): ast.literal_eval(text) for key, text in written}
    compiled = {key: text for key, text in english().items() if key}
    assert compiled.pop("%(count)s seduta") == "%(count)s sittings"
    assert len(pairs) > 200
    assert compiled == pairs


@pytest.mark.parametrize("hole", [r"\{\w*\}", r"%\(\w+\)s"])
def test_translations_keep_the_holes(hole: str) -> None:
    for key, text in english().items():
        if key:
            assert sorted(re.findall(hole, key)) == sorted(re.findall(hole, text)), key


def in_templates() -> Iterator[str]:
    for path in sorted(SOURCES.glob("*/templates/**/*.html")):
        source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        for call in re.finditer(r"""gettext\((u?(["']).+?(?<!\\)\2)[,)]""", source):
            yield ast.literal_eval(call[1]).replace("%%", "%")


def in_code() -> Iterator[str]:
    for name in MODULES:
        for node in ast.walk(ast.parse((SOURCES / name).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_":
                yield ast.literal_eval(node.args[0])


def refusals(kind: type[DomainError]) -> Iterator[type[DomainError]]:
    yield kind
    for child in kind.__subclasses__():
        if child.__module__.startswith("arengo.") and ".tests." not in child.__module__:
            yield from refusals(child)
