"""The councillor's seat on a phone: voting, the floor, the record, and a line that comes and goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

import pytest
from chamber import board_of, make_agenda, opinions, play, roll_call, seat_council
from stage import Stage, until
from visit import Visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

    from arengo.council.engine.state import State
    from arengo.council.models import AgendaItem, Sitting
    from arengo.kernel.models import Comune, User

Check = Callable[["Page"], None]

PHONE: ViewportSize = {"width": 390, "height": 844}
PASSWORD = "una parola lunga"
AMENDMENT = {
    "amendment": "a1",
    "title": "Raccolta anche il sabato",
    "proposer": "Andrea Mantegazza",
    "effect": "add",
    "text": "Dopo le parole «dal lunedì al venerdì» si aggiunge: «e il sabato mattina».",
}


@dataclass
class Hall:
    """A sitting under way: `ids` are members by family name, `play` writes and pushes."""

    sitting: Sitting
    stage: Stage
    ids: dict[str, str]
    items: tuple[AgendaItem, ...]

    @property
    def path(self) -> str:
        """Return the address of a seat."""
        return f"/consiglio/pero/sedute/{self.sitting.uid}/seggio/"

    def play(self, *asked: tuple[str, dict[str, Any]]) -> State:
        """Write in the journal and push the board, as the console and the studio do."""
        state = play(self.sitting, *asked)
        self.stage.board(self.sitting.uid, board_of(self.sitting))
        return state

    def silent(self, *asked: tuple[str, dict[str, Any]]) -> State:
        """Write in the journal; no push comes."""
        return play(self.sitting, *asked)

    def open_vote(self, method: str = "electronic", **facts: Any) -> State:
        """Open a vote on the item under treatment."""
        given = {"title": "Variazione di bilancio: approvazione", "method": method, **facts}
        return self.play(("ballot_opened", given))

    @property
    def ballot(self) -> Any:
        """Return the vote under way, or the last one."""
        state = play(self.sitting)
        return state.current_ballot or [*state.ballots.values()][-1]


@pytest.fixture
def hall(stage: Stage, pero: Comune, make_sitting: Callable[..., Sitting]) -> Hall:
    """Return a mixed sitting where item 2 is discussed; Tagliabue is connected from remote."""
    from arengo.kernel import clock

    ids = seat_council(pero)
    sitting = make_sitting(pero, title="Consiglio comunale", scheduled_at=clock.now(), mode="mixed")
    items = make_agenda(sitting)
    made = Hall(sitting, stage, ids, items)
    began_at = clock.now() - timedelta(minutes=5)  # a journal's hours never run ahead of the clock
    state = play(sitting, at=began_at)
    appello = roll_call(state, absent={ids["Tagliabue"]: "remote"})
    play(sitting, *appello, ("sitting_opened", {}), at=began_at)
    play(sitting, *opinions(state), ("item_called", {"item": str(items[1].pk)}), at=began_at)
    made.play(("stage_opened", {"stage": "discussion"}))
    return made


def account(comune: Comune, family_name: str) -> User:
    """Give a member of the council an account; return it."""
    from arengo.council.models import Person
    from arengo.kernel.models import Membership, Role, User
    from arengo.kernel.scope import scope

    with scope(comune):
        person = Person.objects.get(family_name=family_name)
        email = f"{family_name.lower()}@example.org"
        user = User.objects.create_user(email, person.full_name, PASSWORD)
        Membership.across.create(comune=comune, user=user, role=Role.CONSIGLIERE)
        person.user = user
        person.save(update_fields=["user"])
    return user


Sit = Callable[..., Visit]


@pytest.fixture
def sit(browser: Browser, hall: Hall, pero: Comune) -> Iterator[Sit]:
    """Return what opens the seat of a member on a device of its own."""
    visits: list[Visit] = []
    users: dict[str, User] = {}

    def open_seat(family_name: str, **over: Any) -> Visit:
        context = browser.new_context(
            locale="it-IT", timezone_id="Europe/Rome", viewport=PHONE, **over
        )
        made = Visit(context.new_page(), hall.stage.url)
        visits.append(made)
        made.page.on("request", made.request)
        made.page.on("console", made.console)
        made.page.on("pageerror", lambda error: made.complaints.append(str(error)))
        if family_name not in users:
            users[family_name] = account(pero, family_name)
        page = made.go(hall.path)
        page.fill("#id_username", users[family_name].email)
        page.fill("#id_password", PASSWORD)
        page.click("main button[type=submit]")
        until(page, shows("line-words", "In linea"))
        return made

    yield open_seat
    for one in visits:
        one.page.context.close()
    assert [one.foreign for one in visits if one.foreign] == []
    assert [one.complaints for one in visits if one.complaints] == []


def shows(name: str, words: str) -> str:
    """Return the question whether a part of the page shows these words."""
    place = f"document.querySelector('[data-part=\"{name}\"]')"
    return f"!!{place} && !{place}.closest('[hidden]') && {place}.textContent.includes({words!r})"


def cast(page: Page, choice: str) -> None:
    """Choose, then confirm."""
    page.click(f"[data-choice={choice}]")
    page.click("[data-part=confirm]")


def offline(visit: Visit, *, is_offline: bool) -> None:
    """Take the device's network away, or give it back."""
    visit.expected = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "ERR_NETWORK", "409", "401")
    visit.page.context.set_offline(is_offline)


