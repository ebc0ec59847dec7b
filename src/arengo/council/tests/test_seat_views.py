"""A councillor's seat as HTTP answers it: what is theirs, what is refused, what is never told."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from chamber import make_agenda, opinions, play, roll_call, seat_council
from django.test import Client

from arengo.council import ports
from arengo.council.models import Device, Document, Person, Sitting
from arengo.kernel import clock
from arengo.kernel.models import Comune, Membership, Role, User
from arengo.kernel.scope import scope

JSON = {"accept": "application/json"}


@pytest.fixture
def ids(pero: Comune) -> dict[str, str]:
    return seat_council(pero)


@pytest.fixture
def evening(pero: Comune, ids: dict[str, str], make_sitting: Callable[..., Sitting]) -> Sitting:
    """Return an open sitting where item 2 is discussed and all attend but Tagliabue."""
    sitting = make_sitting(pero, scheduled_at=clock.now(), mode="mixed")
    items = make_agenda(sitting)
    state = play(sitting)
    gone = {ids["Tagliabue"]: "absent"}
    play(sitting, *roll_call(state, absent=gone), ("sitting_opened", {}), *opinions(state))
    called = {"item": str(items[1].pk)}
    play(sitting, ("item_called", called), ("stage_opened", {"stage": "discussion"}))
    return sitting


@pytest.fixture
def seated(pero: Comune, ids: dict[str, str], bruno: User) -> str:
    """Seat Bruno as Federica Beretta; return the member's id."""
    return link(pero, ids, "Beretta", bruno)


def link(comune: Comune, ids: dict[str, str], family_name: str, user: User) -> str:
    with scope(comune):
        Person.objects.filter(family_name=family_name).update(user=user)
    return ids[family_name]


class Seat:
    """A councillor's page without a browser."""

    def __init__(self, client: Client, user: User, sitting: Sitting) -> None:
        client.force_login(user)
        self.client = client
        self.base = f"/consiglio/{sitting.comune.slug}/sedute/{sitting.uid}/seggio/"

    def post(self, path: str, body: Any) -> Any:
        return self.client.post(
            self.base + path, json.dumps(body), content_type="application/json", headers=JSON
        )

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = self.post("stato/", {"device": "d1"}).json()
        return found

    def fact(self, kind: str, command: str = "c1", **over: Any) -> Any:
        event = over.pop("event", {})
        return self.post("fatto/", {"kind": kind, "event": event, "command": command, **over})


@pytest.fixture
def device(client: Client, bruno: User, seated: str, evening: Sitting) -> Seat:
    return Seat(client, bruno, evening)


def open_vote(sitting: Sitting, method: str = "electronic", **facts: Any) -> str:
    given = {"title": "Approvazione", "method": method, **facts}
    return play(sitting, ("ballot_opened", given)).ballot


def test_the_page_names_the_person_and_holds_no_inline_code(device: Seat) -> None:
    text = device.client.get(device.base).content.decode()
    assert "Federica Beretta" in text
    assert " style=" not in text
    assert "<style" not in text


def test_an_account_without_a_seat_is_told_what_to_do(
    client: Client, bruno: User, evening: Sitting
) -> None:
    client.force_login(bruno)
    answer = client.get(f"/consiglio/pero/sedute/{evening.uid}/seggio/")
    assert answer.status_code == 409
    assert "chiedi alla segreteria" in answer.content.decode()


def test_state_is_a_sign_of_life(device: Seat, pero: Comune, evening: Sitting) -> None:
    facts = device.state()
    assert facts["is_here"]
    assert facts["me"] == str(facts["me"])
    with scope(pero):
        assert Device.objects.filter(sitting=evening, device="d1").count() == 1


def test_a_vote_is_told_with_its_hour_only_after_it_is_written(
    device: Seat, evening: Sitting
) -> None:
    ballot = open_vote(evening)
    before = device.state()
    assert before["may_vote"]
    assert (before["my_vote"], before["my_vote_at"]) == ("", None)
    after = device.fact("vote_cast", event={"ballot": ballot, "choice": "favour"}).json()
    assert after["my_vote"] == "favour"
    written = [one.at for one in entries(evening) if one.event.kind == "vote_cast"]
    assert after["my_vote_at"] == written[0].isoformat(timespec="seconds")


def entries(sitting: Sitting) -> Any:
    from arengo.council.queries.journal import read_journal

    return read_journal(comune=sitting.comune, sitting=sitting)


def test_asking_again_with_the_same_key_votes_once(device: Seat, evening: Sitting) -> None:
    ballot = open_vote(evening)
    for _ in range(3):
        answer = device.fact("vote_cast", event={"ballot": ballot, "choice": "against"})
        assert answer.status_code == 200
    assert [one.event.kind for one in entries(evening)].count("vote_cast") == 1


