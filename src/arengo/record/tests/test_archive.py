"""The archive: what enters it, what is found in it, and what leaves no trace."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from chamber import make_agenda, opinions, play, roll_call, seat_council, vote
from django.db import connection
from django.test import Client
from spoken_sitting import push_board, put_words

from arengo.council.engine.search import SearchUnreadable
from arengo.council.models import Sitting
from arengo.kernel import clock, jobs
from arengo.kernel.models import Comune, Job
from arengo.kernel.scope import scope
from arengo.live.operations import close_broadcast, open_broadcast
from arengo.record import archive, tasks, transcripts
from arengo.record.archive import TraceLeft, index_sitting
from arengo.record.errors import SittingNotOver
from arengo.record.models import Passage, PassageKind
from arengo.record.passages import Piece, passages_of
from arengo.record.queries.search import PAGE, search

SPEECH = "Le risorse per via Sempione ci sono e i lavori cominciano a marzo."
MAKE = Callable[..., Sitting]


@pytest.fixture
def words_left() -> Iterator[None]:
    """Empty SQLite's index after a test that is not rolled back."""
    yield
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO record_words(record_words) VALUES ('delete-all')")


@pytest.fixture
def make_closed(pero: Comune, make_sitting: MAKE) -> MAKE:
    """Return a maker of closed sittings of Pero."""

    def make(comune: Comune = pero, **facts: object) -> Sitting:
        sitting = make_sitting(comune, **facts)
        open_broadcast(comune=comune, sitting=sitting, by=None)
        return close_broadcast(comune=comune, sitting=sitting, by=None)

    return make


@pytest.fixture
def held(pero: Comune, make_sitting: MAKE) -> Sitting:
    """Return a closed sitting in which Beretta spoke, voted against, and then all was secret."""
    ids = seat_council(pero)
    at = clock.now() - timedelta(hours=1)
    sitting = make_sitting(pero, title="Consiglio comunale", scheduled_at=at)
    open_broadcast(comune=pero, sitting=sitting, by=None)
    items = make_agenda(sitting)
    state = play(sitting, at=at)
    play(sitting, *roll_call(state), ("sitting_opened", {}), at=at)
    called_at = at + timedelta(seconds=100)
    play(sitting, *opinions(state), ("item_called", {"item": str(items[1].pk)}), at=called_at)
    push_board(sitting)
    spoke_at = at + timedelta(seconds=120)
    play(sitting, ("floor_given", {"member": ids["Beretta"]}), at=spoke_at)
    push_board(sitting)
    play(sitting, ("floor_ended", {}), at=spoke_at + timedelta(seconds=30))
    choices = dict.fromkeys(state.members, "favour") | {ids["Beretta"]: "against"}
    voters = {one: choices[one] for one, member in state.members.items() if member.votes}
    play(sitting, *vote("Variazione di bilancio", voters), at=at + timedelta(seconds=180))
    put_words(sitting, [(122.0, SPEECH), (127.0, "Grazie a tutti.")], began_at=at)
    push_board(sitting)
    return close_broadcast(comune=pero, sitting=sitting, by=None)


def put(sitting: Sitting, *texts: str) -> None:
    pieces = [Piece(PassageKind.SPEECH, text, float(k)) for k, text in enumerate(texts)]
    index_sitting(comune=sitting.comune, sitting=sitting, passages=pieces)


def found(comune: Comune, text: str) -> list[str]:
    return [hit.passage.text for hit in search(comune=comune, text=text).hits]


# --- what enters --------------------------------------------------------------------------


def test_words_items_and_votes_of_a_sitting_are_its_passages(held: Sitting) -> None:
    pieces = passages_of(comune=held.comune, sitting=held)
    by_kind = {kind: [one for one in pieces if one.kind == kind] for kind in PassageKind}
    (said,) = by_kind[PassageKind.SPEECH]
    assert said.text == f"{SPEECH} Grazie a tutti."
    assert said.speaker.endswith("Beretta")
    assert said.start_s == 122.0
    assert said.item_number == "2"
    assert set(said.votes) == {"approved", "against"}
    assert [one.start_s for one in by_kind[PassageKind.ITEM]] == [pytest.approx(100, abs=20)]
    assert by_kind[PassageKind.VOTE][0].text.startswith("Variazione di bilancio")
    assert [one.start_s for one in pieces] == sorted(one.start_s or 0 for one in pieces)


def test_a_passage_is_found_by_word_person_item_and_vote(held: Sitting) -> None:
    comune = held.comune
    index_sitting(comune=comune, sitting=held, passages=passages_of(comune=comune, sitting=held))
    said = f"{SPEECH} Grazie a tutti."
    assert found(comune, "risorsa sempione") == [said]
    assert found(comune, '"via Sempione" persona:Beretta') == [said]
    assert said in found(comune, "punto:rifiuti voto:contrario")
    assert found(comune, "sempione voto:favorevole") == []
    assert len(found(comune, "voto:approvato")) == 3


