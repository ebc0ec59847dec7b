"""The rules of a Comune: chosen by class, adapted, refused when they contradict, kept by day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from arengo.council.engine.errors import ProfileUnusable
from arengo.council.engine.profile import profile_facts, read_profile
from arengo.council.errors import ClassUnknown, RulesNotChosen
from arengo.council.forms.rulebook import RulesForm
from arengo.council.models import RuleBook
from arengo.council.operations import choose_class, save_rulebook
from arengo.council.profiles import ready_profiles
from arengo.council.queries import get_rulebook, rulebooks, rules_in_force, rules_on
from arengo.kernel.errors import NotFound
from arengo.kernel.models import Comune, User
from arengo.kernel.scope import scope

DAY = date(2026, 6, 10)
URL = "/consiglio/pero/regole/"
PROGRAM = {"accept": "application/json"}


@pytest.fixture
def clerk(client: Client, anna: User) -> Client:
    """Return the browser of Pero's segretaria."""
    client.force_login(anna)
    return client


@pytest.fixture
def chosen(pero: Comune) -> RuleBook:
    """Return the first rule book of Pero: the ready one of its class, untouched."""
    return choose_class(comune=pero, key="consiglio-16", valid_from=DAY, by=None)


def facts_of(key: str = "consiglio-16") -> dict[str, Any]:
    return profile_facts(ready_profiles()[key])


def answers(facts: dict[str, Any], **over: Any) -> dict[str, Any]:
    """Return what a browser sends when only `over` is touched."""
    form = RulesForm(None, facts=facts, initial={"name": "Regolamento", "valid_from": DAY})
    sent: dict[str, Any] = {}
    for field in form:
        value = field.value()
        if value not in (False, None, ""):
            sent[field.html_name] = "on" if value is True else value
    for name, value in over.items():
        sent.pop(name, None)
        if value is not None:
            sent[name] = value
    return sent


# ---- queries and operations


def test_without_a_class_nothing_is_guessed(pero: Comune) -> None:
    with pytest.raises(RulesNotChosen, match="classe di popolazione"):
        rules_on(comune=pero, day=DAY)


@pytest.mark.parametrize("key", list(ready_profiles()))
def test_a_ready_profile_is_in_force_and_told_not_adapted(pero: Comune, key: str) -> None:
    choose_class(comune=pero, key=key, valid_from=DAY, by=None)
    found = rules_in_force(comune=pero, day=DAY)
    assert found.profile.assigned == ready_profiles()[key].assigned
    assert (found.is_adapted, found.profile.valid_from) == (False, DAY)


def test_an_unknown_class_is_refused(pero: Comune) -> None:
    with pytest.raises(ClassUnknown):
        choose_class(comune=pero, key="consiglio-17", valid_from=DAY, by=None)


def test_a_day_before_the_first_rules_has_the_ready_ones(pero: Comune, chosen: RuleBook) -> None:
    facts = facts_of() | {"name": "Regolamento"}
    facts["counting"]["abstained_vote"] = True
    save_rulebook(comune=pero, facts=facts, valid_from=DAY, by=None)
    before = rules_in_force(comune=pero, day=DAY - timedelta(days=1))
    assert (before.book, before.is_adapted) == (None, False)
    assert not before.profile.counting.abstained_vote


def test_each_day_has_the_rules_of_its_own(pero: Comune, chosen: RuleBook) -> None:
    facts = facts_of() | {"name": "Regolamento del 2027"}
    facts["counting"]["abstained_vote"] = True
    later = date(2027, 1, 1)
    book = save_rulebook(comune=pero, facts=facts, valid_from=later, by=None)
    days = (later - timedelta(days=1), later)
    found = [rules_in_force(comune=pero, day=day) for day in days]
    assert [one.profile.counting.abstained_vote for one in found] == [False, True]
    assert [one.is_adapted for one in found] == [False, True]
    assert rulebooks(comune=pero) == (book, chosen)


def test_saving_for_the_same_day_corrects(pero: Comune, chosen: RuleBook) -> None:
    facts = facts_of() | {"name": "Regolamento"}
    assert save_rulebook(comune=pero, facts=facts, valid_from=DAY, by=None).pk == chosen.pk


def test_contradictory_rules_are_not_saved(pero: Comune, chosen: RuleBook) -> None:
    facts = facts_of()
    facts["quorum"]["second"]["fraction"] = "1/4"
    with pytest.raises(ProfileUnusable, match="un terzo"):
        save_rulebook(comune=pero, facts=facts, valid_from=date(2027, 1, 1), by=None)
    assert len(rulebooks(comune=pero)) == 1


def test_rules_of_another_town_are_not_there(rho: Comune, chosen: RuleBook) -> None:
    with pytest.raises(NotFound):
        get_rulebook(comune=rho, rulebook_id=chosen.pk)
    with pytest.raises(RulesNotChosen):
        rules_on(comune=rho, day=DAY)


# ---- the form


@pytest.mark.parametrize("key", list(ready_profiles()))
def test_answers_left_as_they_are_make_the_same_rules(key: str) -> None:
    facts = facts_of(key)
    form = RulesForm(answers(facts), facts=facts, initial={})
    assert form.is_valid(), form.errors
    made = form.facts() | {"name": facts["name"], "valid_from": facts["valid_from"]}
    assert made == facts
    assert read_profile(made) == ready_profiles()[key]