def test_a_second_vote_is_refused_and_the_first_counts(device: Seat, evening: Sitting) -> None:
    ballot = open_vote(evening)
    device.fact("vote_cast", event={"ballot": ballot, "choice": "favour"})
    answer = device.fact("vote_cast", "c2", event={"ballot": ballot, "choice": "against"})
    assert answer.status_code == 409
    assert answer.json()["facts"]["sentence"] == "Federica Beretta ha già votato."
    assert device.state()["my_vote"] == "favour"


def test_nobody_votes_for_another(device: Seat, evening: Sitting, ids: dict[str, str]) -> None:
    ballot = open_vote(evening)
    event = {"ballot": ballot, "choice": "favour", "member": ids["Mantegazza"]}
    device.fact("vote_cast", event=event)
    assert play(evening).ballots[ballot].votes == {ids["Beretta"]: "favour"}


def test_a_page_drawn_for_another_person_is_refused(
    device: Seat, evening: Sitting, ids: dict[str, str]
) -> None:
    """A shared tablet: what Mantegazza left waiting must not become Beretta's vote."""
    ballot = open_vote(evening)
    event = {"ballot": ballot, "choice": "favour"}
    answer = device.fact("vote_cast", event=event, me=ids["Mantegazza"])
    assert answer.status_code == 409
    assert "un'altra persona" in answer.json()["detail"]
    assert play(evening).ballots[ballot].votes == {}


def test_what_was_asked_about_another_item_is_refused_but_not_what_is_written(
    device: Seat, evening: Sitting
) -> None:
    item = play(evening).item
    stale = device.fact("floor_asked", event={"type": "intervention"}, item="altro")
    assert stale.status_code == 409
    assert "si è passati ad altro" in stale.json()["detail"]
    assert device.fact("floor_asked", event={"type": "intervention"}, item=item).status_code == 200
    play(evening, ("item_left", {"item": item, "result": "deferred"}))
    again = device.fact("floor_asked", event={"type": "intervention"}, item=item)
    assert again.status_code == 200


def test_a_late_vote_says_that_it_is_late(device: Seat, evening: Sitting) -> None:
    ballot = open_vote(evening)
    play(evening, ("ballot_closed", {}))
    answer = device.fact("vote_cast", event={"ballot": ballot, "choice": "favour"})
    assert answer.status_code == 409
    assert "La votazione è chiusa" in answer.json()["detail"]
    facts = device.state()
    assert (facts["my_vote"], facts["my_vote_at"]) == ("not_voting", None)


def test_who_is_absent_is_told_why_they_may_not_vote(
    client: Client, bruno: User, pero: Comune, ids: dict[str, str], evening: Sitting
) -> None:
    link(pero, ids, "Tagliabue", bruno)
    device = Seat(client, bruno, evening)
    open_vote(evening)
    facts = device.state()
    assert not facts["may_vote"]
    assert "non era presente" in facts["why_not"]


@pytest.mark.parametrize(
    "body", ["", "[]", '{"kind": "proclaimed"}', '{"kind": "vote_cast", "event": 3}']
)
def test_garbage_and_acts_of_the_console_are_refused(device: Seat, body: str) -> None:
    answer = device.client.post(
        device.base + "fatto/", body, content_type="application/json", headers=JSON
    )
    assert answer.status_code == 422


def test_speeches_begin_with_the_usual_one_of_the_stage(device: Seat, evening: Sitting) -> None:
    assert device.state()["speaking"][0] == "intervention"
    play(evening, ("stage_opened", {"stage": "declarations"}))
    assert device.state()["speaking"][0] == "declaration"


def test_a_speech_whose_turns_are_used_up_is_not_offered(
    device: Seat, evening: Sitting, seated: str
) -> None:
    play(evening, ("floor_given", {"member": seated}), ("floor_ended", {}))
    offered = device.state()["speaking"]
    assert offered[0] == "second_intervention"
    assert "intervention" not in offered


def test_members_documents_are_told_beside_the_public_ones(
    device: Seat, pero: Comune, evening: Sitting
) -> None:
    from arengo.council.models import AgendaItem

    with scope(pero):
        item = AgendaItem.objects.get(sitting=evening, position=2)
        for title, is_public in (("Relazione", True), ("Note riservate", False)):
            Document.objects.create(
                comune=pero,
                item=item,
                uid=title[:8].lower(),
                title=title,
                size=1,
                content_type="application/pdf",
                sha256="0" * 64,
                is_public=is_public,
            )
    public, reserved = device.state()["documents"]
    assert (public["title"], public["is_public"]) == ("Relazione", True)
    assert public["url"].startswith("/pero/sedute/")
    assert (reserved["title"], reserved["is_public"]) == ("Note riservate", False)
    assert reserved["url"].startswith("/consiglio/pero/")


