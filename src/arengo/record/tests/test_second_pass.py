"""A sitting heard again: what differs is proposed, and nothing changes until somebody accepts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from spoken_sitting import put_words

from arengo import config
from arengo.council.models import Sitting
from arengo.kernel import clock, jobs
from arengo.kernel.executor import Here
from arengo.kernel.models import Comune, Job, User
from arengo.kernel.scope import scope
from arengo.live.engine.words import Word
from arengo.live.operations import close_broadcast, open_broadcast
from arengo.record import second_pass
from arengo.record.engine.edits import TextFixed
from arengo.record.engine.transcript import lines
from arengo.record.errors import SittingNotOver
from arengo.record.events import omission_made
from arengo.record.second_pass import decide, hear_again, hear_closed, proposals_of
from arengo.record.transcripts import append, transcript_of

SAID = [(10.0, "Via Semplione resta chiusa."), (20.0, "Grazie Semplione."), (30.0, "Va bene.")]
AGAIN = "via Sempione resta chiusa.", "Grazie Sempione.", "Va bene."


@pytest.fixture
def closed(
    pero: Comune, make_sitting: Callable[..., Sitting], monkeypatch: pytest.MonkeyPatch
) -> Sitting:
    """Return a closed sitting whose captions came long ago."""
    at = clock.now() - timedelta(hours=1)
    sitting = make_sitting(pero, title="Consiglio comunale", scheduled_at=at)
    open_broadcast(comune=pero, sitting=sitting, by=None)
    put_words(sitting, SAID, began_at=at)
    monkeypatch.setattr(second_pass, "is_being_heard", lambda _: False)
    monkeypatch.setattr("arengo.record.transcripts.is_being_heard", lambda _: False)
    monkeypatch.setattr(second_pass, "listen", lambda *asked: list(heard()))
    return close_broadcast(comune=pero, sitting=sitting, by=None)


def heard() -> list[Word]:
    found = []
    for (at_s, _), text in zip(SAID, AGAIN, strict=True):
        texts = text.split()
        each_s = 4.0 / len(texts)
        found += [
            Word(at_s + k * each_s, at_s + (k + 1) * each_s, word, 0.9)
            for k, word in enumerate(texts)
        ]
    return found


def again(sitting: Sitting) -> int:
    return hear_again(comune=sitting.comune, sitting=sitting, working=Here())


def told(sitting: Sitting) -> list[tuple[str, str]]:
    found = proposals_of(comune=sitting.comune, sitting=sitting)
    return [(one.old, one.offer.text) for one in found]


def text_of(sitting: Sitting) -> str:
    return " ".join(lines(transcript_of(comune=sitting.comune, sitting=sitting)))


def page(sitting: Sitting) -> str:
    return f"/consiglio/pero/sedute/{sitting.uid}/trascrizione/proposte/"


def test_what_differs_is_proposed_and_nothing_is_changed(closed: Sitting) -> None:
    before = text_of(closed)
    assert again(closed) == 2
    assert told(closed) == [("Semplione", "Sempione"), ("Semplione.", "Sempione.")]
    assert text_of(closed) == before


def test_what_was_proposed_once_is_not_proposed_again(closed: Sitting, anna: User) -> None:
    again(closed)
    first = proposals_of(comune=closed.comune, sitting=closed)[0].offer.id
    done = decide(
        comune=closed.comune, sitting=closed, id_=first, is_accepted=True, is_all=False, by=anna
    )
    assert done == 1
    assert again(closed) == 1


def test_a_persons_words_are_not_in_question(closed: Sitting, anna: User) -> None:
    word = next(
        w
        for w in transcript_of(comune=closed.comune, sitting=closed).words()
        if w.text == "Semplione"
    )
    edit = TextFixed((word.id,), (word.text,), "Scempione")
    append(comune=closed.comune, sitting=closed, edit=edit, by=anna)
    again(closed)
    assert told(closed) == [("Semplione.", "Sempione.")]
    assert "Scempione" in text_of(closed)


def test_a_sitting_that_goes_on_is_not_heard_again(
    pero: Comune, make_sitting: Callable[..., Sitting]
) -> None:
    with pytest.raises(SittingNotOver):
        again(make_sitting(pero))


def test_the_job_waits_for_the_captions_and_is_asked_once(
    closed: Sitting, pero: Comune, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(second_pass.ON, "on")
    for _ in range(2):
        second_pass._follow(comune=pero, uid=closed.uid)
    with scope(pero):
        assert Job.objects.filter(key=f"second pass {closed.uid}").count() == 1
    monkeypatch.setattr(second_pass, "is_being_heard", lambda _: True)
    with pytest.raises(jobs.NotYet):
        hear_closed.call(comune=pero, uid=closed.uid)
    monkeypatch.setattr(second_pass, "is_being_heard", lambda _: False)
    monkeypatch.setenv("ARENGO_EXECUTOR", "here")
    hear_closed.call(comune=pero, uid=closed.uid)
    assert len(told(closed)) == 2


def test_the_job_is_not_asked_where_it_is_off(closed: Sitting, pero: Comune) -> None:
    second_pass._follow(comune=pero, uid=closed.uid)  # the tests have it off
    with scope(pero):
        assert not Job.objects.filter(key__startswith="second pass").exists()


def test_a_hearing_that_stopped_forgets_what_is_omitted(closed: Sitting) -> None:
    folder = config.load().sitting_folder(closed.comune_id, closed.uid) / "second-whisper-base"
    folder.mkdir()
    (folder / "00000.words").write_bytes(b"x")
    second_pass._forget(comune=closed.comune, sitting=closed)
    assert not folder.exists()
    assert omission_made.has_listeners()


def test_a_clerk_hears_accepts_and_puts_away_on_the_page(
    client: Client, anna: User, closed: Sitting
) -> None:
    client.force_login(anna)
    assert "Non ci sono proposte" in client.get(page(closed)).content.decode()
    again(closed)
    shown = client.get(page(closed)).content.decode()
    assert 'data-play="11.0"' in shown
    ids = re.findall(r'name="proposta" value="([^"]+)"', shown)
    assert len(ids) == 2
    client.post(page(closed), {"proposta": ids[0], "cosa": "accetta"})
    assert text_of(closed).startswith("Via Sempione resta")
    client.post(page(closed), {"proposta": ids[1], "cosa": "scarta"})
    assert "Grazie Semplione." in text_of(closed)
    gone = client.post(page(closed), {"proposta": ids[1], "cosa": "accetta"}, follow=True)
    assert "non c’è più" in gone.content.decode()


def test_all_that_are_alike_are_accepted_at_once(
    client: Client, anna: User, closed: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_words(
        closed, [(10.0, "la Semplione è"), (20.0, "la Semplione è")], began_at=closed.scheduled_at
    )
    words = [
        Word(at + k, at + k + 1, text, 0.9)
        for at in (10.0, 20.0)
        for k, text in enumerate(("la", "Sempione", "è"))
    ]
    monkeypatch.setattr(second_pass, "listen", lambda *asked: words)
    client.force_login(anna)
    assert again(closed) == 2
    shown = client.get(page(closed)).content.decode()
    assert "Accetta tutte le 2 uguali" in shown
    first = proposals_of(comune=closed.comune, sitting=closed)[0].offer.id
    client.post(page(closed), {"proposta": first, "cosa": "accetta-tutte"})
    assert told(closed) == []
    assert "Semplione" not in text_of(closed)


def test_who_is_no_clerk_sees_no_proposals(client: Client, bruno: User, closed: Sitting) -> None:
    client.force_login(bruno)
    assert client.get(page(closed)).status_code == 404
