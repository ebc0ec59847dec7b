"""The addresses of the interface: each parses, asks one query, answers.

Every function is called in the scope of the Comune of its address (`serving`).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, reverse
from ninja import NinjaAPI, Path, Query
from ninja.errors import ValidationError

from arengo.council.engine.search import LONGEST_QUERY, SearchUnreadable
from arengo.council.queries import get_sitting
from arengo.kernel.answers import answer
from arengo.kernel.errors import DomainError, Invalid
from arengo.kernel.models import Comune
from arengo.record.api import schemas as s
from arengo.record.api.serving import served
from arengo.record.public_documents import public_draft, public_drafts, tree
from arengo.record.queries import open_data as data
from arengo.record.queries.search import PAGE, search

api = NinjaAPI(
    title="Consigli comunali: sedute, votazioni, presenze, interventi, atti",
    version="1.0.0",
    urls_namespace="api-1",
    openapi_url=None,
    docs_url=None,
)

Limit = Annotated[int, Query(ge=1, le=100, description="Quante righe")]
Offset = Annotated[int, Query(ge=0, le=1_000_000, description="Quante righe saltare")]
Slug = Annotated[s.Slug, Path(description="Il Comune, come negli indirizzi delle pagine")]
Uid = Annotated[s.Uid, Path(description="Il codice della seduta")]
Name = Annotated[
    str, Path(max_length=60, pattern=r"^[a-z0-9-]{1,60}$", description="Il nome del documento")
]
Since = Annotated[date | None, Query(description="Dal giorno, compreso")]
Until = Annotated[date | None, Query(description="Fino al giorno, compreso")]


class QueryUnreadable(Invalid):
    """Refuse a search that has no sense."""

    code = "query_unreadable"
    message = "La ricerca non si legge: {why}"


class ParameterWrong(Invalid):
    """Refuse a parameter."""

    code = "parameter_wrong"
    message = "Il parametro «{name}» non è valido: {why}"


@api.exception_handler(DomainError)
def _refused(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    return answer(request, refusal)


@api.exception_handler(ValidationError)
def _wrong(request: HttpRequest, refusal: ValidationError) -> HttpResponse:
    first = refusal.errors[0]
    name = str(first.get("loc", ("?",))[-1])[:60]
    return answer(request, ParameterWrong(name=name, why=str(first.get("msg", ""))[:200]))


def _comune(request: HttpRequest) -> Comune:
    found: Comune = request.comune  # type: ignore[attr-defined]  # set by `serving`
    return found


@api.get(
    "/status",
    response=s.Problem,
    operation_id="show_status",
    tags=["servizio"],
    summary="Stato del servizio",
)
def status(request: HttpRequest) -> HttpResponse:
    """Dice se l'interfaccia risponde e raggiunge la base dati."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        code, detail = 200, "Il servizio è attivo."
    except DatabaseError:
        code, detail = 503, "La base dati non risponde. Riprova tra qualche minuto."
    facts = {"type": "about:blank", "status": code, "detail": detail, "instance": request.path}
    facts |= {"title": "Attivo" if code == 200 else "Non disponibile", "code": ""}
    made = JsonResponse(facts, status=code, content_type="application/problem+json")
    if code == 503:
        made["Retry-After"] = "60"
    return made


@api.get(
    "/comuni",
    response=s.ComuneList,
    operation_id="list_comuni",
    tags=["comuni"],
    summary="I Comuni",
)
def comuni(request: HttpRequest, limite: Limit = 50, scarto: Offset = 0) -> Any:
    """Elenca i Comuni che pubblicano le sedute qui, per denominazione."""
    return data.comuni_page(limit=limite, offset=scarto)


@api.get(
    "/comuni/{slug}",
    response=s.ComuneOut,
    operation_id="show_comune",
    tags=["comuni"],
    summary="Un Comune",
)
def comune(request: HttpRequest, slug: Slug) -> Any:
    """Dice di un Comune il codice ISTAT e quante sedute ha."""
    return data.comune_facts(comune=_comune(request))


@api.get(
    "/comuni/{slug}/consiglieri",
    response=s.MemberList,
    operation_id="list_members",
    tags=["comuni"],
    summary="Il Consiglio oggi",
)
def members(request: HttpRequest, slug: Slug) -> Any:
    """Elenca chi siede oggi in Consiglio, il Sindaco per primo."""
    return {"componenti": data.members_of(comune=_comune(request))}


@api.get(
    "/comuni/{slug}/atti",
    response=s.ActList,
    operation_id="list_acts",
    tags=["atti"],
    summary="Gli atti pubblicati",
)
def acts(request: HttpRequest, slug: Slug, limite: Limit = 50, scarto: Offset = 0) -> Any:
    """Elenca le delibere pubblicate, dalla più recente, con ciò che oggi se ne può leggere."""
    return data.acts_page(comune=_comune(request), limit=limite, offset=scarto)


@api.get(
    "/comuni/{slug}/ricerca",
    response=s.PassageList,
    operation_id="search_passages",
    tags=["interventi"],
    summary="Ricerca nelle sedute concluse",
)
def found(
    request: HttpRequest,
    slug: Slug,
    q: Annotated[
        str,
        Query(
            max_length=LONGEST_QUERY,
            pattern=r"^[^\x00]*$",
            description="Che cosa cercare, come nella pagina dell'archivio",
        ),
    ] = "dal:2000",
    pagina: Annotated[int, Query(ge=1, le=1000, description="La pagina, da 1")] = 1,
) -> Any:
    """Cerca parole, frasi, persone, punti e voti; venti passaggi per pagina, dal più recente."""
    here = _comune(request)
    try:
        result = search(comune=here, text=q, page=pagina)
    except SearchUnreadable as refused:
        raise QueryUnreadable(why=str(refused)) from refused
    lines = [data.passage_facts(here, hit.passage) for hit in result.hits]
    return {
        **{"totale": result.total, "limite": PAGE, "scarto": (result.page - 1) * PAGE},
        "passaggi": lines,
    }