def test_a_word_in_the_record_comes_back_to_who_asked_it(device: Seat) -> None:
    facts = device.fact("verbatim_asked", event={"text": "Manca un allegato."}).json()
    assert [one["text"] for one in facts["my_verbatim"]] == ["Manca un allegato."]


def test_in_secret_only_who_stays_is_told_anything(
    device: Seat, evening: Sitting, ids: dict[str, str], seated: str
) -> None:
    secret = {"requester": "Il presidente", "reason": "Persone", "staying": [ids["Valtorta"]]}
    play(evening, ("secret_began", secret), ("floor_given", {"member": ids["Valtorta"]}))
    open_vote(evening)
    facts = device.state()
    assert (facts["turn"], facts["ballot"], facts["documents"]) == (None, None, [])
    assert (facts["is_inside"], facts["may_vote"], facts["why_not"]) == (False, False, "")


class TestPaper:
    @pytest.fixture
    def box(self, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
        given: list[tuple[str, str, str]] = []

        class Box:
            def right(self, *who: str) -> str:
                given.append(who)  # type: ignore[arg-type]  # three by the protocol
                return "gettone"

        monkeypatch.setattr(ports, "_box", Box())
        return given

    def test_the_right_is_for_one_member_and_one_ballot(
        self, device: Seat, evening: Sitting, seated: str, box: list[Any]
    ) -> None:
        ballot = open_vote(evening, "secret_electronic")
        assert device.post("scheda/", {}).json() == {"token": "gettone", "ballot": ballot}
        assert box == [(evening.uid, ballot, seated)]

    def test_no_right_without_a_secret_ballot_nor_for_who_is_absent(
        self, client: Client, device: Seat, evening: Sitting, seated: str, box: list[Any]
    ) -> None:
        assert device.post("scheda/", {}).status_code == 409
        play(evening, ("presence_set", {"member": seated, "status": "absent", "cause": "exit"}))
        open_vote(evening, "secret_electronic")
        answer = device.post("scheda/", {})
        assert answer.status_code == 409
        assert box == []

    def test_my_vote_is_never_told_of_a_secret_ballot(
        self, device: Seat, evening: Sitting, box: list[Any]
    ) -> None:
        open_vote(evening, "secret_electronic")
        assert device.state()["my_vote"] == ""


def test_my_sittings_are_those_open_and_to_come_of_my_councils(
    client: Client,
    pero: Comune,
    rho: Comune,
    bruno: User,
    seated: str,
    make_sitting: Callable[..., Sitting],
) -> None:
    from datetime import timedelta

    from arengo.live.operations import close_broadcast, open_broadcast

    now = clock.now()
    make_sitting(pero, title="Fra un mese", scheduled_at=now + timedelta(days=30))
    make_sitting(pero, title="Mai aperta", scheduled_at=now - timedelta(days=90))
    make_sitting(rho, title="Di altri", scheduled_at=now + timedelta(days=1))
    under_way = make_sitting(pero, title="Di stasera", scheduled_at=now)
    open_broadcast(comune=pero, sitting=under_way, by=None)
    over = make_sitting(pero, title="Di ieri", scheduled_at=now - timedelta(days=1))
    close_broadcast(
        comune=pero, sitting=open_broadcast(comune=pero, sitting=over, by=None), by=None
    )
    client.force_login(bruno)
    text = client.get("/consiglio/mio/").content.decode()
    assert f"/consiglio/pero/sedute/{under_way.uid}/seggio/" in text
    assert text.index("Di stasera") < text.index("Fra un mese")
    for title in ("Mai aperta", "Di altri", "Di ieri"):
        assert title not in text


def test_my_sittings_without_a_seat_say_whom_to_ask(client: Client, bruno: User) -> None:
    client.force_login(bruno)
    assert "non è collegato" in client.get("/consiglio/mio/").content.decode()


@pytest.mark.parametrize("count", [2, 20])
def test_my_sittings_ask_the_database_the_same_for_two_and_for_twenty(
    client: Client,
    pero: Comune,
    bruno: User,
    seated: str,
    make_sitting: Callable[..., Sitting],
    django_assert_num_queries: Any,
    count: int,
) -> None:
    for number in range(count):
        make_sitting(pero, title=f"Seduta {number}", scheduled_at=clock.now())
    client.force_login(bruno)
    with django_assert_num_queries(6):
        client.get("/consiglio/mio/")


def test_only_who_is_nothing_but_a_councillor_is_led_to_their_seats(
    client: Client, pero: Comune, bruno: User, anna: User, carla: User
) -> None:
    client.force_login(bruno)
    assert client.get("/regia/").headers["Location"] == "/consiglio/mio/"
    Membership.across.create(comune=pero, user=bruno, role=Role.TECNICO)
    assert client.get("/regia/").status_code == 200
    for other in (anna, carla):
        client.force_login(other)
        assert client.get("/regia/").status_code == 200
