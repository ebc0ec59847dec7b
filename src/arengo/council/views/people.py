"""The people of the council: who sits, one person's page, and what changes them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from arengo.council import operations, queries
from arengo.council.access import CLERKS
from arengo.council.errors import RulesNotChosen
from arengo.council.forms.people import (
    AccountForm,
    EndDayForm,
    EndForm,
    GroupForm,
    JoinForm,
    MandateForm,
    NewPersonForm,
    OfficeForm,
    PersonForm,
    SeatForm,
)
from arengo.council.models import MandateKind, Person, SittingState
from arengo.council.queries.people import Seat, today
from arengo.council.queries.rulebook import RulesInForce
from arengo.council.vacancies import filling, vacancies
from arengo.kernel.access import AuthenticatedRequest, members
from arengo.kernel.errors import DomainError
from arengo.kernel.models import Comune

REFUSED = 422


def said(refusal: DomainError) -> str:
    """Return the sentence of a refusal in the language of the page."""
    return _(refusal.message).format(**refusal.facts)


def tried(form: forms.Form, act: Callable[[dict[str, Any]], object]) -> bool:
    """Do what a form asks; a refusal becomes the form's own error."""
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except DomainError as refusal:
        form.add_error(None, said(refusal))
        return False
    return True


def rules_now(comune: Comune, day: date) -> RulesInForce | None:
    """Return the rules of a day, or None when they were never chosen."""
    try:
        return queries.rules_in_force(comune=comune, day=day)
    except RulesNotChosen:
        return None


@members(*CLERKS)
@never_cache
@require_GET
def home(request: AuthenticatedRequest, *, comune: Comune) -> HttpResponse:
    """Show the council at a glance: who sits, the rules, the next sittings."""
    day = today()
    seats = queries.council_on(comune=comune, day=day)
    sittings = queries.list_sittings(comune=comune, limit=30)
    pending = [one for one in sittings if one.state != SittingState.CLOSED]
    context = {
        "comune": comune,
        "count": _count(seats),
        "benches": queries.benches(seats),
        "rules": rules_now(comune, day),
        "coming": sorted(pending, key=lambda one: one.scheduled_at)[:5],
        "past": [one for one in sittings if one.state == SittingState.CLOSED][:3],
    }
    return render(request, "council/home.html", context)


def _count(seats: tuple[Seat, ...]) -> dict[str, int]:
    kinds = [seat.mandate.kind for seat in seats if seat.mandate]
    return {str(kind.value): kinds.count(kind) for kind in MandateKind}


@members(*CLERKS)
@never_cache
@require_GET
def people(request: AuthenticatedRequest, *, comune: Comune) -> HttpResponse:
    """List who sits in the council today, or on the day asked for, by group."""
    day = _day_asked(request)
    seats = queries.council_on(comune=comune, day=day)
    context = {
        "comune": comune,
        "day": day,
        "is_today": day == today(),
        "benches": queries.benches(seats),
        "offices_only": [seat for seat in seats if seat.mandate is None],
        "count": _count(seats),
        "rules": rules_now(comune, day),
        "former": queries.former_mandates(comune=comune, day=day),
    }
    return render(request, "council/people.html", context)


def _day_asked(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.GET.get("giorno", ""))
    except ValueError:
        return today()


@members(*CLERKS)
@never_cache
@require_http_methods(["GET", "POST"])
def add_person(request: AuthenticatedRequest, *, comune: Comune) -> HttpResponse:
    """Put a new person in the council."""
    groups = queries.groups_on(comune=comune, day=today())
    start = {"starts_on": today(), "kind": MandateKind.COUNCILLOR}
    form = NewPersonForm(request.POST or None, groups=groups, initial=start)
    made: list[Person] = []

    def act(data: dict[str, Any]) -> None:
        made.append(operations.add_person(comune=comune, **data, by=request.user))

    if request.method == "POST" and tried(form, act):
        messages.success(request, _("{name} è in Consiglio.").format(name=made[0].full_name))
        return redirect("council:person", comune.slug, made[0].pk)
    context = {"comune": comune, "form": form}
    status = REFUSED if form.is_bound else 200
    return render(request, "council/people_add.html", context, status=status)


@members(*CLERKS)
@never_cache
@require_GET
def person(request: AuthenticatedRequest, *, comune: Comune, person_id: int) -> HttpResponse:
    """Show a person: what they were and are in the council, and what can be changed."""
    return _person_page(request, comune, person_id)


def _person_page(
    request: AuthenticatedRequest,
    comune: Comune,
    person_id: int,
    wrong: forms.Form | None = None,
    **extra: object,
) -> HttpResponse:
    """Show the page; `wrong` is the form that was refused, in the place of its fresh twin."""
    context = {"comune": comune, "wrong": wrong, **_person_context(comune, person_id), **extra}
    if wrong is not None:
        context[_place(wrong)] = wrong
    return render(request, "council/people_one.html", context, status=REFUSED if wrong else 200)