# --- the act and the vote ---------------------------------------------------------------------


def test_what_is_voted_is_said_in_full(hall: Hall, sit: Sit) -> None:
    page = sit("Beretta").page
    item = {"item": str(hall.items[1].pk)}
    hall.play(("amendment_filed", {**item, **AMENDMENT}))
    hall.open_vote(subject="amendment", amendment="a1", title="Emendamento 1")
    until(page, shows("vote-title", "Votazione aperta"))
    act = page.locator("[data-part=act]").inner_text()
    for words in (
        "Punto 2: Variazione al bilancio per la raccolta dei rifiuti",
        "Emendamento: Raccolta anche il sabato",
        "aggiuntivo",
        "presentato da Andrea Mantegazza",
        "«e il sabato mattina»",
        "Elettronica palese",
    ):
        assert words in act
    until(page, shows("said", "Votazione aperta"))


def test_a_vote_takes_a_choice_and_a_confirmation_and_is_said_only_by_the_server(
    hall: Hall, sit: Sit
) -> None:
    visit = sit("Beretta")
    page = visit.page
    hall.open_vote()
    until(page, shows("confirm", "Scegli, poi conferma"))
    page.click("[data-part=confirm]", force=True)
    page.click("[data-choice=against]")
    page.click("[data-choice=favour]")
    until(page, shows("confirm", "Conferma il voto: favorevole"))
    assert hall.ballot.votes == {}
    held: list[Any] = []
    page.route("**/seggio/fatto/", lambda route: held.append(route))
    page.click("[data-part=confirm]")
    until(page, shows("outcome", "non è ancora registrato"))
    until(page, shows("line-words", "In partenza: il voto (favorevole)"))
    assert "Hai votato" not in page.locator("[data-part=vote]").inner_text()
    assert len(held) == 1
    held[0].continue_()
    until(page, shows("outcome", "Hai votato: favorevole, ore "))
    assert hall.ballot.votes == {hall.ids["Beretta"]: "favour"}
    assert not page.is_visible("[data-part=choose]")
    until(page, shows("line-words", "Tutto è stato inviato"))


def test_two_members_vote_at_once(hall: Hall, sit: Sit) -> None:
    one, two = sit("Beretta").page, sit("Mantegazza").page
    hall.open_vote()
    for page, choice in ((one, "favour"), (two, "abstained")):
        until(page, shows("confirm", "Scegli"))
        page.click(f"[data-choice={choice}]")
    for page in (one, two):
        page.click("[data-part=confirm]")
    until(one, shows("outcome", "Hai votato: favorevole"))
    until(two, shows("outcome", "Hai votato: astenuto"))
    wanted = {hall.ids["Beretta"]: "favour", hall.ids["Mantegazza"]: "abstained"}
    assert hall.ballot.votes == wanted
    hall.play(("ballot_closed", {}))
    until(one, shows("vote-title", "Votazione chiusa"))
    hall.play(("proclaimed", {}))
    until(one, shows("votes", "Approvato"))
    until(one, shows("votes", "Il tuo voto: favorevole"))
    names = one.locator("[data-part=votes] dl").inner_text()
    assert "Federica Beretta" in names
    assert "Andrea Mantegazza" in names


