"""E-mail alerts: asked for, confirmed, sent before and after, stopped; nobody is told who asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from chamber import make_agenda
from convened import convene
from django.core import mail
from django.test import Client

from arengo.council.models import Sitting
from arengo.kernel import clock
from arengo.kernel.models import Comune, Job
from arengo.kernel.scope import scope
from arengo.record import public_tasks
from arengo.record.alerting import tell
from arengo.record.models import Subscription
from arengo.record.subscriptions import (
    MOST_UNCONFIRMED,
    confirm,
    forget_unconfirmed,
    stop,
    subscribe,
)

PAGE = "/pero/avvisi/"
MAKE = Callable[..., Sitting]


@pytest.fixture(autouse=True)
def mailbox(settings: object) -> None:
    """Keep messages in memory."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"  # type: ignore[attr-defined]


def asked(comune: Comune, address: str = "ada@example.org", words: str = "") -> Subscription:
    subscribe(comune=comune, address=address, words=words)
    with scope(comune):
        return Subscription.objects.get(address=address.lower(), query=words)


def confirmed(comune: Comune, words: str = "") -> Subscription:
    found = asked(comune, words=words)
    confirm(comune=comune, token=found.token)
    return found


def test_who_asks_is_written_to_once_they_confirm_and_not_after_they_stop(
    pero: Comune, client: Client
) -> None:
    answer = client.post(PAGE, {"address": "Ada@Example.org", "words": "via Sempione"})
    assert "conferma" in answer.content.decode()
    assert not answer.cookies
    with scope(pero):
        found = Subscription.objects.get()
        public_tasks.ask_confirmation.call(comune=pero, subscription_id=found.pk)
    (letter,) = mail.outbox
    assert letter.to == ["ada@example.org"]
    assert "«via Sempione»" in letter.body
    page = f"/pero/avvisi/e-mail/{found.token}/"
    assert page in letter.body
    assert "Manca solo la conferma" in client.get(page).content.decode()
    with scope(pero):
        assert Subscription.objects.get().confirmed_at is None  # opening confirms nothing
    assert "sono attivi" in client.post(page, {"action": "confirm"}).content.decode()
    stopped = client.post(page, {"List-Unsubscribe": "One-Click"})
    assert "non scriveremo più" in stopped.content.decode()
    with scope(pero):
        assert not Subscription.objects.exists()
    assert "non c’è più" in client.get(page).content.decode()


def test_asking_answers_the_same_for_who_is_on_the_list_and_who_is_not(
    pero: Comune, client: Client
) -> None:
    confirmed(pero)
    known = client.post(PAGE, {"address": "ada@example.org"}).content
    assert client.post(PAGE, {"address": "ugo@example.org"}).content == known


@pytest.mark.parametrize("address", ["", "ada", "ada@", "a@b.it\nBcc: x@y.it", "a" * 300 + "@b.it"])
def test_what_is_no_address_is_refused(pero: Comune, client: Client, address: str) -> None:
    answer = client.post(PAGE, {"address": address})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    with scope(pero):
        assert not Subscription.objects.exists()


def test_a_mailbox_cannot_be_filled_by_a_stranger(pero: Comune) -> None:
    for k in range(MOST_UNCONFIRMED + 3):
        subscribe(comune=pero, address="ada@example.org", words=f"via {k}")
        subscribe(comune=pero, address="ada@example.org", words=f"via {k}")
    with scope(pero):
        assert Subscription.objects.count() == MOST_UNCONFIRMED
        assert Job.objects.filter(key__startswith="subscription").count() == MOST_UNCONFIRMED


def test_who_does_not_confirm_is_forgotten_after_two_days(pero: Comune) -> None:
    found = asked(pero)
    with scope(pero):
        Subscription.objects.update(asked_at=clock.now() - timedelta(days=2, minutes=1))
    assert forget_unconfirmed(comune=pero) == 1
    assert not confirm(comune=pero, token=found.token)


def test_the_next_town_cannot_confirm_nor_stop(pero: Comune, rho: Comune) -> None:
    found = asked(pero)
    assert not confirm(comune=rho, token=found.token)
    assert not stop(comune=rho, token=found.token)
    with scope(pero):
        assert Subscription.objects.get().confirmed_at is None


def test_before_a_sitting_its_agenda_goes_to_who_asked_for_it(
    pero: Comune, make_sitting: MAKE
) -> None:
    every, budget = confirmed(pero), confirmed(pero, "variazioni bilancio")
    other = confirmed(pero, "elicottero")
    sitting = convene(pero, make_sitting(pero)).sitting
    with scope(pero):
        keys = list(Job.objects.filter(key__startswith="alert").values_list("key", flat=True))
        told = [
            tell(comune=pero, sitting=sitting, when="before", subscription_id=one.pk)
            for one in (every, budget, other)
        ]
    assert len(keys) == 3
    assert told == [True, True, False]
    letter = mail.outbox[0]
    assert "Variazione di bilancio" in letter.body
    assert "Tizio" not in letter.body  # an item to be treated in secret
    assert "segreta" not in mail.outbox[1].body
    assert letter.subject.startswith("Se ne parla ")
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert every.token in letter.extra_headers["List-Unsubscribe"]


def test_a_sitting_not_convened_is_told_to_nobody(pero: Comune, make_sitting: MAKE) -> None:
    to = confirmed(pero)
    sitting = make_sitting(pero)
    make_agenda(sitting)
    with scope(pero):
        assert not tell(comune=pero, sitting=sitting, when="before", subscription_id=to.pk)
    assert mail.outbox == []