def test_nothing_said_in_secret_enters(held: Sitting, make_sitting: MAKE) -> None:
    """The folder is cut by the studio; what a cut has left there is passed over all the same."""
    comune = held.comune
    at = clock.now() - timedelta(minutes=30)
    sitting = make_sitting(comune, title="Seduta segreta", scheduled_at=at)
    open_broadcast(comune=comune, sitting=sitting, by=None)
    make_agenda(sitting)
    state = play(sitting, at=at)
    play(sitting, *roll_call(state), ("sitting_opened", {}), at=at)
    play(
        sitting,
        ("secret_began", {"requester": "Sindaca", "reason": "persone"}),
        at=at + timedelta(seconds=90),
    )
    put_words(sitting, [(30.0, "Questo è pubblico."), (120.0, "Questo no.")], began_at=at)
    closed = close_broadcast(comune=comune, sitting=sitting, by=None)
    assert [one.text for one in passages_of(comune=comune, sitting=closed)] == [
        "Questo è pubblico."
    ]


def test_a_sitting_without_a_journal_is_searched_by_its_words(make_closed: MAKE) -> None:
    sitting = make_closed()
    put_words(sitting, [(2.0, SPEECH)], began_at=clock.now())
    pieces = passages_of(comune=sitting.comune, sitting=sitting)
    assert [(one.text, one.speaker) for one in pieces] == [(SPEECH, "")]


def test_a_long_speech_is_cut_at_its_sentences(make_closed: MAKE) -> None:
    sitting = make_closed()
    sentence = " ".join(["parola"] * 11) + " fine."
    put_words(sitting, [(4.0 * k, sentence) for k in range(10)], began_at=clock.now())
    pieces = passages_of(comune=sitting.comune, sitting=sitting)
    assert [len(one.text.split()) for one in pieces] == [36, 36, 36, 12]


def test_only_a_closed_sitting_enters(sitting: Sitting) -> None:
    with pytest.raises(SittingNotOver, match="non è conclusa"):
        put(sitting, SPEECH)


# --- when it enters -------------------------------------------------------------------------


def test_closing_a_sitting_asks_for_the_job_once(held: Sitting) -> None:
    with scope(held.comune):
        assert Job.objects.filter(key=f"archive {held.uid} closed").count() == 1