def test_a_second_vote_from_another_device_is_refused_and_the_one_that_counts_is_shown(
    hall: Hall, sit: Sit
) -> None:
    phone, tablet = sit("Beretta"), sit("Beretta")
    tablet.expected = ("409",)
    hall.open_vote()
    for visit in (phone, tablet):
        until(visit.page, shows("confirm", "Scegli"))
    tablet.page.click("[data-choice=against]")
    tablet.page.route("**/seggio/stato/", lambda route: route.abort())
    tablet.expected = ("409", "ERR_FAILED")
    cast(phone.page, "favour")
    until(phone.page, shows("outcome", "Hai votato: favorevole"))
    tablet.page.click("[data-part=confirm]")
    until(tablet.page, shows("refused", "Il tuo voto (contrario) non è stato registrato."))
    until(tablet.page, shows("refused", "Federica Beretta ha già votato."))
    tablet.page.unroute("**/seggio/stato/")
    until(tablet.page, shows("outcome", "Hai votato: favorevole, ore "))
    assert hall.ballot.votes == {hall.ids["Beretta"]: "favour"}


def test_why_one_may_not_vote(hall: Hall, sit: Sit) -> None:
    page = sit("Beretta").page
    item = str(hall.items[1].pk)
    hall.play(("conflict_declared", {"member": hall.ids["Beretta"], "item": item}))
    hall.open_vote()
    until(page, shows("outcome", "Federica Beretta non può votare"))
    assert not page.is_visible("[data-part=choose]")
    until(page, shows("floor-mine", "Durante la votazione"))


def test_who_is_remote_waits_to_be_recognised(hall: Hall, sit: Sit) -> None:
    page = sit("Tagliabue").page
    until(page, shows("here", "collegato da remoto"))
    hall.open_vote()
    until(page, shows("outcome", "Il segretario deve prima riconoscerti"))
    assert not page.is_visible("[data-part=choose]")
    hall.play(("identity_checked", {"member": hall.ids["Tagliabue"]}))
    until(page, shows("confirm", "Scegli"))
    cast(page, "favour")
    until(page, shows("outcome", "Hai votato: favorevole"))


def test_votes_that_no_device_takes(hall: Hall, sit: Sit) -> None:
    page = sit("Beretta").page
    hall.open_vote("hands")
    until(page, shows("outcome", "per alzata di mano"))
    assert not page.is_visible("[data-part=choose]")


# --- the line that comes and goes -------------------------------------------------------------


def test_a_vote_cast_without_network_goes_when_the_line_is_back_and_outlives_a_reload(
    hall: Hall, sit: Sit
) -> None:
    visit = sit("Beretta")
    page = visit.page
    hall.open_vote()
    until(page, shows("confirm", "Scegli"))
    offline(visit, is_offline=True)
    until(page, shows("line-words", "Senza linea dalle "))
    cast(page, "against")
    until(page, shows("line-words", "In attesa di partire: il voto (contrario)"))
    until(page, shows("outcome", "non è ancora registrato"))
    until(page, shows("confirm", "In attesa della linea"))
    assert hall.ballot.votes == {}
    kept = page.evaluate("Object.entries(sessionStorage).filter(([k]) => k.includes('seat'))")
    assert '"against"' in kept[0][1]
    page.route("**/seggio/fatto/", lambda route: route.abort())
    offline(visit, is_offline=False)
    page.reload()
    until(page, shows("line-words", "In attesa di partire: il voto (contrario)"))
    page.unroute("**/seggio/fatto/")
    until(page, shows("outcome", "Hai votato: contrario, ore "))
    assert hall.ballot.votes == {hall.ids["Beretta"]: "against"}
    left = page.evaluate("Object.keys(sessionStorage).filter((k) => k.includes('arengo.seat'))")
    assert left == []


def test_a_vote_whose_answer_was_lost_is_written_once(hall: Hall, sit: Sit) -> None:
    visit = sit("Beretta")
    visit.expected = ("ERR_FAILED",)
    page = visit.page
    hall.open_vote()
    until(page, shows("confirm", "Scegli"))
    tries: list[int] = []

    def lose(route: Any) -> None:
        tries.append(1)
        answer = route.fetch()
        if len(tries) < 3:
            route.abort()
        else:
            route.fulfill(response=answer)

    page.route("**/seggio/fatto/", lose)
    cast(page, "favour")
    until(page, shows("outcome", "Hai votato: favorevole"))
    until(page, shows("line-words", "Tutto è stato inviato"))
    assert len(tries) == 3
    assert not page.is_visible("[data-part=refused]")
    assert hall.ballot.votes == {hall.ids["Beretta"]: "favour"}