@api.get(
    "/comuni/{slug}/sedute",
    response=s.SittingList,
    operation_id="list_sittings",
    tags=["sedute"],
    summary="Le sedute",
)
def sittings(
    request: HttpRequest,
    slug: Slug,
    dal: Since = None,
    al: Until = None,
    limite: Limit = 50,
    scarto: Offset = 0,
) -> Any:
    """Elenca le sedute di un Comune, dalla più recente."""
    return data.sittings_page(
        comune=_comune(request), since=dal, until=al, limit=limite, offset=scarto
    )


@api.get(
    "/comuni/{slug}/sedute/{uid}",
    response=s.SittingOut,
    operation_id="show_sitting",
    tags=["sedute"],
    summary="Una seduta",
)
def sitting(request: HttpRequest, slug: Slug, uid: Uid) -> Any:
    """Dice di una seduta quando, dove e a che punto è."""
    here = _comune(request)
    return data.sitting_facts(here, get_sitting(comune=here, uid=uid))


@api.get(
    "/comuni/{slug}/sedute/{uid}/punti",
    response=s.ItemList,
    operation_id="list_items",
    tags=["sedute"],
    summary="L'ordine del giorno",
)
def items(request: HttpRequest, slug: Slug, uid: Uid) -> Any:
    """Elenca i punti all'ordine del giorno; di quelli segreti dice soltanto che lo sono."""
    here = _comune(request)
    return {"punti": data.items_of(comune=here, sitting=get_sitting(comune=here, uid=uid))}


@api.get(
    "/comuni/{slug}/sedute/{uid}/votazioni",
    response=s.VoteList,
    operation_id="list_votes",
    tags=["votazioni"],
    summary="Le votazioni",
)
def votes(request: HttpRequest, slug: Slug, uid: Uid) -> Any:
    """Elenca le votazioni proclamate, con i nominativi di quelle palesi."""
    here = _comune(request)
    return {"votazioni": data.votes_of(comune=here, sitting=get_sitting(comune=here, uid=uid))}


@api.get(
    "/comuni/{slug}/sedute/{uid}/presenze",
    response=s.AttendanceList,
    operation_id="list_attendance",
    tags=["presenze"],
    summary="Le presenze",
)
def attendance(request: HttpRequest, slug: Slug, uid: Uid) -> Any:
    """Dice chi c'era e quando, in una seduta conclusa."""
    here = _comune(request)
    there = get_sitting(comune=here, uid=uid)
    return {"componenti": data.attendance_of(comune=here, sitting=there)}


@api.get(
    "/comuni/{slug}/sedute/{uid}/interventi",
    response=s.PassageList,
    operation_id="list_passages",
    tags=["interventi"],
    summary="Gli interventi",
)
def passages(
    request: HttpRequest, slug: Slug, uid: Uid, limite: Limit = 100, scarto: Offset = 0
) -> Any:
    """Elenca ciò che si è detto, chiamato e votato in una seduta conclusa, col secondo del video."""
    here = _comune(request)
    there = get_sitting(comune=here, uid=uid)
    return data.passages_page(comune=here, sitting=there, limit=limite, offset=scarto)


@api.get(
    "/comuni/{slug}/sedute/{uid}/documenti",
    response=s.DocumentList,
    operation_id="list_documents",
    tags=["documenti"],
    summary="I documenti pubblici",
)
def documents(request: HttpRequest, slug: Slug, uid: Uid) -> Any:
    """Elenca i documenti di una seduta conclusa che chiunque può leggere."""
    here = _comune(request)
    there = get_sitting(comune=here, uid=uid)
    account = data.public_account(comune=here, sitting=there)
    drafts = public_drafts(account, comune=here, sitting=there)
    return {"documenti": [_line(here, uid, one) for one in drafts]}


@api.get(
    "/comuni/{slug}/sedute/{uid}/documenti/{name}",
    response=s.DocumentOut,
    operation_id="show_document",
    tags=["documenti"],
    summary="Un documento come albero",
)
def document(request: HttpRequest, slug: Slug, uid: Uid, name: Name) -> Any:
    """Dà un documento: sezioni, paragrafi, interventi e votazioni, ognuno con la sua fonte."""
    here = _comune(request)
    there = get_sitting(comune=here, uid=uid)
    account = data.public_account(comune=here, sitting=there)
    found = public_draft(account, name, comune=here, sitting=there)
    return {**_line(here, uid, found), "sezioni": tree(found.document)}


def _line(here: Comune, uid: str, draft: Any) -> s.Facts:
    return {
        "nome_documento": draft.name,
        "titolo": draft.document.title,
        "natura": draft.document.label,
        "indirizzo": reverse("api-1:document", args=[here.slug, uid, draft.name]),
    }


def patterns() -> list[Any]:
    """Return the addresses for Django, each served as `serving` says."""
    every, _, _ = api.urls
    kept = [one for one in every if isinstance(one, URLPattern) and one.name != "api-root"]
    for one in kept:
        one.callback = served(one.callback)
    return kept
