"""The letters that tell councillors of a document to read: one job for each of them."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django_tasks import task

from arengo.council.models import Person
from arengo.council.queries.people import council_on, today
from arengo.kernel import jobs
from arengo.kernel.models import Comune
from arengo.record.models import Act, ActState, ActVersion

SUBJECT = "{comune}: {what} da leggere"
TEXT = """Gentile {name},

è a disposizione dei consiglieri il documento «{what}» della seduta «{sitting}» del {day:%d/%m/%Y}.

Lo leggi qui, dopo l'accesso:
{link}

Dalla stessa pagina puoi proporre una rettifica: resta annotata accanto al testo, che non cambia.

Comune di {comune}
"""
KINDS = {
    "verbale": "verbale",
    "separate_part": "parte separata del verbale",
    "resoconto_integrale": "resoconto integrale",
    "resoconto_sommario": "resoconto sommario",
    "delibera": "deliberazione",
    "attendance": "presenze",
    "votes": "votazioni",
}


def tell_councillors(*, comune: Comune, act: Act, base_url: str) -> None:
    """Have a letter sent to each member of the council who has an address."""
    version = ActVersion.objects.filter(act=act).order_by("-number").values_list("pk").first()
    for seat in council_on(comune=comune, day=today()):
        if seat.mandate and seat.person.email:
            jobs.enqueue(
                send_letter,
                comune=comune,
                key=f"record.shared {act.pk} {version} {seat.person.pk}",
                act_id=act.pk,
                person_id=seat.person.pk,
                base_url=base_url,
            )


@task
def send_letter(*, comune: Comune, act_id: int, person_id: int, base_url: str) -> None:
    """Tell one councillor; nothing is sent of what was recalled in the meantime."""
    act = Act.objects.select_related("sitting").get(pk=act_id)
    person = Person.objects.get(pk=person_id)
    if act.state == ActState.RECALLED or not person.email:
        return
    letter(comune=comune, act=act, person=person, base_url=base_url).send()


def letter(*, comune: Comune, act: Act, person: Person, base_url: str) -> EmailMessage:
    """Return the letter: it says what there is to read, never what is written in it."""
    what, sitting = KINDS.get(act.kind, act.name), act.sitting
    link = f"{base_url}/consiglio/{comune.slug}/sedute/{sitting.uid}/condivisi/{act.name}/"
    facts = {"comune": comune.name, "what": what, "name": person.full_name, "link": link}
    title = " ".join(sitting.title.split())
    return EmailMessage(
        subject=SUBJECT.format(**facts),
        body=TEXT.format(sitting=title, day=act.adopted_date, **facts),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[person.email],
    )