def test_a_vote_that_arrives_after_the_closing_is_refused_in_words(hall: Hall, sit: Sit) -> None:
    visit = sit("Beretta")
    page = visit.page
    hall.open_vote()
    until(page, shows("confirm", "Scegli"))
    offline(visit, is_offline=True)
    until(page, shows("line-words", "Senza linea dalle "))
    cast(page, "favour")
    until(page, shows("outcome", "non è ancora registrato"))
    hall.play(("ballot_closed", {}))
    offline(visit, is_offline=False)
    until(page, shows("refused", "Il tuo voto (favorevole) non è stato registrato."))
    until(page, shows("refused", "La votazione è chiusa: il voto non è più ammesso."))
    until(page, shows("outcome", "Non hai votato: risulti presente non votante."))
    assert hall.ballot.votes[hall.ids["Beretta"]] == "not_voting"


def test_the_page_goes_on_without_pushes(hall: Hall, sit: Sit) -> None:
    visit = sit("Beretta")
    visit.expected = ("503", "ERR_INCOMPLETE_CHUNKED")
    hall.stage.drop(is_down=True)
    hall.silent(("ballot_opened", {"title": "Approvazione", "method": "electronic"}))
    until(visit.page, shows("confirm", "Scegli"))
    until(visit.page, shows("line-words", "senza avvisi immediati"))


def test_a_session_that_ended_says_so_and_keeps_what_waits(
    hall: Hall, sit: Sit, pero: Comune
) -> None:
    visit = sit("Beretta")
    visit.expected = ("401",)
    page = visit.page
    hall.open_vote()
    until(page, shows("confirm", "Scegli"))
    page.context.clear_cookies(name="sessionid")
    cast(page, "favour")
    until(page, shows("line-words", "L’accesso è scaduto. Entra di nuovo per far partire: il voto"))
    page.click("[data-part=sign-in]")
    page.fill("#id_username", "beretta@example.org")
    page.fill("#id_password", PASSWORD)
    page.click("main button[type=submit]")
    until(page, shows("outcome", "Hai votato: favorevole"))
    assert hall.ballot.votes == {hall.ids["Beretta"]: "favour"}


# --- the secret ballot ------------------------------------------------------------------------


def secret_vote(hall: Hall) -> str:
    """Open a secret electronic vote with its box; return its id."""
    hall.open_vote("secret_electronic", title="Nomina del revisore")
    ballot = str(hall.ballot.id)
    hall.stage.boxes.open((hall.sitting.uid, ballot), ("favour", "against", "blank"))
    return ballot


def test_a_secret_paper_goes_to_the_box_and_the_page_forgets_it(hall: Hall, sit: Sit) -> None:
    visit = sit("Beretta")
    page = visit.page
    ballot = secret_vote(hall)
    until(page, shows("confirm", "Scegli"))
    assert page.locator(".st-choice").all_inner_texts() == [
        "Favorevole",
        "Contrario",
        "Scheda bianca",
    ]
    page.click("[data-choice=against]")
    until(page, shows("confirm", "Metti nell’urna: contrario"))
    asked: list[Any] = []
    page.on("request", lambda request: asked.append(request))
    page.click("[data-part=confirm]")
    until(page, shows("outcome", "La tua scheda è nell’urna"))
    kept = page.evaluate("JSON.stringify({...sessionStorage, ...localStorage}) + document.cookie")
    assert "against" not in kept
    assert "contrario" not in page.locator("#seat").inner_text()
    told = [one for one in asked if "against" in (one.post_data or "")]
    assert [one.url.rpartition("/ballot/")[2] for one in told] == [f"{hall.sitting.uid}/{ballot}"]
    assert "cookie" not in told[0].all_headers()
    page.reload()
    until(page, shows("outcome", "La tua scheda è nell’urna"))
    took_part, totals = hall.stage.boxes.count((hall.sitting.uid, ballot))
    assert took_part == [hall.ids["Beretta"]]
    assert totals == {"against": 1, "blank": 0, "favour": 0}


