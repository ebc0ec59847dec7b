"""Who sits in the council, on every day: seats taken, left, filled again, and refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from arengo.council.errors import (
    AccountTaken,
    DatesReversed,
    GroupHasMembers,
    GroupUnknown,
    HomonymKnown,
    MandateOver,
    MandateOverlaps,
    MayorThere,
    NameMissing,
    OfficeTaken,
    SeatsFull,
)
from arengo.council.models import Mandate, MandateKind, Office, OfficeKind, Person, Stance
from arengo.council.operations import (
    Substitute,
    add_person,
    choose_class,
    correct_mandate,
    correct_person,
    end_group,
    end_mandate,
    end_office,
    give_office,
    join_group,
    link_account,
    place_group,
    seat_person,
    unlink_account,
)
from arengo.council.queries import (
    benches,
    council_on,
    former_mandates,
    get_mandate,
    people_outside,
    person_file,
)
from arengo.council.vacancies import filling, vacancies
from arengo.kernel import clock
from arengo.kernel.access import has_role
from arengo.kernel.errors import NotFound
from arengo.kernel.models import AuditEntry, Comune, Role, User
from arengo.kernel.scope import scope

DAY = date(2026, 6, 10)
LATER = date(2026, 11, 2)
Add = Callable[..., Person]


@pytest.fixture
def add(pero: Comune) -> Add:
    """Return a maker of councillors: `add("Anna Bo", group="Insieme")`."""

    def make(name: str, **over: object) -> Person:
        given, family = name.split(" ", 1)
        facts = {"kind": MandateKind.COUNCILLOR, "starts_on": DAY, "by": None, **over}
        return add_person(comune=pero, given_name=given, family_name=family, **facts)  # type: ignore[arg-type]  # a test's freedom

    return make


@pytest.fixture
def insieme(pero: Comune) -> str:
    """Return a group of the majority."""
    place_group(comune=pero, name="Insieme", stance=Stance.MAJORITY, starts_on=DAY, by=None)
    return "Insieme"


def mandate_of(comune: Comune, person: Person) -> Mandate:
    found = person_file(comune=comune, person_id=person.pk).open_mandate
    assert found is not None
    return found


def names_on(comune: Comune, day: date) -> list[str]:
    return [seat.person.full_name for seat in council_on(comune=comune, day=day)]


# ---- seats


def test_a_person_sits_from_their_first_day(pero: Comune, add: Add, insieme: str) -> None:
    add("Anna Bo", group=insieme)
    assert names_on(pero, DAY - timedelta(days=1)) == []
    (seat,) = council_on(comune=pero, day=DAY)
    assert (seat.group, seat.stance, seat.votes) == ("Insieme", "majority", True)


def test_an_external_assessor_sits_without_a_vote(pero: Comune, add: Add) -> None:
    add("Anna Bo", kind=MandateKind.EXTERNAL)
    assert [seat.votes for seat in council_on(comune=pero, day=DAY)] == [False]


def test_a_person_needs_a_family_name(pero: Comune) -> None:
    with pytest.raises(NameMissing, match="cognome"):
        add_person(
            comune=pero,
            family_name="  ",
            given_name="Anna",
            kind=MandateKind.COUNCILLOR,
            starts_on=DAY,
            by=None,
        )


@pytest.mark.parametrize("name", ["Nicolò De Rossi", "NICOLO' DE ROSSI", "Nicolo De  Rossi"])
def test_a_homonym_is_refused_however_it_is_written(add: Add, name: str) -> None:
    add("Nicolò De Rossi")
    with pytest.raises(HomonymKnown, match="C’è già Nicolò De Rossi"):
        add(name)


def test_homonyms_are_told_apart_by_a_distinction_of_their_own(pero: Comune, add: Add) -> None:
    add("Anna Bo", distinction="1971")
    add("Anna Bo", distinction="1984")
    with pytest.raises(HomonymKnown):
        add("Anna Bo", distinction="1984")
    assert names_on(pero, DAY) == ["Anna Bo (1971)", "Anna Bo (1984)"]


def test_a_second_mandate_over_the_first_is_refused(pero: Comune, add: Add) -> None:
    anna = add("Anna Bo")
    with pytest.raises(MandateOverlaps, match="già in carica dal 10/06/2026"):
        seat_person(comune=pero, person=anna, kind=MandateKind.COUNCILLOR, starts_on=LATER, by=None)


def test_who_left_may_sit_again_from_that_very_day(pero: Comune, add: Add) -> None:
    anna = add("Anna Bo")
    end_mandate(
        comune=pero, mandate=mandate_of(pero, anna), ends_on=LATER, because="Dimissioni", by=None
    )
    seat_person(comune=pero, person=anna, kind=MandateKind.EXTERNAL, starts_on=LATER, by=None)
    kinds = [one.kind for one in person_file(comune=pero, person_id=anna.pk).mandates]
    assert kinds == [MandateKind.EXTERNAL, MandateKind.COUNCILLOR]


def test_there_is_one_mayor_at_a_time(pero: Comune, add: Add) -> None:
    add("Anna Bo", kind=MandateKind.MAYOR)
    with pytest.raises(MayorThere, match="Anna Bo"):
        add("Ugo Fo", kind=MandateKind.MAYOR, starts_on=DAY - timedelta(days=30))


def test_more_councillors_than_assigned_are_refused(pero: Comune, add: Add) -> None:
    choose_class(comune=pero, key="consiglio-10", valid_from=DAY, by=None)
    add("Anna Sindaca", kind=MandateKind.MAYOR)
    for number in range(10):
        add(f"Ugo Fo{number}")
    with pytest.raises(SeatsFull, match=r"11 consiglieri.*assegnati 10"):
        add("Uno Troppo")
    with pytest.raises(SeatsFull):
        add("Prima Ancora", starts_on=DAY - timedelta(days=9))
    assert len(names_on(pero, DAY)) == 11


def test_without_rules_nobody_counts_the_seats(pero: Comune, add: Add) -> None:
    for number in range(50):
        add(f"Ugo Fo{number}")
    assert len(names_on(pero, DAY)) == 50


# ---- leaving, and substitution


def test_a_substitute_sits_in_one_step(pero: Comune, add: Add, insieme: str) -> None:
    anna, ugo = add("Anna Bo", group=insieme), add("Ugo Fo")
    end_mandate(comune=pero, mandate=mandate_of(pero, ugo), ends_on=DAY, because="x", by=None)
    give_office(comune=pero, person=anna, kind=OfficeKind.LEADER, starts_on=DAY, by=None)
    left = end_mandate(
        comune=pero,
        mandate=mandate_of(pero, anna),
        ends_on=LATER,
        because="Dimissioni",
        by=None,
        substitute=Substitute(ugo, LATER + timedelta(days=8), "Insieme"),
    )
    assert names_on(pero, LATER) == []
    (seat,) = council_on(comune=pero, day=LATER + timedelta(days=8))
    assert seat.mandate is not None
    assert (seat.person, seat.group, seat.mandate.replaces) == (ugo, "Insieme", left)
    told = person_file(comune=pero, person_id=anna.pk)
    assert told.replaced_by[left.pk].person == ugo
    assert [one.ends_on for one in told.groups] == [LATER]
    assert [one.ends_on for one in told.offices] == [LATER]


def test_a_refused_substitute_leaves_the_seat_taken(pero: Comune, add: Add) -> None:
    anna, ugo = add("Anna Bo"), add("Ugo Fo")
    with pytest.raises(MandateOverlaps):
        end_mandate(
            comune=pero,
            mandate=mandate_of(pero, anna),
            ends_on=LATER,
            because="Dimissioni",
            by=None,
            substitute=Substitute(ugo, LATER),
        )
    assert mandate_of(pero, anna).ends_on is None


def test_a_substitute_does_not_sit_before_the_seat_is_vacant(pero: Comune, add: Add) -> None:
    anna, ugo = add("Anna Bo"), add("Ugo Fo")
    end_mandate(comune=pero, mandate=mandate_of(pero, ugo), ends_on=DAY, because="x", by=None)
    with pytest.raises(DatesReversed):
        end_mandate(
            comune=pero,
            mandate=mandate_of(pero, anna),
            ends_on=LATER,
            because="x",
            by=None,
            substitute=Substitute(ugo, LATER - timedelta(days=1)),
        )


def test_a_mandate_ends_once_and_not_before_it_began(pero: Comune, add: Add) -> None:
    mandate = mandate_of(pero, add("Anna Bo"))
    with pytest.raises(DatesReversed, match="viene prima"):
        end_mandate(
            comune=pero, mandate=mandate, ends_on=DAY - timedelta(days=1), because="x", by=None
        )
    end_mandate(comune=pero, mandate=mandate, ends_on=LATER, because="x", by=None)
    with pytest.raises(MandateOver, match="02/11/2026"):
        end_mandate(comune=pero, mandate=mandate, ends_on=LATER, because="x", by=None)


def test_an_end_written_by_mistake_is_corrected(pero: Comune, add: Add) -> None:
    anna = add("Anna Bo")
    mandate = mandate_of(pero, anna)
    end_mandate(comune=pero, mandate=mandate, ends_on=LATER, because="Decesso", by=None)
    correct_mandate(
        comune=pero,
        mandate=mandate,
        kind=MandateKind.COUNCILLOR,
        starts_on=DAY,
        ends_on=None,
        because="",
        by=None,
    )
    assert names_on(pero, LATER) == ["Anna Bo"]
    with scope(pero):
        last = AuditEntry.objects.order_by("-id").first()
    assert last is not None
    assert last.facts["before"] == "councillor 2026-06-10 2026-11-02"


def test_an_assessor_keeps_the_office_that_lasts(pero: Comune, add: Add) -> None:
    anna = add("Anna Bo")
    give_office(comune=pero, person=anna, kind=OfficeKind.ASSESSORE, starts_on=DAY, by=None)
    reason = next(one for one in vacancies() if one.key == "giunta")
    end_mandate(
        comune=pero,
        mandate=mandate_of(pero, anna),
        ends_on=LATER,
        because=reason.label,
        by=None,
        keeps=reason.keeps,
    )
    (seat,) = council_on(comune=pero, day=LATER)
    assert (seat.mandate, seat.label) == (None, "Assessore")


def test_every_reason_names_its_law() -> None:
    assert len({one.key for one in vacancies()}) == len(vacancies()) >= 8
    assert all("TUEL" in one.article and one.source for one in vacancies())
    assert "10 giorni" in next(one.text for one in vacancies() if one.key == "dimissioni")
    assert filling().article == "TUEL art. 45 c. 1"


# ---- groups and offices


def test_a_group_changes_side_from_a_day_on(pero: Comune, add: Add, insieme: str) -> None:
    add("Anna Bo", group=insieme)
    place_group(comune=pero, name=insieme, stance=Stance.MINORITY, starts_on=LATER, by=None)
    sides = [
        council_on(comune=pero, day=day)[0].stance for day in (LATER - timedelta(days=1), LATER)
    ]
    assert sides == ["majority", "minority"]


def test_a_change_of_side_before_the_present_one_is_refused(pero: Comune, insieme: str) -> None:
    with pytest.raises(DatesReversed):
        place_group(
            comune=pero,
            name=insieme,
            stance=Stance.MINORITY,
            starts_on=DAY - timedelta(days=1),
            by=None,
        )


def test_a_person_moves_from_group_to_group(pero: Comune, add: Add, insieme: str) -> None:
    anna = add("Anna Bo", group=insieme)
    place_group(comune=pero, name="Misto", stance=Stance.MIXED, starts_on=LATER, by=None)
    with pytest.raises(GroupUnknown, match="«Misto»"):
        join_group(comune=pero, person=anna, group="Misto", starts_on=DAY, by=None)
    join_group(comune=pero, person=anna, group="Misto", starts_on=LATER, by=None)
    assert council_on(comune=pero, day=DAY)[0].group == insieme
    assert council_on(comune=pero, day=LATER)[0].group == "Misto"
    join_group(comune=pero, person=anna, group="", starts_on=LATER, by=None)
    assert council_on(comune=pero, day=LATER)[0].group == ""


def test_a_group_with_members_does_not_end(pero: Comune, add: Add, insieme: str) -> None:
    anna = add("Anna Bo", group=insieme)
    group = place_group(comune=pero, name=insieme, stance=Stance.MAJORITY, starts_on=DAY, by=None)
    with pytest.raises(GroupHasMembers, match="Anna Bo"):
        end_group(comune=pero, group=group, ends_on=LATER, by=None)
    join_group(comune=pero, person=anna, group="", starts_on=LATER, by=None)
    assert end_group(comune=pero, group=group, ends_on=LATER, by=None).ends_on == LATER


def test_benches_put_the_majority_first_and_the_ungrouped_last(pero: Comune, add: Add) -> None:
    for name, stance in (("Altra", Stance.MINORITY), ("Zeta", Stance.MAJORITY)):
        place_group(comune=pero, name=name, stance=stance, starts_on=DAY, by=None)
    add("Anna Bo", group="Altra")
    add("Ugo Fo", group="Zeta")
    add("Ada Su")
    found = benches(council_on(comune=pero, day=DAY))
    assert [bench.name for bench in found] == ["Zeta", "Altra", ""]


def test_an_office_of_one_person_is_not_given_twice(pero: Comune, add: Add) -> None:
    anna, ugo = add("Anna Bo"), add("Ugo Fo")
    office = give_office(
        comune=pero, person=anna, kind=OfficeKind.PRESIDENT, starts_on=DAY, by=None
    )
    with pytest.raises(OfficeTaken, match="Anna Bo"):
        give_office(comune=pero, person=ugo, kind=OfficeKind.PRESIDENT, starts_on=LATER, by=None)
    end_office(comune=pero, office=office, ends_on=LATER, by=None)
    give_office(comune=pero, person=ugo, kind=OfficeKind.PRESIDENT, starts_on=LATER, by=None)
    held = [seat.holds(OfficeKind.PRESIDENT) for seat in council_on(comune=pero, day=LATER)]
    assert held == [False, True]


def test_two_assessors_sit_side_by_side(pero: Comune, add: Add) -> None:
    for name in ("Anna Bo", "Ugo Fo"):
        person = add(name)
        give_office(
            comune=pero,
            person=person,
            kind=OfficeKind.ASSESSORE,
            starts_on=DAY,
            label="Assessore al Bilancio",
            by=None,
        )
    labels = [seat.label for seat in council_on(comune=pero, day=DAY)]
    assert labels == ["Assessore al Bilancio"] * 2


# ---- corrections, accounts, fences


def test_a_correction_does_not_make_a_homonym(pero: Comune, add: Add) -> None:
    add("Anna Bo")
    ugo = add("Ugo Fo")
    with pytest.raises(HomonymKnown):
        correct_person(comune=pero, person=ugo, given_name="Anna", family_name="Bo", by=None)
    fixed = correct_person(
        comune=pero, person=ugo, given_name="Ugo", family_name="Foà", email="u@example.org", by=None
    )
    assert (fixed.full_name, fixed.email) == ("Ugo Foà", "u@example.org")


def test_a_new_account_has_a_password_shown_once(pero: Comune, add: Add) -> None:
    ugo = add("Ugo Fo")
    password = link_account(comune=pero, person=ugo, email="Ugo@Example.org", by=None)
    ugo.refresh_from_db()
    assert ugo.user is not None
    assert password is not None
    assert ugo.user.check_password(password)
    assert has_role(ugo.user, comune=pero, roles=(Role.CONSIGLIERE,))
    assert ugo.email == "ugo@example.org"


def test_a_known_account_is_linked_without_a_new_password(
    pero: Comune, add: Add, bruno: User
) -> None:
    ugo = add("Ugo Fo")
    assert link_account(comune=pero, person=ugo, email=bruno.email, by=None) is None
    assert ugo.user == bruno
    with pytest.raises(AccountTaken, match="Ugo Fo"):
        link_account(comune=pero, person=add("Ada Su"), email=bruno.email, by=None)


def test_an_account_unlinked_is_a_councillors_no_more(pero: Comune, add: Add, bruno: User) -> None:
    ugo = add("Ugo Fo")
    link_account(comune=pero, person=ugo, email=bruno.email, by=None)
    unlink_account(comune=pero, person=ugo, by=None)
    assert ugo.user is None
    assert not has_role(bruno, comune=pero, roles=(Role.CONSIGLIERE,))
    link_account(comune=pero, person=ugo, email=bruno.email, by=None)
    assert has_role(bruno, comune=pero, roles=(Role.CONSIGLIERE,))


def test_who_leaves_the_council_loses_the_councillors_pages(
    pero: Comune, add: Add, bruno: User
) -> None:
    ugo = add("Ugo Fo")
    link_account(comune=pero, person=ugo, email=bruno.email, by=None)
    last_day = clock.now().date() + timedelta(days=30)
    end_mandate(comune=pero, mandate=mandate_of(pero, ugo), ends_on=last_day, because="x", by=None)
    assert has_role(bruno, comune=pero, roles=(Role.CONSIGLIERE,))
    after = datetime.combine(last_day + timedelta(days=1), datetime.min.time(), UTC)
    with clock.frozen(after):
        assert not has_role(bruno, comune=pero, roles=(Role.CONSIGLIERE,))


def test_people_of_another_town_are_not_there(pero: Comune, rho: Comune, add: Add) -> None:
    anna = add("Anna Bo")
    mandate = mandate_of(pero, anna)
    with pytest.raises(NotFound):
        person_file(comune=rho, person_id=anna.pk)
    with pytest.raises(NotFound):
        get_mandate(comune=rho, mandate_id=mandate.pk)
    with pytest.raises(NotFound):
        give_office(comune=rho, person=anna, kind=OfficeKind.LEADER, starts_on=DAY, by=None)
    with pytest.raises(NotFound):
        end_mandate(comune=rho, mandate=mandate, ends_on=LATER, because="x", by=None)
    with scope(pero):
        assert not Office.objects.exists()


def test_who_is_outside_may_be_seated(pero: Comune, add: Add) -> None:
    anna, ugo = add("Anna Bo"), add("Ugo Fo")
    end_mandate(comune=pero, mandate=mandate_of(pero, ugo), ends_on=LATER, because="x", by=None)
    assert people_outside(comune=pero, day=DAY) == ()
    assert people_outside(comune=pero, day=LATER) == (ugo,)
    assert [one.person for one in former_mandates(comune=pero, day=LATER)] == [ugo]
    assert anna.full_name == "Anna Bo"
