"""E-mail alerts: asked for, confirmed by who reads the address, stopped by one click.

Asking always answers the same, so that nobody learns who is on the list, and what was asked and
not confirmed is forgotten after two days. A row that stops is deleted: nothing else was kept.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from email.headerregistry import Address

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from arengo.council.engine.search import LONGEST_QUERY
from arengo.kernel import clock, jobs
from arengo.kernel.models import Comune
from arengo.kernel.scope import operation, query
from arengo.record.models import Subscription

UNCONFIRMED = timedelta(days=2)
AGAIN_AFTER = timedelta(minutes=15)  # the same request does not send a second message before
MOST_UNCONFIRMED = 3  # of one address, or a stranger could fill somebody's mailbox
MOST_WAITING = 300  # of a Comune
SUBJECT = "Confermi gli avvisi del Consiglio comunale di {comune}?"
WHAT = {True: "quando si parla di «{query}»", False: "prima e dopo ogni seduta del Consiglio"}
CONFIRM = """Qualcuno, forse tu, ha chiesto che il Comune di {comune} scriva a questo indirizzo {what}.

Per confermare apri questa pagina e premi il pulsante:
{link}

Se non sei stato tu non fare nulla: entro due giorni l'indirizzo viene cancellato.
"""
STOP = """
--
Ricevi questo messaggio perché lo hai chiesto. Per non riceverne più:
{link}
"""


def public_address() -> str:
    """Return the address that links in messages begin with."""
    return settings.PUBLIC_URL or f"http://localhost:{settings.CONFIG.door_port}"


@operation
def subscribe(*, comune: Comune, address: str, words: str = "") -> None:
    """Have a message ask an address whether it wants alerts; nothing tells whether it was sent."""
    from arengo.record.public_tasks import ask_confirmation

    address, words = address.strip().lower(), " ".join(words.split())[:LONGEST_QUERY]
    now = clock.now()
    forget_unconfirmed(comune=comune)
    waiting = Subscription.objects.filter(confirmed_at=None)
    held = Subscription.objects.filter(address=address, query=words).first()
    if held is None:
        of_address = waiting.filter(address=address).count()
        if of_address >= MOST_UNCONFIRMED or waiting.count() >= MOST_WAITING:
            return
        held = Subscription.objects.create(
            comune=comune, address=address, query=words, token=secrets.token_hex(16)
        )
    elif held.confirmed_at or now - held.asked_at < AGAIN_AFTER:
        return
    else:
        Subscription.objects.filter(pk=held.pk).update(asked_at=now)
    key = f"subscription {held.pk} {now.isoformat()}"
    jobs.enqueue(ask_confirmation, comune=comune, key=key, subscription_id=held.pk)


@operation
def forget_unconfirmed(*, comune: Comune) -> int:
    """Forget who did not confirm in time; return how many they were."""
    old = Subscription.objects.filter(confirmed_at=None, asked_at__lt=clock.now() - UNCONFIRMED)
    return old.delete()[0]


@query
def find_subscription(*, comune: Comune, token: str) -> Subscription | None:
    """Return who has that token; None where nobody has, or has any more."""
    return Subscription.objects.filter(token=token[:32]).first()


@operation
def confirm(*, comune: Comune, token: str) -> bool:
    """Write that an address wants the alerts; False where nobody has that token."""
    rows = Subscription.objects.filter(token=token[:32])
    rows.filter(confirmed_at=None).update(confirmed_at=clock.now())
    return rows.exists()


@operation
def stop(*, comune: Comune, token: str) -> bool:
    """Delete who has a token; False where nobody had."""
    return bool(Subscription.objects.filter(token=token[:32]).delete()[0])


def link_of(comune: Comune, subscription: Subscription) -> str:
    """Return the page on which somebody confirms or stops."""
    page = reverse("record:subscription", args=(comune.slug, subscription.token))
    return public_address() + page


def confirmation(comune: Comune, subscription: Subscription) -> EmailMessage:
    """Return the message that asks for a confirmation; it quotes nothing but the words asked for."""
    what = WHAT[bool(subscription.query)].format(query=subscription.query)
    text = CONFIRM.format(comune=comune.name, what=what, link=link_of(comune, subscription))
    return _message(comune, subscription, SUBJECT.format(comune=comune.name), text)


def alert(comune: Comune, subscription: Subscription, subject: str, text: str) -> EmailMessage:
    """Return an alert, which one click stops (RFC 8058)."""
    link = link_of(comune, subscription)
    message = _message(comune, subscription, subject, text + STOP.format(link=link))
    message.extra_headers["List-Unsubscribe"] = f"<{link}>"
    message.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return message


def _message(comune: Comune, to: Subscription, subject: str, text: str) -> EmailMessage:
    sender = Address(display_name=f"Comune di {comune.name}", addr_spec=settings.DEFAULT_FROM_EMAIL)
    return EmailMessage(" ".join(subject.split()), text, str(sender), [to.address])
