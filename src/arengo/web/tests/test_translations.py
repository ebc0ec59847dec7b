"""Whatever is shown on screen has its English words."""

from __future__ import annotations

import ast
import gettext
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from convened import proposal, seat_council
from django.apps import apps
from django.test import Client
from django.utils import translation
from django.utils.translation.template import templatize

import arengo
from arengo.council import errors as council_errors
from arengo.council import mail, ports, wording
from arengo.council.engine import case_facts
from arengo.council.forms.agenda import DocumentForm
from arengo.council.models import ItemType, Sitting
from arengo.council.operations.agenda import LIMIT_MB
from arengo.council.seat_wording import seat_sentences
from arengo.kernel import answers
from arengo.kernel.errors import DomainError
from arengo.kernel.models import Comune, User
from arengo.live import box
from arengo.live import errors as live_errors

SOURCES = Path(__file__).resolve().parents[2]
CATALOGUE = SOURCES / "web" / "locale" / "en" / "LC_MESSAGES"
# Imported, so that their refusals are known.
ROOMS = (council_errors, mail, ports, case_facts, live_errors, box, answers)
MARKED = frozenset(("_", "gettext", "gettext_lazy"))
CONTEXT = "\x04"  # between the context and the sentence in a compiled key
ENTRY = re.compile(
    r'^(?:msgctxt "(.+)"\n)?msgid (".+")\n(?:msgid_plural (".+")\nmsgstr\[0\] (".+")\n)?'
    r'msgstr(?:\[1\])? (".+")$',
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One sentence of the catalogue's source; `plural` and `one` only where there are two forms."""

    key: str
    text: str
    plural: str = ""
    one: str = ""


def written() -> list[Entry]:
    """Return the catalogue as it is written."""
    source = (CATALOGUE / "django.po").read_text(encoding="utf-8")
    return [
        Entry(
            f"{context}{CONTEXT}{ast.literal_eval(key)}" if context else ast.literal_eval(key),
            ast.literal_eval(text),
            ast.literal_eval(plural or '""'),
            ast.literal_eval(one or '""'),
        )
        for context, key, plural, one, text in ENTRY.findall(source)
    ]


def english() -> dict[str, str]:
    """Return the compiled catalogue; of a plural, the last form under the singular's key."""
    with (CATALOGUE / "django.mo").open("rb") as file:
        read = gettext.GNUTranslations(file)
    catalogue = read._catalog  # type: ignore[attr-defined]  # no public way to list it
    return {key if isinstance(key, str) else key[0]: text for key, text in catalogue.items()}


def test_every_sentence_of_the_templates_has_english_words() -> None:
    known, texts = english(), list(in_templates())
    assert len(texts) > 400
    assert [text for text in texts if text not in known] == []


def test_every_sentence_of_the_code_has_english_words() -> None:
    """Views, forms, wording, the steps of the rules: wherever a sentence is marked."""
    known, texts = english(), list(in_code())
    assert len(texts) > 600
    assert [text for text in texts if text not in known] == []


def test_every_refusal_has_english_words() -> None:
    """A refusal is translated where it is shown, by the words of its class."""
    for module in walk_packages(arengo.__path__, "arengo."):
        if module.name.endswith(".errors"):
            import_module(module.name)
    known = english()
    texts = {text for one in refusals(DomainError) for text in (one.title, one.message)}
    assert sorted(texts - set(known)) == []


def test_every_label_of_the_models_has_english_words() -> None:
    known, texts = english(), set(in_models())
    assert len(texts) > 35
    assert sorted(texts - {key.removeprefix(f"label{CONTEXT}") for key in known}) == []


def test_labels_are_english_on_an_english_page_and_italian_in_what_is_written() -> None:
    order = ItemType.ORDER_OF_DAY.label
    with translation.override("en"):
        assert wording.label(order) == "Order of the day"  # an act; the list is the agenda
        assert wording.label("Sindaco, Assessora al Bilancio") == "Mayor, Assessora al Bilancio"
        assert dict(wording.labelled(ItemType))["motion"] == "Motion"
        assert ItemType.ORDER_OF_DAY.label == order == "Ordine del giorno"
    assert (wording.label(order), wording.label("")) == (order, "")


def test_the_console_writes_italian_in_the_journal_in_any_language() -> None:
    with translation.override("en"):
        console = wording.console_sentences()
    assert console["do.hands"] == "Count hands"
    assert console["written.immediate"] == "Immediata eseguibilità: {what}"


PATHS = (
    *("", "persone/", "persone/nuova/", "persone/importa/", "gruppi/", "regole/"),
    *("sedute/{uid}/odg/", "sedute/{uid}/odg/{item}/", "sedute/{uid}/convocazione/"),
    *("sedute/{uid}/banco/",),
)


@pytest.mark.parametrize("path", PATHS)
def test_an_english_page_of_the_chamber_has_no_italian_word_of_ours(
    client: Client, anna: User, pero: Comune, sitting: Sitting, path: str
) -> None:
    """What stays Italian is data and the rules' own words: neither is in the catalogue."""
    seat_council(pero)
    item = proposal(pero, sitting, "Variazione di bilancio")
    client.force_login(anna)
    address = "/consiglio/pero/" + path.format(uid=sitting.uid, item=item.pk)
    answers_of = {language: client.get(language + address) for language in ("", "/en")}
    assert [one.status_code for one in answers_of.values()] == [200, 200]
    known = {key.split(CONTEXT)[-1]: text for key, text in english().items() if key}
    italian, other = (list(shown(one.content.decode())) for one in answers_of.values())
    assert len([text for text in italian if known.get(text, text) != text]) > 5
    assert [text for text in other if known.get(text, text) != text] == []


def test_a_help_with_a_number_in_it_is_english_too() -> None:
    with translation.override("en"):
        assert str(DocumentForm().fields["file"].help_text).endswith(f"{LIMIT_MB} MB at most")


def shown(page: str) -> Iterator[str]:
    """Yield the texts of a page and the names of its controls."""
    body = re.sub(r"<(script|style|svg)\b.*?</\1>", "", page, flags=re.DOTALL)
    for text in re.findall(r">([^<]+)<|(?:aria-label|title)=\"([^\"]+)\"", body):
        yield html.unescape("".join(text)).strip()


def test_compiled_catalogue_is_that_of_its_source() -> None:
    """After a change: `msgfmt --check -o django.mo django.po`."""
    pairs = {entry.key: entry.text for entry in written()}
    compiled = {key: text for key, text in english().items() if key}
    assert compiled["%(count)s seduta"] == "%(count)s sittings"
    assert len(pairs) > 1300
    assert len(pairs) == len(written())
    assert compiled == pairs


@pytest.mark.parametrize("hole", [r"\{[^}]*\}", r"%\(\w+\)s"])
def test_translations_keep_the_holes(hole: str) -> None:
    for entry in written():
        assert holes(hole, entry.plural or entry.key) == holes(hole, entry.text), entry.key
        if entry.plural:
            assert holes(hole, entry.key) == holes(hole, entry.one), entry.key


def holes(hole: str, text: str) -> list[str]:
    return sorted(re.findall(hole, text))


# --- what the scripts of the chamber say ----------------------------------------------------

SCRIPTS = SOURCES / "council" / "static" / "council"
PAGES = {
    "console*.js": wording.console_sentences,
    "seat*.js": seat_sentences,
    "tabellone.js": wording.screen_sentences,
    "overlay.js": wording.screen_sentences,
}
# What looks like words and is not read by people: of HTTP, keys, time zones; an error that is
# caught; the end of a sentence's name; a rule as the server names it.
KEYS = ("Enter", "Escape")
HEADERS = ("Accept", "Content-Type", "X-CSRFToken", "POST", "GET")
OTHERS = ("Europe/Rome", "no answer", "Waiting", "un voto a testa")
TECHNICAL = frozenset((*KEYS, *HEADERS, *OTHERS))


@pytest.mark.parametrize("pattern", PAGES)
def test_the_scripts_say_only_what_the_page_gives_them(pattern: str) -> None:
    """A sentence is asked for by its name, or by the start of a name whose end is data."""
    known = PAGES[pattern]()
    source = "".join(path.read_text(encoding="utf-8") for path in SCRIPTS.glob(pattern))
    asked = re.findall(r'\bsay\("([^"]+)"', source)
    begun = set(re.findall(r"\bsay\(`([\w.]+\.)\$\{", source))
    assert len(asked) > 5
    assert [name for name in asked if name not in known] == []
    assert [name for name in begun if not any(key.startswith(name) for key in known)] == []


def test_the_console_is_given_no_sentence_that_it_never_says() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in SCRIPTS.glob("console*.js"))
    begun = tuple(set(re.findall(r"\bsay\(`([\w.]+\.)\$\{", source)))
    own = set(wording.console_sentences()) - set(wording.board_sentences())
    assert [key for key in own if f'"{key}"' not in source and not key.startswith(begun)] == []


