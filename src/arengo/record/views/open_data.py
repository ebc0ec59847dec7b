"""Open data: the page of a Comune and of the installation, catalogues, yearly files, OpenAPI."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from arengo.council.queries.people import today
from arengo.kernel.access import public
from arengo.kernel.errors import NotFound
from arengo.kernel.models import Comune
from arengo.record import bulk, bulk_tasks
from arengo.record.api.description import description, yaml_of
from arengo.record.api.serving import served
from arengo.record.catalogue import CC_BY, DATASETS, catalogue_of, whole_catalogue
from arengo.record.queries.catalogue import town_of, towns
from arengo.record.queries.open_data import years_closed
from arengo.record.render.rdf import Node, json_ld, rdf_xml, turtle

R = TypeVar("R", bound=HttpResponseBase)
SYNTAXES: dict[str, tuple[str, Any]] = {
    "ttl": ("text/turtle; charset=utf-8", turtle),
    "rdf": ("application/rdf+xml", rdf_xml),
    "jsonld": ("application/ld+json", json_ld),
}


def origin_of(request: HttpRequest) -> str:
    """Return the origin that citizens type: the one set, or the one asked for."""
    return settings.PUBLIC_URL or f"{request.scheme}://{request.get_host()}"


@public
@require_GET
def installation(request: HttpRequest) -> HttpResponse:
    """Show what data there are and of whom."""
    context = {"towns": towns(), "datasets": DATASETS, "licence": CC_BY}
    return render(request, "record/open_data.html", context)


@public
@require_GET
def of_comune(request: HttpRequest, *, comune: Comune) -> HttpResponse:
    """Show the datasets of a Comune and its files by year."""
    years = [(year, bulk.path_of(comune, year).exists()) for year in years_closed(comune=comune)]
    context = {"comune": comune, "datasets": DATASETS, "years": years, "licence": CC_BY}
    return render(request, "record/open_data_comune.html", context)


@public
@require_GET
def catalogue(request: HttpRequest, *, comune: Comune, syntax: str) -> HttpResponse:
    """Give the catalogue of a Comune."""
    town = town_of(comune=comune)
    return _catalogue(catalogue_of(town, origin_of(request)), syntax)


@public
@require_GET
def whole(request: HttpRequest, *, syntax: str) -> HttpResponse:
    """Give the catalogue of the installation."""
    return _catalogue(whole_catalogue(towns(), origin_of(request), on=today()), syntax)


def _catalogue(nodes: tuple[Node, ...], syntax: str) -> HttpResponse:
    if syntax not in SYNTAXES:
        raise NotFound
    content_type, writer = SYNTAXES[syntax]
    return _licensed(HttpResponse(writer(nodes), content_type=content_type))


def _licensed(answer: R) -> R:
    answer.headers["Link"] = f'<{CC_BY.address}>; rel="license"'
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cache-Control"] = "public, no-cache"
    return answer


@public
@require_GET
def year_file(request: HttpRequest, *, comune: Comune, year: int) -> HttpResponseBase:
    """Give the file of a year; while it is made, say so and when to come back."""
    path = bulk.path_of(comune, year)
    try:
        content = path.open("rb")
    except FileNotFoundError:
        if year not in years_closed(comune=comune):
            raise NotFound from None
        bulk_tasks.build_later(comune=comune, year=year)
        waiting = {"comune": comune, "year": year}
        made = render(request, "record/open_data_waiting.html", waiting, status=503)
        made.headers["Retry-After"] = "60"
        return made
    name = f"{comune.slug}-consiglio-{year}.zip"
    return _licensed(FileResponse(content, as_attachment=True, filename=name))


@served
def openapi_json(request: HttpRequest) -> HttpResponse:
    """Give the description of the interface."""
    made = json.dumps(description(origin=origin_of(request)), ensure_ascii=False, indent=1)
    return HttpResponse(made, content_type="application/json")


@served
def openapi_yaml(request: HttpRequest) -> HttpResponse:
    """Give the same as YAML."""
    made = yaml_of(description(origin=origin_of(request)))
    return HttpResponse(made, content_type="application/yaml")
