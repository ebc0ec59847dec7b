"""A council, an agenda and a notice that went out: what pages of the convocation are tried on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from arengo.council.models import (
    Absence,
    AgendaItem,
    Convocation,
    Document,
    ItemType,
    Mandate,
    MandateKind,
    Notice,
    Office,
    OfficeKind,
    Person,
    Sitting,
)
from arengo.council.operations.agenda import ItemFacts, add_document, add_item
from arengo.council.operations.convocation import announce_absence, send_notice
from arengo.kernel import clock
from arengo.kernel.models import Comune
from arengo.kernel.scope import scope

PDF = b"%PDF-1.7\n%invented\n"
SINCE = date(2024, 6, 10)
COUNCIL = (
    ("Marta", "Valtorta", MandateKind.MAYOR, "sindaca@example.org"),
    ("Ambrogio", "Colnaghi", MandateKind.COUNCILLOR, "colnaghi@example.org"),
    ("Ines", "Dell’Orto", MandateKind.COUNCILLOR, "dellorto@example.org"),
    ("Piero", "Aceti", MandateKind.COUNCILLOR, ""),
)


@dataclass(frozen=True)
class Convened:
    """A sitting whose notice went out; `colnaghi` presides, `aceti` has no address."""

    sitting: Sitting
    item: AgendaItem
    document: Document
    convocation: Convocation
    notices: dict[str, Notice]
    absence: Absence


def seat_council(comune: Comune) -> dict[str, Person]:
    """Seat four invented people, by family name in lower case letters alone."""
    with scope(comune):
        found = {}
        for given, family, kind, email in COUNCIL:
            person = Person.objects.create(
                comune=comune, given_name=given, family_name=family, email=email
            )
            Mandate.objects.create(comune=comune, person=person, kind=kind, starts_on=SINCE)
            found["".join(filter(str.isalpha, family)).lower()] = person
        Office.objects.create(
            comune=comune, person=found["colnaghi"], kind=OfficeKind.PRESIDENT, starts_on=SINCE
        )
    return found


def prepare(comune: Comune, sitting: Sitting) -> Sitting:
    """Put the sitting three weeks ahead, in a place."""
    with scope(comune):
        Sitting.objects.filter(pk=sitting.pk).update(
            place="Sala consiliare, piazza Marconi 2",
            scheduled_at=clock.now() + timedelta(days=21),
        )
        sitting.refresh_from_db()
    return sitting


def proposal(comune: Comune, sitting: Sitting, title: str, **over: object) -> AgendaItem:
    """Add a proposal to the agenda."""
    facts = ItemFacts(title=title, **{"type": ItemType.PROPOSAL, **over})  # type: ignore[arg-type]  # of a test
    return add_item(comune=comune, sitting=sitting, facts=facts, by=None)


def convene(comune: Comune, sitting: Sitting) -> Convened:
    """Seat a council, write an agenda and send its notice."""
    people = seat_council(comune)
    prepare(comune, sitting)
    item = proposal(comune, sitting, "Variazione di bilancio", affects_spending=True)
    proposal(comune, sitting, "Nomina di Tizio Caio", type=ItemType.ELECTION, is_secret=True)
    document = add_document(comune=comune, item=item, title="Relazione", content=PDF, by=None)
    absence = announce_absence(
        comune=comune,
        sitting=sitting,
        person=people["aceti"],
        status="justified",
        reason="",
        by=None,
    )
    convocation = send_notice(
        comune=comune, sitting=sitting, base_url="https://pero.example", by=None
    )
    with scope(comune):
        notices = {
            name: Notice.objects.select_related("person").get(
                convocation=convocation, person=person
            )
            for name, person in people.items()
        }
    return Convened(sitting, item, document, convocation, notices, absence)
