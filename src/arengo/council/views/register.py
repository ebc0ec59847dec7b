"""A file of people, previewed and then taken in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from arengo.council import operations, queries
from arengo.council.access import CLERKS
from arengo.council.forms.people import RegisterForm
from arengo.council.queries.people import today
from arengo.council.queries.register import Choices
from arengo.council.register import RegisterRow, read_register, rows_from, rows_text
from arengo.council.views.people import REFUSED, said
from arengo.kernel.access import AuthenticatedRequest, members
from arengo.kernel.errors import DomainError
from arengo.kernel.models import Comune


@dataclass(frozen=True, slots=True)
class Previewed:
    """What the preview's page carries to the confirmation."""

    rows: tuple[RegisterRow, ...]
    choices: Choices
    decisions: dict[int, str]
    digest: str


@members(*CLERKS)
@never_cache
@require_http_methods(["GET", "POST"])
def register(request: AuthenticatedRequest, *, comune: Comune) -> HttpResponse:
    """Read a file, show what it would change, and do it once confirmed."""
    if "rows" in request.POST:
        return _confirm(request, comune, _previewed(request.POST))
    start = {"day": today(), "is_whole": True, "assessors_sit": True}
    form = RegisterForm(request.POST or None, request.FILES or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            return _read(request, comune, form)
        except DomainError as refusal:
            form.add_error("file", said(refusal))
    context = {"comune": comune, "form": form}
    status = REFUSED if form.is_bound else 200
    return render(request, "council/people_import.html", context, status=status)


def _read(request: AuthenticatedRequest, comune: Comune, form: RegisterForm) -> HttpResponse:
    data = form.cleaned_data
    found = read_register(data["file"], comune=comune.name, province=comune.province_code)
    choices = Choices(data["day"], data["is_whole"], data["assessors_sit"])
    if found.problems:
        context = {"comune": comune, "form": form, "problems": found.problems}
        return render(request, "council/people_import.html", context, status=REFUSED)
    return _preview(request, comune, Previewed(found.rows, choices, {}, ""))


def _previewed(post: QueryDict) -> Previewed:
    rows = rows_from(post.get("rows", ""))
    named = {row.line: post.get(f"distinction-{row.line}", "") for row in rows}
    choices = Choices(_day(post.get("day", "")), "is_whole" in post, "assessors_sit" in post)
    decisions = {line: text for line, text in named.items() if text.strip()}
    return Previewed(rows, choices, decisions, post.get("digest", ""))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return today()


def _confirm(request: AuthenticatedRequest, comune: Comune, seen: Previewed) -> HttpResponse:
    if "look" in request.POST:
        return _preview(request, comune, seen)
    try:
        plan = operations.import_register(
            comune=comune,
            rows=seen.rows,
            choices=seen.choices,
            decisions=seen.decisions,
            digest=seen.digest,
            by=request.user,
        )
    except DomainError as refusal:
        return _preview(request, comune, seen, said(refusal))
    told = _("Importazione eseguita: {added} in più, {changed} variazioni, {ended} cessazioni.")
    counts = {name: len(getattr(plan, name)) for name in ("added", "changed", "ended")}
    messages.success(request, told.format(**counts))
    return redirect("council:people", comune.slug)


def _preview(
    request: AuthenticatedRequest, comune: Comune, seen: Previewed, refused: str = ""
) -> HttpResponse:
    plan = queries.plan_register(
        comune=comune, rows=seen.rows, choices=seen.choices, decisions=seen.decisions
    )
    context = {
        "comune": comune,
        "plan": plan,
        "rows": rows_text(seen.rows),
        "choices": seen.choices,
        "decided": [
            (row.line, seen.decisions[row.line])
            for row in seen.rows
            if row.line in seen.decisions
            and row.line not in {one.row.line for one in plan.homonyms}
        ],
        "refused": refused,
    }
    status = REFUSED if refused else 200
    return render(request, "council/people_preview.html", context, status=status)