def test_no_sentence_stands_in_a_script_of_the_chamber() -> None:
    """Words people read begin with a capital or have an accent; two words are a sentence."""
    found = [
        (path.name, text)
        for path in sorted(SCRIPTS.glob("*.js"))
        for text in literals(path.read_text(encoding="utf-8"))
        if is_said(text)
    ]
    assert found == []


def literals(source: str) -> Iterator[str]:
    """Yield the strings of a script, templates without their gaps; comments are left out."""
    code = re.sub(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", "", source, flags=re.DOTALL)
    code = re.sub(r"^import .*$|class: (`[^`]*`|\"[^\"]*\")", "", code, flags=re.MULTILINE)
    for quoted in re.finditer(r'"([^"\n]*)"|`([^`\n]*)`', code):
        yield re.sub(r"\$\{[^}]*\}", "", quoted[1] or quoted[2] or "").strip()


def is_said(text: str) -> bool:
    has_words = re.search(r"[À-ÿ’«»]|^[A-Z][a-z]{2,}\b|^[a-z]{2,} [a-z]{2,}", text)
    return bool(has_words) and not text.startswith("Arrow") and text not in TECHNICAL


# --- where sentences are ----------------------------------------------------------------------


def in_templates() -> Iterator[str]:
    for path in sorted(SOURCES.glob("*/templates/**/*.html")):
        source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        quoted = r"""(u?(["']).+?(?<!\\)\2)"""
        for call in re.finditer(rf"(?<!p)gettext\({quoted}[,)]", source):
            yield ast.literal_eval(call[1]).replace("%%", "%")
        for call in re.finditer(r"""pgettext\(u?"(\w+)", u?"([^"]+)"\)""", source):
            yield f"{call[1]}{CONTEXT}{call[2]}"


def in_code() -> Iterator[str]:
    for path in sorted(SOURCES.glob("*/**/*.py")):
        if {"tests", "migrations"} & set(path.parts):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in MARKED:
                continue
            if isinstance(node.args[0], ast.Constant):  # others are a class's own words
                yield str(node.args[0].value)


def in_models() -> Iterator[str]:
    """Yield the labels of every choice that the council's and the live pages show."""
    for name in ("council", "live"):
        for model in apps.get_app_config(name).get_models():
            for field in model._meta.get_fields():
                for _value, label in getattr(field, "choices", None) or ():
                    yield str(label)


def refusals(kind: type[DomainError]) -> Iterator[type[DomainError]]:
    yield kind
    for child in kind.__subclasses__():
        if child.__module__.startswith("arengo.") and ".tests." not in child.__module__:
            yield from refusals(child)
