"""Verbali and resoconti for everyone: signed only, withdrawn at once, withheld while closed."""

from __future__ import annotations

import pytest
from django.test import Client
from hung import give_to_everyone

from arengo.council.models import Sitting
from arengo.kernel import clock
from arengo.kernel.errors import NotFound
from arengo.kernel.models import AuditEntry, Comune, User
from arengo.record.errors import ActNotReady, ActReleased, ReasonMissing
from arengo.record.models import Act, Release
from arengo.record.releases import release, withdraw


@pytest.fixture
def act(pero: Comune, sitting: Sitting) -> Act:
    """Return a verbale that is for everyone."""
    return give_to_everyone(pero, sitting)


def file_of(act: Act) -> str:
    return f"/pero/atti/{act.sitting.uid}/{act.name}/"


def test_everyone_finds_a_signed_verbale(client: Client, act: Act) -> None:
    assert file_of(act) in client.get("/pero/atti/").content.decode()
    answer = client.get(file_of(act))
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 verbale firmato"  # type: ignore[attr-defined]  # a file
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_withdrawn_one_is_gone_at_once_and_says_why_in_the_trail(
    client: Client, pero: Comune, act: Act
) -> None:
    with pytest.raises(ReasonMissing):
        withdraw(comune=pero, act=act, reason=" ", by=None)
    withdraw(comune=pero, act=act, reason="allegato sbagliato", by=None)
    assert client.get(file_of(act)).status_code == 404
    assert file_of(act) not in client.get("/pero/atti/").content.decode()
    assert AuditEntry.across.get(action="record.withdraw").facts["reason"] == "allegato sbagliato"
    with pytest.raises(NotFound):
        withdraw(comune=pero, act=act, reason="ancora", by=None)
    release(comune=pero, act=act, by=None)
    again = client.get(file_of(act))
    again.close()
    assert again.status_code == 200


def test_what_an_omission_holds_back_is_nowhere(client: Client, act: Act) -> None:
    Release.across.update(withheld_at=clock.now())
    assert client.get(file_of(act)).status_code == 404
    assert file_of(act) not in client.get("/pero/atti/").content.decode()


def test_it_is_released_once_and_never_when_reserved_or_unsigned(pero: Comune, act: Act) -> None:
    with pytest.raises(ActReleased):
        release(comune=pero, act=act, by=None)
    withdraw(comune=pero, act=act, reason="prova", by=None)
    for over in ({"is_reserved": True}, {"is_reserved": False, "state": "shared"}):
        Act.across.filter(pk=act.pk).update(**over)
        with pytest.raises(ActNotReady):
            release(comune=pero, act=act, by=None)


def test_a_clerk_withdraws_and_releases_from_one_page(client: Client, anna: User, act: Act) -> None:
    client.force_login(anna)
    page = "/consiglio/pero/altri-atti/"
    assert "pubblico" in client.get(page).content.decode()
    told = client.post(f"{page}{act.pk}/", {"reason": "allegato"}, follow=True)
    assert "Atto ritirato" in told.content.decode()
    told = client.post(f"{page}{act.pk}/", follow=True)
    assert "Atto pubblico" in told.content.decode()
    assert client.post(f"{page}0/").status_code == 404
