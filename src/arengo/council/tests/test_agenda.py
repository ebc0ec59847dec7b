"""The agenda before the sitting: items in order, documents by their bytes, opinions."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest
from convened import PDF, convene, proposal, seat_council
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arengo.council.document_file import document_path
from arengo.council.errors import (
    AgendaFrozen,
    DocumentEmpty,
    DocumentRefused,
    DocumentTooLarge,
    ItemAnnounced,
    ItemTitleMissing,
)
from arengo.council.models import AgendaItem, Document, ItemType, Opinion, OpinionType, Sitting
from arengo.council.operations import open_sitting
from arengo.council.operations.agenda import (
    LIMIT_MB,
    MEGABYTE,
    ItemFacts,
    add_document,
    add_item,
    edit_item,
    give_opinion,
    move_item,
    remove_item,
    remove_item_document,
)
from arengo.council.queries.agenda import (
    agenda_items,
    agenda_lines,
    get_document,
    get_item,
    journal_items,
    journal_opinions,
)
from arengo.kernel.errors import NotFound
from arengo.kernel.models import AuditEntry, Comune, User


def titles(comune: Comune, sitting: Sitting) -> list[str]:
    items = agenda_items(comune=comune, sitting=sitting)
    assert [item.position for item in items] == list(range(1, len(items) + 1))
    return [item.title for item in items]


@pytest.fixture
def three(pero: Comune, sitting: Sitting) -> list[AgendaItem]:
    """Return the items A, B, C."""
    return [proposal(pero, sitting, title) for title in "ABC"]


def test_an_item_goes_to_the_end_with_the_usual_majority_of_its_type(
    pero: Comune, sitting: Sitting, three: list[AgendaItem], anna: User
) -> None:
    facts = ItemFacts(title="  Contro  il rumore ", type=ItemType.MOTION)
    item = add_item(comune=pero, sitting=sitting, facts=facts, by=anna)
    assert (item.position, item.title, item.subject) == (4, "Contro il rumore", "motion")
    assert not item.is_supplementary
    entry = AuditEntry.across.latest("id")
    assert (entry.action, entry.actor_id, entry.subject) == (
        "council.add_item",
        anna.pk,
        sitting.uid,
    )


def test_an_item_needs_a_title(pero: Comune, sitting: Sitting) -> None:
    with pytest.raises(ItemTitleMissing):
        proposal(pero, sitting, "  ")


def test_items_change_places_and_stay_at_the_ends(
    pero: Comune, sitting: Sitting, three: list[AgendaItem]
) -> None:
    move_item(comune=pero, item=three[2], direction="up", by=None)
    assert titles(pero, sitting) == ["A", "C", "B"]
    move_item(comune=pero, item=three[0], direction="up", by=None)
    assert titles(pero, sitting) == ["A", "C", "B"]
    move_item(comune=pero, item=three[0], direction="down", by=None)
    assert titles(pero, sitting) == ["C", "A", "B"]


@pytest.mark.slow
@given(moves=st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["up", "down"])), max_size=6))
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_moves_lose_an_item(
    pero: Comune, sitting: Sitting, three: list[AgendaItem], moves: list[tuple[int, str]]
) -> None:
    for which, direction in moves:
        move_item(comune=pero, item=three[which], direction=direction, by=None)  # type: ignore[arg-type]  # drawn
    assert sorted(titles(pero, sitting)) == ["A", "B", "C"]


def test_removing_an_item_takes_its_papers_and_moves_the_others_up(
    pero: Comune,
    sitting: Sitting,
    three: list[AgendaItem],
    django_capture_on_commit_callbacks: object,
) -> None:
    document = add_document(comune=pero, item=three[0], title="D", content=PDF, by=None)
    opinion(pero, three[0])
    path = document_path(istat_code=pero.pk, uid=document.uid)
    assert path.read_bytes() == PDF
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # a fixture
        remove_item(comune=pero, item=three[0], by=None)
    assert titles(pero, sitting) == ["B", "C"]
    assert not path.exists()
    assert not Document.across.exists()
    assert not Opinion.across.exists()


def opinion(comune: Comune, item: AgendaItem, verdict: str = "favourable") -> Opinion:
    return give_opinion(
        comune=comune,
        item=item,
        type=OpinionType.TECHNICAL,
        verdict=verdict,  # type: ignore[arg-type]  # of a test
        given_on=date(2026, 11, 20),
        by_whom="Ing. Rota, Lavori pubblici",
        by=None,
    )


def test_after_the_notice_an_item_stays_as_it_was_told(pero: Comune, sitting: Sitting) -> None:
    item = convene(pero, sitting).item
    for refused in (
        lambda: edit_item(comune=pero, item=item, facts=ItemFacts(title="Altro"), by=None),
        lambda: remove_item(comune=pero, item=item, by=None),
        lambda: move_item(comune=pero, item=item, direction="down", by=None),
    ):
        with pytest.raises(ItemAnnounced, match="Variazione di bilancio"):
            refused()
    kept = ItemFacts(title=item.title, wants_immediate=True)
    assert edit_item(comune=pero, item=item, facts=kept, by=None).wants_immediate


def test_an_item_added_after_the_notice_is_supplementary(pero: Comune, sitting: Sitting) -> None:
    convene(pero, sitting)
    assert proposal(pero, sitting, "Urgente").is_supplementary


def test_once_the_sitting_began_the_agenda_is_the_consoles(
    pero: Comune, sitting: Sitting, three: list[AgendaItem]
) -> None:
    open_sitting(comune=pero, sitting=sitting, by=None)
    for refused in (
        lambda: proposal(pero, sitting, "D"),
        lambda: remove_item(comune=pero, item=three[0], by=None),
        lambda: move_item(comune=pero, item=three[0], direction="down", by=None),
        lambda: add_document(comune=pero, item=three[0], title="D", content=PDF, by=None),
        lambda: opinion(pero, three[0]),
    ):
        with pytest.raises(AgendaFrozen, match="console"):
            refused()
    assert titles(pero, sitting) == ["A", "B", "C"]


def test_nobody_changes_the_next_towns_agenda(
    pero: Comune, rho: Comune, sitting: Sitting, three: list[AgendaItem]
) -> None:
    with pytest.raises(NotFound):
        proposal(rho, sitting, "Nostro")
    with pytest.raises(NotFound):
        get_item(comune=rho, sitting=sitting, item_id=str(three[0].pk))
    with pytest.raises(NotFound):
        move_item(comune=rho, item=three[0], direction="down", by=None)


@pytest.mark.parametrize("item_id", ["", "x", "-1", "9" * 30, "٣"])
def test_an_odd_item_is_not_found(pero: Comune, sitting: Sitting, item_id: str) -> None:
    with pytest.raises(NotFound):
        get_item(comune=pero, sitting=sitting, item_id=item_id)


def test_a_document_is_kept_by_its_digest_under_a_name_of_ours(
    pero: Comune, three: list[AgendaItem], data_folder: Path
) -> None:
    document = add_document(
        comune=pero, item=three[0], title="../../etc/passwd", content=PDF, by=None
    )
    assert document.sha256 == hashlib.sha256(PDF).hexdigest()
    assert (document.size, document.content_type) == (len(PDF), "application/pdf")
    written = [path for path in data_folder.rglob("*") if path.is_file()]
    assert written == [data_folder / "documents" / pero.pk / document.uid]


def test_a_file_over_the_limit_is_refused_and_one_at_the_limit_is_not(
    pero: Comune, three: list[AgendaItem], data_folder: Path
) -> None:
    whole = PDF.ljust(LIMIT_MB * MEGABYTE, b" ")
    assert add_document(comune=pero, item=three[0], title="D", content=whole, by=None).size == len(
        whole
    )
    with pytest.raises(DocumentTooLarge, match="21 MB: il limite è 20 MB"):
        add_document(comune=pero, item=three[0], title="D", content=whole + b" ", by=None)
    assert len(list((data_folder / "documents" / pero.pk).iterdir())) == 1


@pytest.mark.parametrize(
    ("content", "refusal"),
    [(b"", DocumentEmpty), (b"<html>", DocumentRefused), (b"MZ", DocumentRefused)],
)
def test_what_is_no_document_is_refused(
    pero: Comune, three: list[AgendaItem], content: bytes, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        add_document(comune=pero, item=three[0], title="D.pdf", content=content, by=None)
    assert not Document.across.exists()


def test_a_removed_document_leaves_its_digest_in_the_audit_trail(
    pero: Comune, three: list[AgendaItem]
) -> None:
    document = add_document(comune=pero, item=three[0], title="D", content=PDF, by=None)
    remove_item_document(comune=pero, document=document, by=None)
    entry = AuditEntry.across.latest("id")
    assert entry.action == "council.remove_document"
    assert entry.facts["sha256"] == hashlib.sha256(PDF).hexdigest()


@pytest.mark.parametrize("flag", ["is_secret", "is_sensitive"])
def test_papers_of_a_reserved_item_are_never_public(
    pero: Comune, sitting: Sitting, flag: str
) -> None:
    """Even those attached before it was reserved."""
    item = proposal(pero, sitting, "A")
    early = add_document(comune=pero, item=item, title="Prima", content=PDF, by=None)
    edit_item(comune=pero, item=item, facts=ItemFacts(title="A", **{flag: True}), by=None)  # type: ignore[arg-type]  # a flag
    item.refresh_from_db()
    late = add_document(comune=pero, item=item, title="Dopo", content=PDF, by=None)
    assert not late.is_public
    for document in (early, late):
        with pytest.raises(NotFound):
            get_document(comune=pero, sitting=sitting, document_uid=document.uid)
        for_members = get_document(
            comune=pero, sitting=sitting, document_uid=document.uid, is_for_public=False
        )
        assert for_members == document
    assert journal_items(comune=pero, sitting=sitting)[0].documents == ()


def test_the_journal_gets_items_with_opinions_due_and_public_papers(
    pero: Comune, sitting: Sitting
) -> None:
    people = seat_council(pero)
    item = proposal(
        pero,
        sitting,
        "Variazione di bilancio",
        affects_spending=True,
        rapporteur=people["colnaghi"],
    )
    document = add_document(comune=pero, item=item, title="Relazione", content=PDF, by=None)
    add_document(comune=pero, item=item, title="Bozza", content=PDF, is_public=False, by=None)
    proposal(pero, sitting, "Pace", type=ItemType.MOTION)
    first, second = journal_items(comune=pero, sitting=sitting)
    assert (first.id, first.number, first.rapporteur) == (str(item.pk), "1", "Ambrogio Colnaghi")
    assert first.opinions_due == ("technical", "accounting")
    assert [(one.title, one.url) for one in first.documents] == [
        ("Relazione", f"/pero/sedute/{sitting.uid}/documenti/{document.uid}/")
    ]
    assert (second.type, second.subject, second.opinions_due) == ("motion", "motion", ())


def test_an_opinion_is_corrected_not_given_twice(
    pero: Comune, sitting: Sitting, three: list[AgendaItem]
) -> None:
    opinion(pero, three[0])
    opinion(pero, three[0], "contrary")
    assert [one.verdict for one in journal_opinions(comune=pero, sitting=sitting)] == ["contrary"]
    line = agenda_lines(comune=pero, sitting=sitting)[0]
    assert line.missing == ()


def test_missing_opinions_are_named(pero: Comune, sitting: Sitting) -> None:
    item = proposal(pero, sitting, "A", affects_spending=True)
    opinion(pero, item)
    assert agenda_lines(comune=pero, sitting=sitting)[0].missing == ("Regolarità contabile",)


@pytest.mark.slow
@pytest.mark.parametrize("count", [2, 20])
def test_the_agenda_is_read_with_as_many_queries_however_long(
    pero: Comune, sitting: Sitting, count: int, django_assert_num_queries: object
) -> None:
    for number in range(count):
        item = proposal(pero, sitting, f"Punto {number}")
        add_document(comune=pero, item=item, title="D", content=PDF, by=None)
    with django_assert_num_queries(4):  # type: ignore[operator]  # a fixture
        agenda_lines(comune=pero, sitting=sitting)