def test_times_are_asked_in_minutes_that_people_read() -> None:
    facts = facts_of()
    facts["speaking_times"]["reply"]["limit_s"] = 100
    form = RulesForm(None, facts=facts, initial={})
    shown = [str(form[f"speaking_times-{kind}-limit_s"].value()) for kind in ("reply", "other")]
    assert (str(form["quorum-wait_s"].value()), *shown) == ("60", "1.67", "0")
    again = RulesForm(answers(facts), facts=facts, initial={})
    assert again.is_valid()
    assert again.facts()["speaking_times"]["reply"]["limit_s"] == 100


def test_every_answer_reaches_its_rule() -> None:
    facts = facts_of()
    sent = answers(
        facts,
        **{
            "quorum-first-measure": "number",
            "quorum-first-number": "9",
            "quorum-second-measure": None,
            "second": None,
            "counting-abstained_vote": "on",
            "speaking_times-intervention-limit_s": "7.5",
            "majorities-general-rule": "simple",
            "chair-order-0": "mayor",
            "chair-order-1": "vice_mayor",
            "chair-order-2": None,
            "secrecy-sitting_grounds": "Salute\n\n  Minori  ",
            "amendments-order": "add,replace,suppress",
            "notice-ordinary_days": "6",
        },
    )
    form = RulesForm(sent, facts=facts, initial={})
    assert form.is_valid(), form.errors
    profile = read_profile(form.facts())
    assert (profile.quorum.first.number, profile.quorum.first.fraction) == (9, "")
    assert not profile.allows_second_call
    assert profile.counting.abstained_vote
    assert profile.speaking("intervention").limit_s == 450
    assert profile.majority("proposal").rule == "simple"
    assert profile.chair.order == ("mayor", "vice_mayor")
    assert profile.secrecy.sitting_grounds == ("Salute", "Minori")
    assert profile.amendments.order == ("add", "replace", "suppress")
    assert profile.notice.ordinary_days == 6


def test_a_second_call_may_come_back() -> None:
    facts = facts_of()
    del facts["quorum"]["second"]
    sent = answers(facts, second="on", **{
        "quorum-second-measure": "fraction",
        "quorum-second-fraction": "1/3",
        "quorum-second-base": "assigned",
        "quorum-second-article": "art. 9",
    })  # fmt: skip
    form = RulesForm(sent, facts=facts, initial={})
    assert form.is_valid(), form.errors
    rule = read_profile(form.facts()).quorum.second
    assert rule is not None
    assert (rule.fraction, rule.article) == ("1/3", "art. 9")


# ---- the pages


def test_the_class_is_asked_once(clerk: Client, pero: Comune) -> None:
    assert "Scegli la classe" in clerk.get(URL).content.decode()
    data = {"class-key": "consiglio-12", "class-valid_from": "2026-06-10"}
    assert clerk.post(URL + "classe/", data).status_code == 302
    page = clerk.get(URL).content.decode()
    assert "Non ancora adattato al regolamento" in page
    assert "12, oltre al Sindaco" in page
    assert rules_on(comune=pero, day=DAY).assigned == 12


def test_the_examples_follow_the_answers(clerk: Client, chosen: RuleBook) -> None:
    touched = {"counting-abstained_vote": "on"}
    sent = answers(facts_of(), **touched)
    usual = clerk.post(URL + "adatta/esempi/", answers(facts_of())).content.decode()
    answer = clerk.post(URL + "adatta/esempi/", sent)
    assert answer.status_code == 200
    assert answer.content.decode() != usual
    whole = clerk.post(URL + "adatta/", {**sent, "try": "1"}).content.decode()
    assert answer.content.decode().strip()[:400] in whole
    with scope(chosen.comune):
        assert RuleBook.objects.count() == 1


@pytest.mark.parametrize(
    ("touched", "sentence", "law"),
    [
        ({"quorum-second-fraction": "1/4"}, "meno di un terzo dei 16 consiglieri", "art. 38"),
        ({"majorities-immediate-base": "voters"}, "si calcola sul numero", "art. 134"),
        ({"majorities-statute-fraction": "3/5"}, "la legge ne chiede", "art. 6"),
        ({"quorum-second-fraction": "3/4"}, "più presenti della prima convocazione", ""),
        ({"counting-article": None}, "anca la citazione", ""),
    ],
)
def test_what_contradicts_the_law_is_refused_with_the_law(
    clerk: Client, pero: Comune, chosen: RuleBook, touched: dict[str, Any], sentence: str, law: str
) -> None:
    answer = clerk.post(URL + "adatta/", {**answers(facts_of(), **touched), "save": "1"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert law in page
    assert 'aria-invalid="true"' in page
    assert rulebooks(comune=pero) == (chosen,)


def test_adapted_rules_are_saved_and_the_earlier_kept(
    clerk: Client, pero: Comune, chosen: RuleBook
) -> None:
    touched = {
        "name": "Regolamento del 2027",
        "valid_from": "2027-01-01",
        "counting-abstained_vote": "on",
        "counting-article": "art. 40 del regolamento",
    }
    answer = clerk.post(URL + "adatta/", {**answers(facts_of(), **touched), "save": "1"})
    assert answer.status_code == 302
    found = rules_in_force(comune=pero, day=date(2027, 1, 1))
    assert found.profile.counting.article == "art. 40 del regolamento"
    assert (found.is_adapted, found.profile.name) == (True, "Regolamento del 2027")
    page = clerk.get(f"{URL}{chosen.pk}/").content.decode()
    assert "10/06/2026" in page
    assert "Non ancora adattato" in page


def test_adapting_before_the_class_says_what_to_do(clerk: Client, pero: Comune) -> None:
    answer = clerk.get(URL + "adatta/", headers=PROGRAM)
    assert (answer.status_code, answer.json()["code"]) == (409, "rules_not_chosen")
