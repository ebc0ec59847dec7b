"""What is public of a Comune's sittings, as the open data have it.

Votes and items come from the public board, words and presences of a closed sitting from its
account: nothing secret or reserved can be in either.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Count
from django.urls import reverse

from arengo.council.engine.board import public_board
from arengo.council.engine.record.account import Account
from arengo.council.engine.record.attendance import stays
from arengo.council.models import Sitting, SittingState
from arengo.council.queries.journal import state_of
from arengo.council.queries.people import ROME, council_on, today
from arengo.kernel import clock
from arengo.kernel.models import Comune
from arengo.kernel.scope import query
from arengo.record.drafts import account_of
from arengo.record.errors import SittingNotOver
from arengo.record.models import Passage, Publication, RegisterLine
from arengo.record.queries.published import PublicDelibera, public_delibera

Facts = dict[str, Any]


def comuni_page(*, limit: int, offset: int) -> Facts:
    """Return the Comuni that publish sittings here, by name."""
    counts = dict(Sitting.across.order_by().values_list("comune_id").annotate(Count("id")))
    found = Comune.objects.filter(pk__in=counts).order_by("name", "pk")
    lines = [_comune(one, counts[one.pk]) for one in found[offset : offset + limit]]
    return {**_page(len(counts), limit, offset), "comuni": lines}


@query
def comune_facts(*, comune: Comune) -> Facts:
    """Return a Comune and how many sittings it has."""
    return _comune(comune, Sitting.objects.count())


def _comune(comune: Comune, sittings: int) -> Facts:
    return {
        "codice_istat": comune.pk,
        "denominazione": comune.name,
        "slug": comune.slug,
        "provincia": comune.province,
        "sedute": sittings,
        "indirizzo": reverse("api-1:comune", args=[comune.slug]),
    }


def _page(total: int, limit: int, offset: int) -> Facts:
    return {"totale": total, "limite": limit, "scarto": offset}


# --- sittings -------------------------------------------------------------------------------


@query
def sittings_page(
    *, comune: Comune, since: date | None, until: date | None, limit: int, offset: int
) -> Facts:
    """Return the sittings of the Comune held between two days, both included, latest first."""
    found = Sitting.objects.order_by("-scheduled_at", "-id")
    if since:
        found = found.filter(scheduled_at__gte=_midnight(since))
    if until:
        found = found.filter(scheduled_at__lt=_midnight(min(until, date.max - timedelta(1))) + DAY)
    lines = [sitting_facts(comune, one) for one in found[offset : offset + limit]]
    return {**_page(found.count(), limit, offset), "sedute": lines}


DAY = timedelta(days=1)


def _midnight(day: date) -> datetime:
    return datetime.combine(max(day, date(1900, 1, 1)), time(), ROME).astimezone(UTC)


def sitting_facts(comune: Comune, sitting: Sitting) -> Facts:
    """Return what everyone may know of a sitting."""
    return {
        "codice": sitting.uid,
        "titolo": sitting.title,
        "tipo": sitting.kind,
        "stato": sitting.state,
        "convocazione": sitting.call,
        "modo": sitting.mode,
        "luogo": sitting.place,
        "prevista_alle": sitting.scheduled_at,
        "aperta_alle": sitting.opened_at,
        "conclusa_alle": sitting.closed_at,
        "dimostrativa": sitting.is_demo,
        "indirizzo": reverse("api-1:sitting", args=[comune.slug, sitting.uid]),
        "pagina": reverse("live:sitting", args=[comune.slug, sitting.uid]),
    }


@query
def closed_sittings(*, comune: Comune, year: int) -> tuple[Sitting, ...]:
    """Return the sittings of a year that are over, the first held first."""
    found = Sitting.objects.filter(state=SittingState.CLOSED).select_related("comune")
    held = [one for one in found.order_by("opened_at", "id") if year_of(one) == year]
    return tuple(held)


@query
def years_closed(*, comune: Comune) -> tuple[int, ...]:
    """Return the years in which a sitting was held and closed, the latest first."""
    found = Sitting.objects.filter(state=SittingState.CLOSED).order_by("-opened_at")
    return tuple(sorted({year_of(one) for one in found}, reverse=True))


def year_of(sitting: Sitting) -> int:
    """Return the year of a sitting, in Italy."""
    return (sitting.opened_at or sitting.scheduled_at).astimezone(ROME).year


# --- items, votes ---------------------------------------------------------------------------


@query
def items_of(*, comune: Comune, sitting: Sitting) -> list[Facts]:
    """Return the agenda as the public board has it."""
    return [
        {
            "codice": one["id"],
            "numero": one["number"],
            "oggetto": one["title"],
            "tipo": one["type"],
            "segreto": one["is_secret"],
            "dati_particolari": one["is_sensitive"],
            "chiamato_alle": one["called_at"],
            "esito": one["result"],
        }
        for one in _board(comune, sitting)["items"]
    ]


def _board(comune: Comune, sitting: Sitting) -> Mapping[str, Any]:
    return public_board(state_of(comune=comune, sitting=sitting), clock.now())


@query
def votes_of(*, comune: Comune, sitting: Sitting) -> list[Facts]:
    """Return the proclaimed votes that everyone may see."""
    board = _board(comune, sitting)
    members = {one["id"]: one for one in board["members"]}
    return [_vote(one, members) for one in board["votes"]]


def _vote(vote: Mapping[str, Any], members: Mapping[str, Any]) -> Facts:
    return {
        "codice": vote["id"],
        "punto": vote["item"],
        "oggetto": vote["title"],
        "materia": vote["subject"],
        "modo": vote["method"],
        "presenti": vote["present"],
        "aperta_alle": vote["opened_at"],
        "proclamata_alle": vote["proclaimed_at"],
        "esito": vote["result"],
        "formula": vote["formula"],
        "norma": vote["article"],
        "eletti": list(vote["elected"]),
        "conteggi": [{"scelta": name, "voti": n} for name, n in vote["totals"].items()],
        "nominativi": [
            {
                "componente": member,
                "denominazione": members[member]["name"],
                "gruppo": members[member]["group"],
                "scelta": choice,
            }
            for choice, cast in vote["names"].items()
            for member in cast
        ],
    }


# --- what is told of a closed sitting ---------------------------------------------------------


def public_account(*, comune: Comune, sitting: Sitting) -> Account:
    """Return the account of a closed sitting.

    Raises
    ------
    SittingNotOver
        It is still going on, or to come.
    NothingToTell
        Its journal is empty.
    """
    if sitting.state != SittingState.CLOSED:
        raise SittingNotOver(title=sitting.title)
    return account_of(comune=comune, sitting=sitting)


@query
def attendance_of(*, comune: Comune, sitting: Sitting) -> list[Facts]:
    """Return who was there and when, of a closed sitting."""
    found = public_account(comune=comune, sitting=sitting)
    return list(attendance_facts(found))


def attendance_facts(found: Account) -> Iterator[Facts]:
    """Yield members with their times of presence."""
    for member, listed in stays(found).items():
        one = found.end.members[member]
        yield {
            "componente": one.id,
            "denominazione": one.name,
            "carica": one.office,
            "gruppo": one.group,
            "ha_voto": one.votes,
            "presenze": [
                {"presenza": stay.status, "dalle": stay.since, "alle": stay.until}
                for stay in listed
            ],
        }


@query
def passages_page(*, comune: Comune, sitting: Sitting, limit: int, offset: int) -> Facts:
    """Return what the archive has of a sitting, in the order of the video."""
    found = Passage.objects.filter(sitting=sitting).select_related("sitting").order_by("id")
    lines = [passage_facts(comune, one) for one in found[offset : offset + limit]]
    return {**_page(found.count(), limit, offset), "passaggi": lines}


def passage_facts(comune: Comune, one: Passage) -> Facts:
    """Return a passage with the address of its second of video."""
    page = reverse("live:sitting", args=[comune.slug, one.sitting.uid])
    held = (one.sitting.opened_at or one.sitting.scheduled_at).astimezone(ROME).date()
    return {
        "genere": one.kind,
        "testo": one.text,
        "secondo": one.start_s,
        "intervento": one.speaker,
        "componente": one.member,
        "punto": one.item_number,
        "oggetto": one.item_title,
        "seduta": one.sitting.uid,
        "data": held,
        "pagina": page if one.start_s is None else f"{page}#t={int(one.start_s)}",
    }


# --- acts, people -----------------------------------------------------------------------------


@query
def acts_page(*, comune: Comune, limit: int, offset: int) -> Facts:
    """Return the delibere of the public register, the latest first.

    Subject and text are those that everyone may read today: what left the albo left this too.
    """
    begun = Publication.objects.filter(first_date__lte=today()).values("line_id")
    lines = RegisterLine.objects.filter(pk__in=begun).order_by("is_demo", "-year", "-number")
    rows = [
        _act(comune, public_delibera(comune=comune, year=one.year, code=one.code))
        for one in lines[offset : offset + limit]
    ]
    return {**_page(lines.count(), limit, offset), "atti": rows}


def _act(comune: Comune, found: PublicDelibera) -> Facts:
    line = found.line
    return {
        "seduta": line.sitting.uid,
        "nome_documento": line.name,
        "tipo": "delibera",
        "oggetto": found.subject,
        "adottato_il": line.adopted_date,
        "anno": line.year,
        "numero": line.number,
        "testo": found.text,
        "esecutiva": found.is_enforceable,
        "annullata": found.is_annulled,
        "pagina": reverse("record:delibera", args=[comune.slug, line.year, line.code]),
    }


@query
def members_of(*, comune: Comune) -> list[Facts]:
    """Return who sits in the council today."""
    return [
        {
            "codice": str(seat.person.pk),
            "nome_proprio": seat.person.given_name,
            "cognome": seat.person.family_name,
            "carica": seat.label,
            "gruppo": seat.group,
            "ha_voto": seat.votes,
        }
        for seat in council_on(comune=comune, day=today())
        if seat.mandate is not None
    ]
