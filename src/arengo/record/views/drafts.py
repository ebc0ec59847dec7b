"""The drafts of a sitting, for who writes its verbale: read on the page, or taken as files."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from arengo.council.access import CLERKS
from arengo.council.models import Sitting
from arengo.council.queries import get_sitting
from arengo.kernel import audit
from arengo.kernel.access import AuthenticatedRequest, members
from arengo.kernel.models import Comune
from arengo.record.act_wording import Way, way_of
from arengo.record.acts import acts_of, versions_of
from arengo.record.captions import has_captions, write_captions
from arengo.record.drafts import Draft, Written, account_of, drafts_of, find, write, writers_of
from arengo.record.errors import NothingToTell
from arengo.record.package import package
from arengo.record.render.flow import flow

FORMATS = {
    "pdf": "PDF/A",
    "docx": "DOCX",
    "odt": "ODT",
    "akn": "Akoma Ntoso",
    "tei": "TEI",
    "csv": "CSV",
    "csv-voti": gettext_lazy("CSV dei nominativi"),
}


@members(*CLERKS)
@never_cache
@require_GET
def drafts(request: AuthenticatedRequest, *, comune: Comune, uid: str) -> HttpResponse:
    """List the documents of a sitting, made now from its journal; without one, say how it begins."""
    sitting = get_sitting(comune=comune, uid=uid)
    try:
        found = drafts_of(account_of(comune=comune, sitting=sitting))
    except NothingToTell:
        found = ()
    context = {
        "comune": comune,
        "sitting": sitting,
        "lines": _lines(comune, sitting, found),
        "has_captions": has_captions(comune=comune, sitting=sitting),
        "tab": "record",
    }
    return render(request, "record/drafts.html", context | {"heading": _("Atti della seduta")})


def _lines(
    comune: Comune, sitting: Sitting, found: tuple[Draft, ...]
) -> list[tuple[Draft, list[tuple[str, str]], Way]]:
    acts = acts_of(comune=comune, sitting=sitting)
    return [
        (one, _formats(one), way_of(comune, acts.get(one.name), one.document.kind)) for one in found
    ]


@members(*CLERKS)
@never_cache
@require_GET
def draft(request: AuthenticatedRequest, *, comune: Comune, uid: str, name: str) -> HttpResponse:
    """Show a draft as it will be read; `?formato=` gives it as a file."""
    sitting = get_sitting(comune=comune, uid=uid)
    found = account_of(comune=comune, sitting=sitting)
    chosen = find(found, name)
    if chosen.document.is_reserved:
        _note_reading(request, comune, sitting, name)
    if "formato" in request.GET:
        return _file(write(found, chosen, request.GET["formato"]))
    context = {
        "comune": comune,
        "sitting": sitting,
        "draft": chosen,
        "formats": _formats(chosen),
        "flow": flow(chosen.document),
    }
    act = acts_of(comune=comune, sitting=sitting).get(name)
    context |= {
        "act": act,
        "way": way_of(comune, act, chosen.document.kind),
        "versions": versions_of(comune=comune, act=act) if act else (),
    }
    return render(request, "record/draft.html", context)


@members(*CLERKS)
@never_cache
@require_GET
def captions(request: AuthenticatedRequest, *, comune: Comune, uid: str) -> HttpResponse:
    """Give the captions as a file, in the `?formato=` asked for."""
    sitting = get_sitting(comune=comune, uid=uid)
    format_ = request.GET.get("formato", "vtt")
    return _file(write_captions(comune=comune, sitting=sitting, format_=format_))


@members(*CLERKS)
@never_cache
@require_GET
def whole(request: AuthenticatedRequest, *, comune: Comune, uid: str) -> HttpResponse:
    """Give all of a sitting in one file; what was secret is in it, so that it is noted who took it."""
    sitting = get_sitting(comune=comune, uid=uid)
    made = package(comune=comune, sitting=sitting)
    _note_reading(request, comune, sitting, "pacchetto")
    return _file(made)


def _file(written: Written) -> HttpResponse:
    answer = HttpResponse(written.data, content_type=written.content_type)
    answer["Content-Disposition"] = f'attachment; filename="{written.file_name}"'
    return answer


def _formats(chosen: Draft) -> list[tuple[str, str]]:
    return [(format_, str(FORMATS[format_])) for format_ in writers_of(chosen.document)]


def _note_reading(
    request: AuthenticatedRequest, comune: Comune, sitting: Sitting, name: str
) -> None:
    """Leave word of who read what is not for everyone."""
    audit.record(
        "record.read_reserved", comune=comune, by=request.user, subject=sitting.uid, document=name
    )