def test_a_secret_paper_whose_answer_was_lost_counts_once(hall: Hall, sit: Sit) -> None:
    visit = sit("Beretta")
    visit.expected = ("ERR_FAILED", "409")
    page = visit.page
    ballot = secret_vote(hall)
    until(page, shows("confirm", "Scegli"))

    def lose(route: Any) -> None:
        route.fetch()
        route.abort()

    page.route("**/ballot/**", lose)
    cast(page, "favour")
    until(page, shows("outcome", "Non sappiamo se la scheda è arrivata"))
    stored = page.evaluate("JSON.stringify({...sessionStorage, ...localStorage})")
    assert "favour" not in stored
    page.unroute("**/ballot/**")
    page.click("[data-part=confirm]")
    until(page, shows("outcome", "La tua scheda è nell’urna"))
    assert not page.is_visible("[data-part=refused]")
    _, totals = hall.stage.boxes.count((hall.sitting.uid, ballot))
    assert totals == {"against": 0, "blank": 0, "favour": 1}


def test_a_secret_paper_for_a_box_that_was_lost_is_refused_in_words(hall: Hall, sit: Sit) -> None:
    visit = sit("Beretta")
    visit.expected = ("404",)
    hall.open_vote("secret_electronic", title="Nomina del revisore")
    until(visit.page, shows("confirm", "Scegli"))
    cast(visit.page, "favour")
    until(visit.page, shows("refused", "La scheda non è entrata nell’urna."))
    until(visit.page, shows("refused", "va ripetuta"))


# --- the floor and the record -----------------------------------------------------------------


def test_asking_for_the_floor_place_in_the_queue_giving_up_and_ones_own_time(
    hall: Hall, sit: Sit
) -> None:
    page = sit("Beretta").page
    hall.play(("floor_asked", {"member": hall.ids["Mantegazza"]}))
    until(page, shows("floor-now", "In attesa: 1."))
    page.click("[data-part=ask]")
    until(page, shows("floor-mine", "Hai chiesto la parola (intervento): sei al posto 2 su 2."))
    page.click("[data-part=forgo]")
    until(page, shows("floor-mine", "Non hai chiesto la parola."))
    page.click("[data-part=other-block] summary")
    page.click("[data-part=kinds] >> text=Fatto personale")
    until(page, shows("floor-mine", "(fatto personale)"))
    hall.play(("floor_given", {"member": hall.ids["Beretta"], "type": "personal"}))
    until(page, shows("floor-mine", "Hai la parola (fatto personale)."))
    until(page, shows("clock", "Ti restano 2:5"))
    until(page, shows("said", "Hai la parola."))
    hall.play(("floor_ended", {}))
    until(page, "document.querySelector('[data-part=clock]').hidden")


def test_a_request_that_waited_while_the_item_changed_is_refused(hall: Hall, sit: Sit) -> None:
    visit = sit("Beretta")
    page = visit.page
    until(page, shows("ask", "Chiedo la parola: intervento"))
    offline(visit, is_offline=True)
    until(page, shows("line-words", "Senza linea dalle "))
    page.click("[data-part=ask]")
    until(page, shows("floor-mine", "non è ancora arrivata"))
    left, called = hall.items[1], hall.items[2]
    hall.play(
        ("item_left", {"item": str(left.pk), "result": "deferred"}),
        ("item_called", {"item": str(called.pk)}),
    )
    offline(visit, is_offline=False)
    until(page, shows("refused", "La richiesta di parola non è stata accolta."))
    until(page, shows("item-title", "Regolamento per l'uso delle sale civiche"))
    assert play(hall.sitting).requests == ()


def test_asking_for_a_word_in_the_record(hall: Hall, sit: Sit) -> None:
    page = sit("Beretta").page
    until(page, "document.querySelector('[data-part=verbatim-send]').ariaDisabled === 'false'")
    page.fill("#verbatim-text", "Il parere è arrivato oggi.")
    page.click("[data-part=verbatim-send]")
    until(page, shows("written", "Scritto a verbale: «Il parere è arrivato oggi.»"))
    assert page.input_value("#verbatim-text") == ""
    assert [text for _, _, text in play(hall.sitting).verbatim] == ["Il parere è arrivato oggi."]


# --- the page itself --------------------------------------------------------------------------


def test_focus_stays_where_it_is_while_the_board_changes(hall: Hall, sit: Sit) -> None:
    page = sit("Beretta").page
    hall.open_vote()
    until(page, shows("confirm", "Scegli"))
    page.focus("[data-choice=abstained]")
    page.keyboard.press("Enter")
    hall.play(("vote_cast", {"member": hall.ids["Mantegazza"], "choice": "favour"}))
    hall.play(("vote_cast", {"member": hall.ids["Cattaneo"], "choice": "against"}))
    until(page, shows("progress", "2 su 17 hanno votato"))
    assert page.evaluate("document.activeElement.dataset.choice") == "abstained"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.part") == "confirm"
    page.keyboard.press("Enter")
    until(page, shows("outcome", "Hai votato: astenuto"))
    assert page.evaluate("document.activeElement.dataset.part") == "outcome"


