"""The rules of the council: which ones hold, and the guided page that adapts them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from arengo.council import operations, queries
from arengo.council.access import CLERKS
from arengo.council.engine.errors import ProfileUnusable
from arengo.council.engine.examples import Example, examples
from arengo.council.engine.profile import Profile, profile_facts, read_profile
from arengo.council.engine.quorum import present_needed
from arengo.council.forms.rulebook import ClassForm, RulesForm
from arengo.council.profiles import ready_profiles
from arengo.council.queries.people import today
from arengo.council.queries.rulebook import is_ready
from arengo.council.rule_steps import SPEECHES, SUBJECTS
from arengo.council.views.people import REFUSED, rules_now, tried
from arengo.kernel.access import AuthenticatedRequest, members
from arengo.kernel.models import Comune


@members(*CLERKS)
@never_cache
@require_GET
def rules(request: AuthenticatedRequest, *, comune: Comune) -> HttpResponse:
    """Show the rules in force, their effect, and the earlier ones; or ask for the class."""
    return _rules_page(request, comune, _class_form(comune))


def _rules_page(request: HttpRequest, comune: Comune, form: ClassForm) -> HttpResponse:
    held = rules_now(comune, today())
    context: dict[str, Any] = {
        "comune": comune,
        "rules": held,
        "form": form,
        "books": queries.rulebooks(comune=comune),
        "today": today(),
    }
    if held is not None:
        context |= _told(held.profile)
    status = REFUSED if form.is_bound else 200
    return render(request, "council/rulebook.html", context, status=status)


def _told(profile: Profile) -> dict[str, Any]:
    """Return what a page says of a profile: its numbers in words, and the examples."""
    quorums = [profile.quorum.first, profile.quorum.second]
    named, timed = dict(profile.majorities), dict(profile.speaking_times)
    return {
        "profile": profile,
        "present": [present_needed(one, profile.assigned) for one in quorums if one],
        "majorities": [(label, named[key]) for key, label in SUBJECTS if key in named],
        "speeches": [(label, timed[key]) for key, label in SPEECHES if key in timed],
        "examples": examples(profile),
        "chosen": next(
            (key for key, one in ready_profiles().items() if one.assigned == profile.assigned), ""
        ),
    }


def _class_form(comune: Comune, data: Any = None) -> ClassForm:
    classes = {
        key: one.name.partition(": ")[2] or one.name for key, one in ready_profiles().items()
    }
    held = rules_now(comune, today())
    start = {"valid_from": today()}
    if held is not None:
        start["key"] = _told(held.profile)["chosen"]
    return ClassForm(data, classes=classes, initial=start, prefix="class")


@members(*CLERKS)
@never_cache
@require_POST
def choose_class(request: AuthenticatedRequest, *, comune: Comune) -> HttpResponse:
    """Start from the ready profile of a class of population."""
    form = _class_form(comune, request.POST)

    def act(data: dict[str, Any]) -> object:
        return operations.choose_class(comune=comune, **data, by=request.user)

    if not tried(form, act):
        return _rules_page(request, comune, form)
    messages.success(request, _("Classe scelta: ora adatta le regole al tuo regolamento."))
    return redirect("council:rules", comune.slug)


@members(*CLERKS)
@never_cache
@require_http_methods(["GET", "POST"])
def adapt(request: AuthenticatedRequest, *, comune: Comune) -> HttpResponse:
    """Ask for the articles of the regulation step by step, show their effect, and save them."""
    held = queries.rules_in_force(comune=comune, day=today())
    form = _rules_form(held.profile, request.POST or None)
    shown = held.profile
    if request.method == "POST" and form.is_valid():
        tested = _tested(form)
        if tested is not None and "save" in request.POST:
            return _save(request, comune, form)
        shown = tested or held.profile
    context = {
        "comune": comune,
        "form": form,
        "examples": examples(shown),
        "profile": shown,
        "is_stale": bool(form.errors),
    }
    status = REFUSED if form.errors else 200
    return render(request, "council/rulebook_adapt.html", context, status=status)


def _rules_form(profile: Profile, data: Any) -> RulesForm:
    start = {
        "name": "" if is_ready(profile) else profile.name,
        "valid_from": today(),
    }
    return RulesForm(data, facts=profile_facts(profile), initial=start)


def _tested(form: RulesForm) -> Profile | None:
    """Return the profile that the answers make, or None with the refusal beside its question."""
    try:
        return read_profile(form.facts())
    except ProfileUnusable as refusal:
        form.refuse(refusal)
        return None


def _save(request: AuthenticatedRequest, comune: Comune, form: RulesForm) -> HttpResponse:
    day = form.cleaned_data["valid_from"]
    operations.save_rulebook(comune=comune, facts=form.facts(), valid_from=day, by=request.user)
    messages.success(request, _("Regole salvate, in vigore dal {day:%d/%m/%Y}.").format(day=day))
    return redirect("council:rules", comune.slug)


@members(*CLERKS)
@never_cache
@require_POST
def try_rules(request: AuthenticatedRequest, *, comune: Comune) -> HttpResponse:
    """Return the examples of the answers typed so far, as a piece of the page."""
    held = queries.rules_in_force(comune=comune, day=today())
    form = _rules_form(held.profile, request.POST)
    tested = _tested(form) if form.is_valid() else None
    shown: tuple[Example, ...] = examples(tested) if tested else ()
    errors = [str(error) for errors in form.errors.values() for error in errors]
    context = {"examples": shown, "errors": errors, "profile": tested or held.profile}
    status = 200 if tested else REFUSED
    return render(request, "council/rulebook_examples.html", context, status=status)


@members(*CLERKS)
@never_cache
@require_GET
def past_rules(request: AuthenticatedRequest, *, comune: Comune, rulebook_id: int) -> HttpResponse:
    """Show one rule book as it was saved."""
    book = queries.get_rulebook(comune=comune, rulebook_id=rulebook_id)
    profile = read_profile(book.facts)
    context = {"comune": comune, "book": book, "is_adapted": not is_ready(profile)}
    return render(request, "council/rulebook_past.html", context | _told(profile))
