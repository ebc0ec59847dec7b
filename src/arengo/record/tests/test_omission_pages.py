"""The page of omissions, asked as a browser does: what goes, the order, and the seal's two people."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from spoken_sitting import folder_of, hold

from arengo.council.models import Sitting
from arengo.kernel import clock
from arengo.kernel.models import Comune, Membership, Role, User
from arengo.kernel.scope import scope
from arengo.live.operations import close_broadcast, open_broadcast
from arengo.record import acts, seal
from arengo.record.forms.omissions import clock_of, seconds_of
from arengo.record.models import Omission, SealOpening

SAID = "Sempione"
WANTED = {"da": "0:02:02", "a": "2:06", "reason": "Dati sanitari", "law": "art. 2-septies"}


@pytest.fixture
def held(pero: Comune, make_sitting: Callable[..., Sitting]) -> Sitting:
    """Return a closed sitting in which via Sempione was named from second 122 to 126."""
    sitting = hold(pero, make_sitting)
    os.utime(folder_of(sitting) / "cues.jsonl", (1_000_000, 1_000_000))
    open_broadcast(comune=pero, sitting=sitting, by=None)
    return close_broadcast(comune=pero, sitting=sitting, by=None)


@pytest.fixture
def president(pero: Comune, bruno: User) -> User:
    """Return Bruno, who presides."""
    Membership.across.create(
        comune=pero, user=bruno, role=Role.PRESIDENTE, valid_from=clock.now() - timedelta(days=1)
    )
    return bruno


@pytest.fixture
def clerk(client: Client, pero: Comune, anna: User) -> Client:
    """Return Anna's browser; she is the Segretario."""
    Membership.across.get_or_create(
        comune=pero,
        user=anna,
        role=Role.SEGRETARIO,
        defaults={"valid_from": clock.now() - timedelta(days=1)},
    )
    client.force_login(anna)
    return client


def address(sitting: Sitting, rest: str = "") -> str:
    return f"/consiglio/pero/sedute/{sitting.uid}/omissis/{rest}"