def _place(form: forms.Form) -> str:
    return f"{form.prefix}_form"


def _person_context(comune: Comune, person_id: int) -> dict[str, object]:
    told = queries.person_file(comune=comune, person_id=person_id)
    groups = queries.groups_on(comune=comune, day=today())
    outside = queries.people_outside(comune=comune, day=today())
    others = [one for one in outside if one != told.person]
    day = {"starts_on": today(), "ends_on": today()}
    account = {"email": told.person.user.email if told.person.user else told.person.email}
    return {
        "file": told,
        "vacancies": vacancies(),
        "filling": filling(),
        "correct_form": _correct_form(told.person),
        "seat_form": SeatForm(groups=groups, initial=day, prefix="seat"),
        "end_form": EndForm(
            groups=groups,
            outside=others,
            initial={"ends_on": today(), "group": told.last_group},
            prefix="end",
        ),
        "office_form": OfficeForm(initial=day, prefix="office"),
        "join_form": JoinForm(
            groups=groups, initial={**day, "group": told.last_group}, prefix="join"
        ),
        "account_form": AccountForm(initial=account, prefix="account"),
    }


def _correct_form(person: Person, data: Any = None) -> PersonForm:
    names = ("family_name", "given_name", "distinction", "email")
    initial = {name: getattr(person, name) for name in names}
    return PersonForm(data, initial=initial, prefix="correct")


@members(*CLERKS)
@require_POST
def correct_person(
    request: AuthenticatedRequest, *, comune: Comune, person_id: int
) -> HttpResponse:
    """Correct how a person is written."""
    told = queries.person_file(comune=comune, person_id=person_id).person
    form = _correct_form(told, request.POST)

    def act(data: dict[str, Any]) -> object:
        return operations.correct_person(comune=comune, person=told, **data, by=request.user)

    return _after(request, comune, person_id, form, act, _("Dati corretti."))


@members(*CLERKS)
@require_POST
def seat_person(request: AuthenticatedRequest, *, comune: Comune, person_id: int) -> HttpResponse:
    """Give a known person a new mandate."""
    told = queries.person_file(comune=comune, person_id=person_id).person
    groups = queries.groups_on(comune=comune, day=today())
    form = SeatForm(request.POST, groups=groups, prefix="seat")

    def act(data: dict[str, Any]) -> object:
        return operations.seat_person(comune=comune, person=told, **data, by=request.user)

    return _after(request, comune, person_id, form, act, _("Mandato registrato."))


@members(*CLERKS)
@require_POST
def end_mandate(request: AuthenticatedRequest, *, comune: Comune, mandate_id: int) -> HttpResponse:
    """End a mandate and, in the same step, seat who takes it over."""
    mandate = queries.get_mandate(comune=comune, mandate_id=mandate_id)
    form = EndForm(
        request.POST,
        groups=queries.groups_on(comune=comune, day=today()),
        outside=queries.people_outside(comune=comune, day=today()),
        prefix="end",
    )

    def act(data: dict[str, Any]) -> object:
        return operations.end_mandate(
            comune=comune, mandate=mandate, **form.facts(), by=request.user
        )

    done = _("Cessazione registrata.")
    return _after(request, comune, mandate.person_id, form, act, done)


@members(*CLERKS)
@never_cache
@require_http_methods(["GET", "POST"])
def correct_mandate(
    request: AuthenticatedRequest, *, comune: Comune, mandate_id: int
) -> HttpResponse:
    """Correct a mandate written wrongly."""
    mandate = queries.get_mandate(comune=comune, mandate_id=mandate_id)
    initial = {
        "kind": mandate.kind,
        "starts_on": mandate.starts_on,
        "ends_on": mandate.ends_on,
        "because": mandate.ends_because,
    }
    form = MandateForm(request.POST or None, initial=initial)

    def act(data: dict[str, Any]) -> object:
        return operations.correct_mandate(comune=comune, mandate=mandate, **data, by=request.user)

    if request.method == "POST" and tried(form, act):
        messages.success(request, _("Mandato corretto."))
        return redirect("council:person", comune.slug, mandate.person_id)
    context = {"comune": comune, "mandate": mandate, "form": form}
    status = REFUSED if form.is_bound else 200
    return render(request, "council/people_mandate.html", context, status=status)


