"""The public pages: what was decided, who did what, feeds; and nothing that is not for everyone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from chamber import make_agenda, opinions, play, roll_call, seat_council, vote
from django.test import Client
from lxml import etree
from spoken_sitting import push_board, put_words

from arengo.council.models import Sitting
from arengo.kernel import clock
from arengo.kernel.models import Comune, Job
from arengo.kernel.scope import scope
from arengo.live.operations import close_broadcast, open_broadcast
from arengo.record.archive import index_sitting
from arengo.record.decisions import keep_decisions
from arengo.record.errors import SittingNotOver
from arengo.record.events import omission_made
from arengo.record.models import Decision
from arengo.record.passages import passages_of
from arengo.record.queries.decisions import decided_in, member_of
from arengo.record.queries.search import search

ATOM = "{http://www.w3.org/2005/Atom}"
SPEECH = "Le risorse per via Sempione ci sono e i lavori cominciano a marzo."
MAKE = Callable[..., Sitting]


@pytest.fixture
def evening(pero: Comune, make_sitting: MAKE) -> tuple[Sitting, str]:
    """Return a closed sitting that Beretta spoke in and voted against, and her number."""
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
    closed = close_broadcast(comune=pero, sitting=sitting, by=None)
    keep_decisions(comune=pero, sitting=closed)
    index_sitting(comune=pero, sitting=closed, passages=passages_of(comune=pero, sitting=closed))
    return closed, ids["Beretta"]


def test_a_decision_says_who_voted_what_and_where_to_see_it(
    evening: tuple[Sitting, str], client: Client
) -> None:
    sitting, _ = evening
    page = client.get(f"/pero/sedute/{sitting.uid}/decisioni/").content.decode()
    assert "Il Consiglio ha approvato" in page
    assert "1 contrario (" in page
    assert "Beretta" in page
    seconds = re.findall(rf"/pero/sedute/{sitting.uid}/#t=(\d+)", page)
    assert [int(one) for one in seconds] == [pytest.approx(185, abs=15)]
    assert "non sostituisce il verbale" in page
    assert "Il Consiglio ha approvato" in client.get("/pero/decisioni/").content.decode()


def test_a_councillor_has_presence_speeches_and_votes(
    evening: tuple[Sitting, str], client: Client
) -> None:
    sitting, beretta = evening
    found = member_of(comune=sitting.comune, person_id=beretta)
    assert [one.status for one in found.presences] == ["present"]
    assert [one.text for one in found.speeches] == [f"{SPEECH} Grazie a tutti."]
    assert [one.choice for one in found.votes] == ["against"]
    answer = client.get(f"/pero/consiglieri/{beretta}/")
    page = answer.content.decode()
    assert "non è una classifica" in page
    assert "contrario" in page
    assert "X-Robots-Tag" not in answer.headers
    assert f"/pero/consiglieri/{beretta}/" in client.get("/pero/consiglieri/").content.decode()


@pytest.mark.parametrize("number", ["0", "abc", "9" * 30, "１"])
def test_who_is_nobody_is_not_found(pero: Comune, client: Client, number: str) -> None:
    assert client.get(f"/pero/consiglieri/{number}/").status_code == 404


def test_a_search_tells_the_vote_that_followed(
    evening: tuple[Sitting, str], client: Client
) -> None:
    sitting, _ = evening
    (hit,) = search(comune=sitting.comune, text='"via Sempione"').hits
    assert hit.vote is not None
    assert hit.vote.told[0].startswith("Il Consiglio ha approvato")
    page = client.get("/pero/archivio/?q=sempione").content.decode()
    assert "Poi si è votato" in page


def test_feeds_are_atom_and_tell_what_was_decided_and_said(
    evening: tuple[Sitting, str], client: Client
) -> None:
    for name, words in (("decisioni", "ha approvato"), ("cerca", "via Sempione")):
        answer = client.get(f"/pero/avvisi/{name}.atom", {"q": '"via Sempione"'})
        assert answer.headers["Content-Type"].startswith("application/atom+xml")
        feed = etree.fromstring(answer.content)
        assert feed.tag == f"{ATOM}feed"
        assert feed.findtext(f"{ATOM}updated")
        ids = [one.text or "" for one in feed.iter(f"{ATOM}id")]
        assert len(ids) == len(set(ids)) == 2
        assert all(one.startswith("http") for one in ids)
        assert words in (feed.findtext(f".//{ATOM}content") or "")


@pytest.mark.parametrize("asked", ["", "' OR 1=1", "voto:forse", "🏛" * 9, "a" * 10_000])
def test_a_feed_of_words_without_sense_is_empty(pero: Comune, client: Client, asked: str) -> None:
    answer = client.get("/pero/avvisi/cerca.atom", {"q": asked})
    assert answer.status_code == 200
    assert etree.fromstring(answer.content).find(f"{ATOM}entry") is None


def test_a_sitting_under_way_has_no_decisions_yet(
    pero: Comune, make_sitting: MAKE, client: Client
) -> None:
    sitting = make_sitting(pero)
    with pytest.raises(SittingNotOver):
        keep_decisions(comune=pero, sitting=sitting)
    page = client.get(f"/pero/sedute/{sitting.uid}/decisioni/").content.decode()
    assert "non è conclusa" in page


def test_closing_and_omitting_ask_for_the_decisions_anew(evening: tuple[Sitting, str]) -> None:
    sitting, _ = evening
    with scope(sitting.comune):
        before = Job.objects.filter(key__startswith=f"decisions {sitting.uid}").count()
        assert before == 1
        omission_made.send(None, comune=sitting.comune, sitting=sitting, start_s=1.0, end_s=2.0)
        assert Job.objects.filter(key__startswith=f"decisions {sitting.uid}").count() == 2


def test_telling_twice_keeps_one_of_each(evening: tuple[Sitting, str]) -> None:
    sitting, _ = evening
    first = [one.told for one in decided_in(comune=sitting.comune, sitting=sitting)]
    keep_decisions(comune=sitting.comune, sitting=sitting)
    assert [one.told for one in decided_in(comune=sitting.comune, sitting=sitting)] == first
    with scope(sitting.comune):
        assert Decision.objects.count() == len(first) == 1