def test_whoever_leaves_a_secret_sitting_sees_nothing_of_it(hall: Hall, sit: Sit) -> None:
    inside, outside = sit("Beretta").page, sit("Mantegazza").page
    staying = [hall.ids[name] for name in hall.ids if name in ("Beretta", "Valtorta")]
    secret = {"requester": "Il presidente", "reason": "Persone", "staying": staying}
    hall.play(("secret_began", secret))
    hall.play(("floor_given", {"member": hall.ids["Valtorta"]}))
    until(inside, shows("secret", "riservato"))
    until(inside, shows("floor-now", "Parla Marta Valtorta"))
    until(outside, shows("secret", "non compare nulla"))
    assert "Valtorta" not in outside.locator("main").inner_text()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_access_in_every_state(
    hall: Hall, sit: Sit, check_access: Check, theme: Literal["light", "dark"]
) -> None:
    visit = sit("Beretta", color_scheme=theme)
    page = visit.page
    hall.play(("amendment_filed", {"item": str(hall.items[1].pk), **AMENDMENT}))
    until(page, shows("amendments", "Raccolta anche il sabato"))
    page.click("text=Tutto l’ordine del giorno")
    check_access(page)
    hall.open_vote(subject="amendment", amendment="a1")
    until(page, shows("confirm", "Scegli"))
    page.click("[data-choice=favour]")
    check_access(page)
    assert small_targets(page) == []
    page.click("[data-part=confirm]")
    until(page, shows("outcome", "Hai votato"))
    check_access(page)
    hall.play(("ballot_closed", {}), ("proclaimed", {}))
    until(page, shows("votes", "Approvato"))
    hall.play(("floor_given", {"member": hall.ids["Beretta"]}))
    until(page, shows("clock", "Ti restano"))
    check_access(page)
    offline(visit, is_offline=True)
    until(page, shows("line-words", "Senza linea"))
    page.evaluate("document.querySelector('[data-part=refused]').hidden = false")
    check_access(page)
    offline(visit, is_offline=False)


def test_access_before_it_begins_in_secret_and_when_access_expired(
    hall: Hall, sit: Sit, make_sitting: Callable[..., Sitting], pero: Comune, check_access: Check
) -> None:
    visit = sit("Beretta")
    visit.expected = ("401",)
    page = visit.page
    secret_vote(hall)
    until(page, shows("confirm", "Scegli"))
    check_access(page)
    hall.play(("ballot_voided", {"reason": "Prova"}))
    staying = [hall.ids["Beretta"]]
    secret = {"requester": "Il presidente", "reason": "Persone", "staying": staying}
    hall.play(("secret_began", secret))
    until(page, shows("secret", "riservato"))
    check_access(page)
    coming = make_sitting(pero, title="Prossima seduta")
    visit.go(f"/consiglio/pero/sedute/{coming.uid}/seggio/")
    until(page, shows("here", "La seduta non è ancora iniziata"))
    until(page, shows("floor-mine", "La parola si chiede a seduta aperta."))
    check_access(page)
    page.context.clear_cookies(name="sessionid")
    until(page, shows("line-words", "L’accesso è scaduto"))
    check_access(page)


def small_targets(page: Page) -> list[str]:
    """Return the buttons and links of the page that a finger would miss."""
    script = """() => [...document.querySelectorAll('#seat button, #seat a, #seat summary')]
        .filter((one) => one.checkVisibility())
        .filter((one) => { const box = one.getBoundingClientRect(); return box.height < 44; })
        .map((one) => one.outerHTML.slice(0, 120))"""
    return list(page.evaluate(script))


def test_my_sittings(hall: Hall, sit: Sit, check_access: Check) -> None:
    page = sit("Beretta").page
    page.click(".st__who")
    page.wait_for_url("**/consiglio/mio/")
    check_access(page)
    page.click("text=Consiglio comunale")
    until(page, shows("line-words", "In linea"))


def test_a_councillor_lands_on_their_own_sittings(visit: Visit, hall: Hall, pero: Comune) -> None:
    user = account(pero, "Beretta")
    page = visit.go("/accedi/")
    page.fill("#id_username", user.email)
    page.fill("#id_password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/consiglio/mio/")