@members(*CLERKS)
@require_POST
def give_office(request: AuthenticatedRequest, *, comune: Comune, person_id: int) -> HttpResponse:
    """Give a person an office."""
    told = queries.person_file(comune=comune, person_id=person_id).person
    form = OfficeForm(request.POST, prefix="office")

    def act(data: dict[str, Any]) -> object:
        return operations.give_office(comune=comune, person=told, **data, by=request.user)

    return _after(request, comune, person_id, form, act, _("Carica registrata."))


@members(*CLERKS)
@require_POST
def end_office(request: AuthenticatedRequest, *, comune: Comune, office_id: int) -> HttpResponse:
    """End an office on a day."""
    office = queries.get_office(comune=comune, office_id=office_id)
    form = EndDayForm(request.POST)
    if tried(
        form,
        lambda data: operations.end_office(comune=comune, office=office, **data, by=request.user),
    ):
        messages.success(request, _("Carica terminata."))
    else:
        messages.error(request, _first_error(form))
    return redirect("council:person", comune.slug, office.person_id)


@members(*CLERKS)
@require_POST
def join_group(request: AuthenticatedRequest, *, comune: Comune, person_id: int) -> HttpResponse:
    """Move a person to a group, or out of theirs."""
    told = queries.person_file(comune=comune, person_id=person_id).person
    groups = queries.groups_on(comune=comune, day=today())
    form = JoinForm(request.POST, groups=groups, prefix="join")

    def act(data: dict[str, Any]) -> object:
        return operations.join_group(comune=comune, person=told, **data, by=request.user)

    return _after(request, comune, person_id, form, act, _("Gruppo aggiornato."))


@members(*CLERKS)
@never_cache
@require_POST
def link_account(request: AuthenticatedRequest, *, comune: Comune, person_id: int) -> HttpResponse:
    """Let a councillor sign in; a new account's password is shown this once, and stored nowhere."""
    told = queries.person_file(comune=comune, person_id=person_id).person
    form = AccountForm(request.POST, prefix="account")
    passwords: list[str | None] = []

    def act(data: dict[str, Any]) -> None:
        passwords.append(
            operations.link_account(comune=comune, person=told, **data, by=request.user)
        )

    if not tried(form, act):
        return _person_page(request, comune, person_id, form)
    if passwords[0]:
        return _person_page(request, comune, person_id, new_password=passwords[0])
    messages.success(request, _("Accesso collegato: vale la password che la persona ha già."))
    return redirect("council:person", comune.slug, person_id)


@members(*CLERKS)
@require_POST
def unlink_account(
    request: AuthenticatedRequest, *, comune: Comune, person_id: int
) -> HttpResponse:
    """Take the account away from a person."""
    told = queries.person_file(comune=comune, person_id=person_id).person
    operations.unlink_account(comune=comune, person=told, by=request.user)
    messages.success(request, _("Accesso scollegato."))
    return redirect("council:person", comune.slug, person_id)


@members(*CLERKS)
@never_cache
@require_http_methods(["GET", "POST"])
def groups(request: AuthenticatedRequest, *, comune: Comune) -> HttpResponse:
    """List the groups with every change of side; a form founds one or moves it."""
    form = GroupForm(request.POST or None, initial={"starts_on": today()})

    def act(data: dict[str, Any]) -> object:
        return operations.place_group(comune=comune, **data, by=request.user)

    if request.method == "POST" and tried(form, act):
        messages.success(request, _("Gruppo registrato."))
        return redirect("council:groups", comune.slug)
    seats = queries.council_on(comune=comune, day=today())
    context = {
        "comune": comune,
        "form": form,
        "history": queries.group_history(comune=comune),
        "sizes": {bench.name: len(bench.seats) for bench in queries.benches(seats)},
        "today": today(),
    }
    status = REFUSED if form.is_bound else 200
    return render(request, "council/people_groups.html", context, status=status)


@members(*CLERKS)
@require_POST
def end_group(request: AuthenticatedRequest, *, comune: Comune, group_id: int) -> HttpResponse:
    """End a group that nobody belongs to."""
    group = queries.get_group(comune=comune, group_id=group_id)
    form = EndDayForm(request.POST)
    if tried(
        form,
        lambda data: operations.end_group(comune=comune, group=group, **data, by=request.user),
    ):
        messages.success(request, _("Gruppo sciolto."))
    else:
        messages.error(request, _first_error(form))
    return redirect("council:groups", comune.slug)


def _first_error(form: forms.Form) -> str:
    return str(next(iter(form.errors.values()))[0])


def _after(
    request: AuthenticatedRequest,
    comune: Comune,
    person_id: int,
    form: forms.Form,
    act: Callable[[dict[str, Any]], object],
    done: str,
) -> HttpResponse:
    """Do what a form of the person's page asks, and show the page again."""
    if not tried(form, act):
        return _person_page(request, comune, person_id, form)
    messages.success(request, done)
    return redirect("council:person", comune.slug, person_id)
