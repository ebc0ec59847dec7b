"""What the regia's forms do, and for whom."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from arengo import config
from arengo.council.models import Sitting
from arengo.kernel import clock
from arengo.kernel.models import Comune, User
from arengo.kernel.scope import scope
from arengo.kernel.tokens import verify
from arengo.live.models import Source, StreamKey


@pytest.fixture
def regia(client: Client, anna: User) -> Client:
    """Return the browser of Pero's segretaria."""
    client.force_login(anna)
    return client


def address(sitting: Sitting, tail: str = "") -> str:
    return f"/regia/pero/{sitting.uid}/{tail}"


def test_key_is_shown_in_the_answer_and_never_again(
    regia: Client, pero: Comune, sitting: Sitting
) -> None:
    answer = regia.post(address(sitting, "chiavi/"), {"label": "OBS"})
    shown = re.search(r"[0-9a-f]{8}-[0-9a-f]{32}", answer.content.decode())
    assert shown
    assert "no-store" in answer.headers["Cache-Control"]
    assert shown[0] not in regia.get(address(sitting)).content.decode()
    with scope(pero):
        assert StreamKey.objects.get().key_id == shown[0][:8]


def test_camera_gets_a_key_of_its_own(regia: Client, sitting: Sitting) -> None:
    answer = regia.post(address(sitting, "telecamera/"), headers={"accept": "application/json"})
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{32}", answer.json()["key"])
    assert "no-store" in answer.headers["Cache-Control"]


def test_token_opens_the_status_of_this_sitting_only(regia: Client, sitting: Sitting) -> None:
    token = regia.get(address(sitting, "gettone/")).json()["token"]
    now = int(clock.now().timestamp())
    assert verify(config.load().secret(), token, purpose="regia", now=now) == sitting.uid


def test_key_of_another_sitting_is_not_revoked_from_here(
    regia: Client, pero: Comune, sitting: Sitting, anna: User
) -> None:
    from arengo.live.operations import issue_stream_key, prepare_broadcast

    other = prepare_broadcast(comune=pero, title="Altra", scheduled_at=clock.now(), by=anna)
    key, _ = issue_stream_key(comune=pero, sitting=other, label="OBS", by=anna)
    answer = regia.post(address(sitting, f"chiavi/{key.key_id}/revoca/"))
    assert answer.status_code == 404
    key.refresh_from_db()
    assert key.revoked_at is None


def test_ip_camera_is_added_and_removed_and_its_password_not_shown(
    regia: Client, pero: Comune, sitting: Sitting
) -> None:
    place = "rtsp://admin:melograno@10.0.0.9/stream"
    regia.post(address(sitting, "sorgenti/"), {"kind": "rtsp", "place": place})
    page = regia.get(address(sitting)).content.decode()
    assert "10.0.0.9" in page
    assert "melograno" not in page
    with scope(pero):
        source = Source.objects.get()
    regia.post(address(sitting, f"sorgenti/{source.pk}/togli/"))
    with scope(pero):
        assert not Source.objects.exists()


@pytest.mark.parametrize(("kind", "place"), [("srt", "80"), ("rtsp", "http://x"), ("srt", "")])
def test_unusable_source_is_refused_in_words(
    regia: Client, sitting: Sitting, kind: str, place: str
) -> None:
    answer = regia.post(address(sitting, "sorgenti/"), {"kind": kind, "place": place})
    assert answer.status_code == 422
    assert "non valida" in answer.content.decode()


def test_opening_twice_says_it_is_open(regia: Client, sitting: Sitting) -> None:
    assert regia.post(address(sitting, "apri/")).status_code == 302
    again = regia.post(address(sitting, "apri/"))
    assert again.status_code == 409
    assert "è già aperta" in again.content.decode()


def test_councillor_cannot_work_the_regia(client: Client, bruno: User, sitting: Sitting) -> None:
    """Bruno belongs to Pero, but not to its regia: he gets the 404 of a stranger."""
    client.force_login(bruno)
    assert client.get(address(sitting)).status_code == 404
    assert client.post(address(sitting, "apri/")).status_code == 404


def test_sentences_reach_the_page_as_data(client: Client, sitting: Sitting) -> None:
    text = client.get(f"/pero/sedute/{sitting.uid}/").content.decode()
    found = re.search(r'<script id="sentences" type="application/json">(.+?)</script>', text)
    assert found
    assert json.loads(found[1])["state.live"] == "In diretta"


def test_sitting_is_convened_for_ones_own_comune_only(
    regia: Client, anna: User, rho: Comune
) -> None:
    data = {"comune": "rho", "title": "Seduta", "scheduled_at": "2027-01-10T20:30"}
    answer = regia.post("/regia/", data)
    assert answer.status_code == 200
    with scope(rho):
        assert not Sitting.objects.exists()


def test_start_is_read_on_the_clock_of_italy(regia: Client, pero: Comune) -> None:
    data = {"comune": "pero", "title": "Seduta", "scheduled_at": "2027-01-10T20:30"}
    assert regia.post("/regia/", data).status_code == 302
    with scope(pero):
        assert Sitting.objects.get().scheduled_at.isoformat() == "2027-01-10T19:30:00+00:00"
