"""The albo pretorio and the register of delibere, for everyone."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from arengo.council.engine.record.cleaning import cell
from arengo.kernel.access import public
from arengo.kernel.models import Comune
from arengo.record.publication import calendar_of
from arengo.record.queries import published as asked
from arengo.record.queries.published import PublicDelibera, PublicFile
from arengo.record.releases import released, released_file
from arengo.record.render.flow import flow

LONGEST = 200
HIDDEN = "noindex, noarchive, nosnippet"


def _hidden(answer: HttpResponseBase) -> HttpResponseBase:
    """Keep a page out of search engines: nothing of the albo may be found when the term is over."""
    answer.headers["X-Robots-Tag"] = HIDDEN
    answer.headers["Cache-Control"] = "no-store"
    return answer


@public
@require_GET
def albo(request: HttpRequest, *, comune: Comune) -> HttpResponseBase:
    """List what hangs on the albo today."""
    context = {"comune": comune, "notices": asked.albo_today(comune=comune)}
    return _hidden(render(request, "record/albo.html", context))


@public
@require_GET
def notice(request: HttpRequest, *, comune: Comune, year: int, number: str) -> HttpResponseBase:
    """Show a notice of the albo, with its dates."""
    found = asked.albo_notice(comune=comune, year=year, code=number)
    context = {
        "comune": comune,
        "notice": found,
        "dates": calendar_of(found.publication),
    }
    return _hidden(render(request, "record/albo_notice.html", context))


@public
@require_GET
def notice_file(
    request: HttpRequest, *, comune: Comune, year: int, number: str
) -> HttpResponseBase:
    """Give the file of a notice while it hangs on the albo."""
    found = asked.albo_notice(comune=comune, year=year, code=number)
    return _hidden(_file(asked.albo_file(comune=comune, notice=found)))


@public
@require_GET
def register(request: HttpRequest, *, comune: Comune) -> HttpResponse:
    """List the published delibere, by year and by words; the whole as a CSV file."""
    years = asked.register_years(comune=comune)
    year = _year(request, years)
    words = request.GET.get("q", "").strip()[:LONGEST]
    found = asked.public_register(comune=comune, year=year, words=words)
    if request.GET.get("formato") == "csv":
        return _csv(comune, found)
    context = {"comune": comune, "years": years, "year": year, "q": words, "found": found}
    return render(request, "record/register.html", context)


def _year(request: HttpRequest, years: tuple[int, ...]) -> int | None:
    asked_for = request.GET.get("anno", "")
    return next((one for one in years if str(one) == asked_for), None)


@public
@require_GET
def delibera(request: HttpRequest, *, comune: Comune, year: int, number: str) -> HttpResponse:
    """Show a delibera: text, votes, opinions, files, and every date with its reason."""
    found = asked.public_delibera(comune=comune, year=year, code=number)
    text = asked.public_text(comune=comune, found=found)
    attested = asked.attestations_of(comune=comune, publication=found.publication)
    context = {
        "comune": comune,
        "found": found,
        "dates": calendar_of(found.publication),
        "flow": flow(text.document) if text else (),
        "second": text.second if text else None,
        "has_file": asked.has_file(comune=comune, found=found),
        "attestations": () if found.is_annulled else attested,
    }
    return render(request, "record/delibera.html", context)


@public
@never_cache
@require_GET
def delibera_file(
    request: HttpRequest, *, comune: Comune, year: int, number: str
) -> HttpResponseBase:
    """Give the file that stays of a delibera, or a certificate (`?certificato=`)."""
    found = asked.public_delibera(comune=comune, year=year, code=number)
    kind = request.GET.get("certificato", "")
    if kind:
        return _file(asked.attestation_file(comune=comune, found=found, kind=kind))
    return _file(asked.register_file(comune=comune, found=found))


def _file(found: PublicFile) -> FileResponse:
    """Answer with the bytes, to be saved: never shown as a page of ours."""
    answer = FileResponse(
        found.path.open("rb"),
        as_attachment=True,
        filename=found.file_name,
        content_type=found.content_type,
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["ETag"] = f'"{found.sha256}"'
    return answer


@public
@require_GET
def acts(request: HttpRequest, *, comune: Comune) -> HttpResponse:
    """List the verbali and resoconti that are for everyone, sitting by sitting."""
    context = {"comune": comune, "found": released(comune=comune)}
    return render(request, "record/acts.html", context)


@public
@never_cache
@require_GET
def act_file(request: HttpRequest, *, comune: Comune, uid: str, name: str) -> HttpResponseBase:
    """Give the file of a verbale or resoconto that is for everyone."""
    return _file(released_file(comune=comune, uid=uid, name=name))


HEADINGS = (
    "Anno", "Numero", "Data", "Oggetto", "Pubblicata dal", "Pubblicata al", "Esecutiva dal",
    "Immediatamente eseguibile", "Annullata", "Dimostrazione",
)  # fmt: skip


def _csv(comune: Comune, found: Iterable[PublicDelibera]) -> HttpResponse:
    out = io.StringIO()
    rows = csv.writer(out, delimiter=";", lineterminator="\r\n")
    rows.writerow(HEADINGS)
    rows.writerows([cell(one) for one in _row(line)] for line in found)
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="delibere-{comune.slug}.csv"'
    return answer


def _row(one: PublicDelibera) -> tuple[str, ...]:
    line, publication = one.line, one.publication
    return (
        *(str(line.year), str(line.number), line.adopted_date.isoformat(), one.subject),
        *(publication.first_date.isoformat(), publication.last_date.isoformat()),
        "" if one.is_annulled else publication.enforceable_date.isoformat(),
        _yes(publication.is_immediate),
        _yes(one.is_annulled),
        _yes(line.is_demo),
    )


def _yes(is_so: bool) -> str:
    return "sì" if is_so else "no"