def omit(clerk: Client, held: Sitting) -> Omission:
    answer = clerk.post(address(held), {**WANTED, "sure": "on"})
    assert answer.status_code == 302
    return Omission.across.get(sitting=held)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1:02:03", 3723), ("2:03,5", 123.5), ("123.25", 123.25), ("0:00:00", 0), ("90:00", 5400)],
)
def test_a_moment_is_read_as_people_write_it(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds
    assert seconds_of(clock_of(seconds)) == seconds


@pytest.mark.parametrize("text", ["", "-1", "1e9", "nan", "1:2:3:4", "due", "1;2", "9" * 30])
def test_what_is_no_moment_is_told(clerk: Client, held: Sitting, text: str) -> None:
    assert seconds_of(text) is None
    answer = clerk.get(address(held), {"da": text, "a": "2:06"})
    assert answer.status_code == 200
    assert "om-preview" not in answer.content.decode()


def test_what_would_go_is_shown_before_anything_goes(clerk: Client, held: Sitting) -> None:
    acts.share(comune=held.comune, sitting=held, name="resoconto-integrale", by=None)
    page = clerk.get(address(held), {"da": "122", "a": "0:02:06"}).content.decode()
    assert f"<del>Le risorse per via {SAID}" in page
    assert "Grazie a tutti. …" in page
    assert "Spariscono 13 parole" in page
    assert "recording.mp4#t=122.00,126.00" in page
    assert "Resoconto integrale: condiviso con i consiglieri" in page
    assert not Omission.across.exists()


def test_an_order_wants_a_reason_and_somebody_who_listened(clerk: Client, held: Sitting) -> None:
    answer = clerk.post(address(held), {**WANTED, "reason": " "})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("ar-field__error") >= 2
    assert "om-preview" in page
    assert not Omission.across.exists()


def test_an_order_is_told_with_every_place_it_has_to_reach(clerk: Client, held: Sitting) -> None:
    omit(clerk, held)
    page = clerk.get(address(held)).content.decode()
    assert "Omissis 1: da 0:02:02 a 0:02:06" in page
    assert "Dati sanitari" in page
    for place in ("Video e audio", "Sottotitoli", "Trascrizione", "Ricerca", "Atti"):
        assert f"<dt>{place}</dt>" in page
    assert SAID not in page


def test_the_transcript_shows_omissis_and_takes_no_edit_there(clerk: Client, held: Sitting) -> None:
    edits = f"/consiglio/pero/sedute/{held.uid}/trascrizione/modifiche/"
    fix = {"words": ["c0.4"], "seen": [SAID], "text": "Sanzio"}
    asked = {"kind": "text_fixed", "facts": fix, "key": "k1"}
    program = {"accept": "application/json"}
    clerk.post(edits, asked, content_type="application/json", headers=program)
    omit(clerk, held)
    words = [w for one in clerk.get(edits).json()["segments"] for w in one["words"]]
    assert [w[2] for w in words if w[4] == "omitted"] == ["[omissis]", *[""] * 12]
    assert "Grazie" in [w[2] for w in words]
    for facts in ({**fix, "seen": ["Sanzio"]}, {**fix, "seen": ["altro"]}):
        asked = {"kind": "text_fixed", "facts": facts, "key": "k2"}
        answer = clerk.post(edits, asked, content_type="application/json", headers=program)
        assert answer.status_code == 409
        assert "Sanzio" not in answer.content.decode()
        assert "omesse" in answer.json()["detail"]


def test_one_person_alone_never_opens_the_seal(
    clerk: Client, held: Sitting, president: User
) -> None:
    made = omit(clerk, held)
    seal.put(made, "parole.txt", SAID.encode())
    assert clerk.post(address(held, "1/apertura/"), {"reason": "Ricorso"}).status_code == 302
    asked = SealOpening.across.get()
    place = address(held, f"aperture/{asked.pk}/")
    assert clerk.post(f"{place}approva/").status_code == 409
    assert "parole.txt" not in clerk.get(place).content.decode()
    assert clerk.get(place, {"file": "parole.txt"}).status_code == 409
    page = clerk.get(address(held)).content.decode()
    assert "Non puoi approvare la tua richiesta" in page

    other = Client()
    other.force_login(president)
    assert "Approva la richiesta" in other.get(address(held)).content.decode()
    assert other.post(f"{place}approva/").status_code == 302
    assert "parole.txt" in clerk.get(place).content.decode()
    assert clerk.get(place, {"file": "parole.txt"}).content == SAID.encode()
    assert clerk.get(place, {"file": "../1/parole.txt"}).status_code == 404


def test_an_opening_that_is_over_shows_nothing(
    clerk: Client, held: Sitting, president: User
) -> None:
    made = omit(clerk, held)
    seal.put(made, "parole.txt", SAID.encode())
    with scope(held.comune):
        asked = seal.request_opening(
            comune=held.comune, omission=made, reason="Ricorso", by=made.ordered_by
        )
        seal.approve_opening(comune=held.comune, opening=asked, by=president)
        SealOpening.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    place = address(held, f"aperture/{asked.pk}/")
    assert "Il sigillo è chiuso" in clerk.get(place).content.decode()
    assert clerk.get(place, {"file": "parole.txt"}).status_code == 409


def test_a_sitting_on_air_says_when_an_omission_can_be_made(
    clerk: Client, sitting: Sitting
) -> None:
    page = clerk.get(address(sitting), {"da": "1", "a": "2"}).content.decode()
    assert "La seduta non è conclusa" in page
    assert "om-preview" not in page


def test_who_neither_presides_nor_writes_finds_nothing(
    client: Client, held: Sitting, dario: User, carla: User
) -> None:
    for stranger in (dario, carla):
        client.force_login(stranger)
        assert client.get(address(held)).status_code == 404
        assert client.post(address(held), {**WANTED, "sure": "on"}).status_code == 404