def test_the_job_indexes_what_there_is_and_comes_back_while_words_come(
    held: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(jobs.NotYet):
        tasks.index_closed.call(comune=held.comune, uid=held.uid)
    assert len(found(held.comune, "sempione")) == 1
    monkeypatch.setattr(transcripts, "QUIET_S", -1.0)
    tasks.index_closed.call(comune=held.comune, uid=held.uid)
    assert len(found(held.comune, "sempione")) == 1


# --- what is found --------------------------------------------------------------------------


def test_the_latest_sitting_comes_first_whatever_was_indexed_first(make_closed: MAKE) -> None:
    late = make_closed()
    with clock.frozen(clock.now() - timedelta(days=30)):
        early = make_closed(scheduled_at=clock.now())
    put(late, "Sempione oggi")
    put(early, "Sempione un mese fa")
    assert found(late.comune, "sempione") == ["Sempione oggi", "Sempione un mese fa"]
    since = f"{clock.now():%d/%m/%Y}"
    assert found(late.comune, f"sempione dal:{since}") == ["Sempione oggi"]
    assert found(late.comune, f"dal:{since}") == ["Sempione oggi"]


def test_two_sittings_of_one_day_do_not_touch(make_closed: MAKE) -> None:
    one, two = make_closed(), make_closed()
    put(one, "Sempione mattina", "cavalcavia")
    put(two, "Sempione sera")
    put(one, "Sempione mattina presto")
    assert set(found(one.comune, "sempione")) == {"Sempione mattina presto", "Sempione sera"}


def test_another_town_finds_nothing_of_ours(make_closed: MAKE, rho: Comune) -> None:
    put(make_closed(), "Sempione")
    assert found(rho, "sempione") == []


def test_what_was_replaced_is_found_no_more(make_closed: MAKE) -> None:
    sitting = make_closed()
    put(sitting, "edilizia scolastica", "viabilità")
    put(sitting, "viabilità")
    assert found(sitting.comune, "edilizia") == []
    assert found(sitting.comune, '"edilizia scolastica"') == []
    assert found(sitting.comune, "viabilita") == ["viabilità"]


def test_pages_hold_twenty_and_one_too_far_is_the_last(make_closed: MAKE) -> None:
    sitting = make_closed()
    put(sitting, *(f"Sempione {k}" for k in range(PAGE + 3)))
    first = search(comune=sitting.comune, text="sempione")
    last = search(comune=sitting.comune, text="sempione", page=99)
    assert (len(first.hits), first.total, first.pages) == (PAGE, PAGE + 3, 2)
    assert (len(last.hits), last.page) == (3, 2)


def test_what_was_looked_for_is_marked_in_the_text(make_closed: MAKE) -> None:
    sitting = make_closed()
    put(sitting, "Le delibere di via Sempione.")
    (hit,) = search(comune=sitting.comune, text='delibera "via sempione"').hits
    assert hit.pieces == (
        ("Le ", False),
        ("delibere", True),
        (" di ", False),
        ("via Sempione", True),
        (".", False),
    )


def test_the_number_of_queries_does_not_grow_with_the_results(
    make_closed: MAKE, django_assert_num_queries: Callable[..., object]
) -> None:
    sitting = make_closed()
    for count in (2, 20):
        put(sitting, *(f"Sempione {k}" for k in range(count)))
        with django_assert_num_queries(3):  # type: ignore[attr-defined]  # a context
            assert len(found(sitting.comune, "sempione")) == count


# --- what leaves no trace ---------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_what_was_taken_out_leaves_no_byte_in_the_file(make_closed: MAKE, words_left: None) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's vacuum does it")
    sitting = make_closed()
    put(sitting, "abracadabra riservato", *(f"parola {k}" for k in range(200)))
    path = Path(connection.settings_dict["NAME"])
    assert b"abracadabra" in _bytes(path)
    put(sitting, *(f"parola {k}" for k in range(200)))
    assert b"abracadabra" not in _bytes(path)
    assert len(found(sitting.comune, "parola")) == PAGE


@pytest.mark.django_db(transaction=True)
def test_a_forgetting_that_was_cut_short_is_done_the_next_time(
    make_closed: MAKE, words_left: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy() -> None:
        raise TraceLeft

    sitting = make_closed()
    put(sitting, "abracadabra", "parola")
    with monkeypatch.context() as patched:
        patched.setattr(archive, "forget_bytes", busy)
        with pytest.raises(TraceLeft):
            put(sitting, "parola")
    put(sitting, "parola")
    if connection.vendor == "sqlite":
        assert b"abracadabra" not in _bytes(Path(connection.settings_dict["NAME"]))
    assert found(sitting.comune, "abracadabra") == []


def _bytes(path: Path) -> bytes:
    log = path.with_name(path.name + "-wal")
    return path.read_bytes() + (log.read_bytes() if log.exists() else b"")


# --- the page ----------------------------------------------------------------------------------


def test_the_page_marks_and_escapes_what_was_found(make_closed: MAKE, client: Client) -> None:
    sitting = make_closed(title="Seduta <b>")
    put(sitting, "<script>alert(1)</script> Sempione")
    page = client.get("/pero/archivio/", {"q": "sempione"}).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; <mark>Sempione</mark>" in page
    assert "Seduta &lt;b&gt;" in page
    assert f'href="/pero/sedute/{sitting.uid}/#t=0"' in page


@pytest.mark.parametrize(
    ("q", "told"),
    [
        ("", "L’archivio è ancora vuoto"),
        ("sempione", "Nessun risultato per «sempione»"),
        ("' OR 1=1", "Nessun risultato"),
        ('"; DROP TABLE record_words --', "Nessun risultato"),
        ("NEAR(a b) * ^ -", "Nessun risultato"),
        ("<b>x", "«&lt;b&gt;x»"),
    ],
)
@pytest.mark.django_db
def test_the_page_says_what_it_did_not_find(
    q: str, told: str, pero: Comune, client: Client
) -> None:
    answer = client.get("/pero/archivio/", {"q": q})
    assert answer.status_code == 200
    assert told in answer.content.decode()


@pytest.mark.parametrize(
    ("q", "told"),
    [
        ("a" * 10_000, "al massimo 300 caratteri"),
        ("😀", "Niente da cercare"),
        ("'\x00", "Niente da cercare"),
        ("dal:32/13/2026", "la data non esiste"),
        ("voto:forse", "scrivi approvato"),
    ],
)
@pytest.mark.django_db
def test_a_query_that_has_no_sense_gets_a_plain_sentence(
    q: str, told: str, pero: Comune, client: Client
) -> None:
    answer = client.get("/pero/archivio/", {"q": q})
    assert answer.status_code == 422
    assert told in answer.content.decode()


@pytest.mark.parametrize("page", ["0", "-1", "x", "²", "9" * 40])
def test_a_page_that_is_no_number_is_one(page: str, make_closed: MAKE, client: Client) -> None:
    put(make_closed(), "Sempione")
    answer = client.get("/pero/archivio/", {"q": "sempione", "pagina": page})
    assert "1 risultato." in answer.content.decode()


def test_the_comune_page_leads_to_the_archive(make_closed: MAKE, client: Client) -> None:
    make_closed()
    assert 'href="/pero/archivio/"' in client.get("/pero/").content.decode()


def test_a_query_is_refused_by_the_engine(pero: Comune) -> None:
    with pytest.raises(SearchUnreadable):
        search(comune=pero, text="")
    with scope(pero):
        assert not Passage.objects.exists()
