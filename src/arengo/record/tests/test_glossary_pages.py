"""The glossary of a Comune: taught by corrections, used in a sitting, told to the hearing."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from django.test import Client
from spoken_sitting import folder_of, hold

from arengo.council.models import Sitting
from arengo.kernel.models import Comune, User
from arengo.kernel.scope import scope
from arengo.live.names_wanted import names_known
from arengo.live.operations import close_broadcast, open_broadcast
from arengo.live.sitting_file import describe
from arengo.record import glossary
from arengo.record.engine.edits import TextFixed
from arengo.record.errors import GlossaryEmpty, GlossaryTwice, NothingChosen
from arengo.record.transcripts import append, transcript_of

HOME = "/consiglio/pero/glossario/"


@pytest.fixture
def held(pero: Comune, make_sitting: Callable[..., Sitting]) -> Sitting:
    """Return a closed sitting in which Beretta spoke of via Sempione."""
    sitting = hold(pero, make_sitting)
    os.utime(folder_of(sitting) / "cues.jsonl", (1_000_000, 1_000_000))
    open_broadcast(comune=pero, sitting=sitting, by=None)
    return close_broadcast(comune=pero, sitting=sitting, by=None)


@pytest.fixture
def clerk(client: Client, anna: User) -> Client:
    """Return Anna's browser."""
    client.force_login(anna)
    return client


def text_of(pero: Comune, sitting: Sitting) -> str:
    words = transcript_of(comune=pero, sitting=sitting).words()
    return " ".join(word.text for word in words)


def correct(pero: Comune, held: Sitting, anna: User) -> None:
    fix = TextFixed(("c0.4",), ("Sempione",), "Sanzio")
    append(comune=pero, sitting=held, edit=fix, by=anna)


def test_a_correction_is_proposed_once_and_enters_only_when_somebody_says_so(
    pero: Comune, held: Sitting, anna: User, clerk: Client
) -> None:
    correct(pero, held, anna)
    page = clerk.get(HOME).content.decode()
    assert "<del>Sempione</del> <ins>Sanzio</ins>" in page
    asked = {"cosa": "impara", "sentito": "Sempione", "scritto": "Sanzio", "tipo": "street"}
    clerk.post(HOME, asked)
    (line,) = glossary.lines_of(comune=pero)
    assert (line.entry.written, line.entry.kind, line.heard) == ("Sanzio", "street", ("Sempione",))
    assert glossary.learned_of(comune=pero) == []


def test_what_was_refused_is_not_proposed_again(
    pero: Comune, held: Sitting, anna: User, clerk: Client
) -> None:
    correct(pero, held, anna)
    clerk.post(HOME, {"cosa": "scarta", "sentito": "Sempione", "scritto": "Sanzio"})
    assert glossary.learned_of(comune=pero) == []
    assert glossary.lines_of(comune=pero) == []


def test_names_and_streets_are_told_to_the_hearing_and_acronyms_are_not(
    pero: Comune, held: Sitting, anna: User
) -> None:
    for written, kind in (("Via Figino", "street"), ("PGT", "acronym")):
        glossary.add_entry(comune=pero, written=written, kind=kind, by=anna)
    assert names_known(pero) == ["Via Figino"]
    with scope(pero):
        assert describe(held)["roster"][-1] == "Via Figino"


def test_the_glossary_is_applied_to_a_sitting_where_somebody_marks_it(
    pero: Comune, held: Sitting, anna: User, clerk: Client
) -> None:
    glossary.add_entry(comune=pero, written="Sanzio", kind="street", heard=["sempione"], by=anna)
    address = f"/consiglio/pero/sedute/{held.uid}/trascrizione/sostituisci/"
    page = clerk.get(address, {"glossario": "1"}).content.decode()
    assert "<ins>Sanzio</ins>" in page
    assert "Sempione" in text_of(pero, held)
    (hit,) = glossary.suggestions_of(comune=pero, sitting=held)
    clerk.post(address, {"glossario": "1", "posto": hit.place.words[0]})
    assert "Sanzio" in text_of(pero, held)
    assert glossary.suggestions_of(comune=pero, sitting=held) == []


def test_a_text_is_replaced_only_where_it_is_marked(
    pero: Comune, held: Sitting, clerk: Client
) -> None:
    address = f"/consiglio/pero/sedute/{held.uid}/trascrizione/sostituisci/"
    before = text_of(pero, held)
    asked = {"cerca": "sempione", "con": "Figino"}
    refused = clerk.post(address, asked).content.decode()
    assert "Segna almeno un punto" in refused
    assert text_of(pero, held) == before
    (hit,) = glossary.hits_of(comune=pero, sitting=held, text="sempione", by="Figino")
    clerk.post(address, asked | {"posto": hit.place.words[0]})
    assert text_of(pero, held) == before.replace("Sempione", "Figino")


def test_one_form_is_not_corrected_into_two(pero: Comune, anna: User) -> None:
    glossary.add_entry(comune=pero, written="Figino", kind="street", heard=["fighino"], by=anna)
    with pytest.raises(GlossaryTwice):
        glossary.add_entry(comune=pero, written="Fighi", kind="other", heard=["Fighìno"], by=anna)
    with pytest.raises(GlossaryEmpty):
        glossary.add_entry(comune=pero, written="  ", kind="other", by=anna)


def test_an_entry_is_changed_and_removed(pero: Comune, anna: User, clerk: Client) -> None:
    entry = glossary.add_entry(comune=pero, written="Figino", kind="other", heard=["a b"], by=anna)
    asked = {"cosa": "cambia", "voce": entry.pk, "scritto": "via Figino", "tipo": "street"}
    clerk.post(HOME, asked | {"sentito": "fighino, vigino"})
    (line,) = glossary.lines_of(comune=pero)
    assert (line.entry.written, set(line.heard)) == ("via Figino", {"fighino", "vigino"})
    clerk.post(HOME, {"cosa": "togli", "voce": entry.pk})
    assert glossary.lines_of(comune=pero) == []


def test_nothing_chosen_is_refused(pero: Comune, held: Sitting, anna: User) -> None:
    with pytest.raises(NothingChosen):
        glossary.replace_hits(
            comune=pero, sitting=held, hits=[], chosen=["w"], text="", by_text="", by=anna
        )
