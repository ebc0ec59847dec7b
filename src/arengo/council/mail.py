"""A notice as a message: what goes out by mail, and the file for the Comune's certified mail."""

from __future__ import annotations

import smtplib
from email.headerregistry import Address
from email.message import EmailMessage as StandardMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django_tasks import task

from arengo.council.engine.calendar_file import METHOD, Invitation, calendar_file
from arengo.council.models import Notice
from arengo.council.queries.convocation import sequence_of
from arengo.council.queries.people import ROME
from arengo.kernel import clock
from arengo.kernel.errors import DomainError
from arengo.kernel.models import Comune

FOOTER = """
--
Documenti e conferma di lettura, nella pagina personale di questo avviso:
{link}
Il collegamento è personale: non inoltrarlo.
"""


class AddressRefused(DomainError):
    """Say that the mail server does not take an address: trying again would not help."""

    code = "address_refused"
    message = "Il server di posta ha rifiutato l’indirizzo {address}: correggilo e riprova."


class _Written(StandardMessage):
    """A standard message that bears how Django's backends ask for its bytes."""

    def as_bytes(self, unixfrom: bool = False, policy: Any = None, linesep: str = "") -> bytes:
        return super().as_bytes(unixfrom, policy)


class NoticeMail(EmailMessage):
    """A message to one person, written by the standard library, sent by Django's backends."""

    def __init__(self, notice: Notice, written: StandardMessage) -> None:
        super().__init__(from_email=settings.DEFAULT_FROM_EMAIL, to=[notice.address])
        self.written = written

    def message(self, *, policy: Any = None) -> Any:
        """Return the message itself, whose policy is SMTP's already."""
        return self.written


def is_delivering() -> bool:
    """Tell whether mail reaches anybody: without a server it is written into a folder."""
    return "filebased" not in settings.EMAIL_BACKEND


def notice_message(notice: Notice, *, base_url: str, is_draft: bool = False) -> StandardMessage:
    """Return the message of one copy of a notice.

    It holds the text, the sitting as an invitation and as a file, and asks for a receipt.
    `is_draft` marks a file to be opened and sent by hand from the Comune's own mailbox.
    """
    written = _Written(policy=SMTP)
    _write_headers(written, notice, is_draft=is_draft)
    link = f"{base_url}/convocazioni/{notice.token}/"
    text = notice.convocation.text + FOOTER.format(link=link)
    invitation = calendar_file(_invitation(notice))
    written.set_content(text, cte="quoted-printable")
    written.add_alternative(invitation, subtype="calendar", cte="base64", params={"method": METHOD})
    written.add_attachment(
        invitation.encode(), maintype="application", subtype="ics", filename="convocazione.ics"
    )
    return written


def _write_headers(written: StandardMessage, notice: Notice, *, is_draft: bool) -> None:
    convocation, sender = notice.convocation, settings.DEFAULT_FROM_EMAIL
    name = f"Comune di {notice.comune.name}"
    written["Subject"] = " ".join(convocation.subject.split())
    written["From"] = Address(display_name=name, addr_spec=sender)
    if notice.address:
        written["To"] = Address(display_name=notice.person.full_name, addr_spec=notice.address)
    written["Date"] = format_datetime(convocation.sent_at.astimezone(ROME))
    # The same for each attempt, so that a message sent twice is shown once.
    written["Message-ID"] = f"<{notice.pk}.{convocation.pk}.{convocation.sitting.uid}@{_host()}>"
    written["Disposition-Notification-To"] = sender
    written["Content-Language"] = "it"
    if is_draft:
        written["X-Unsent"] = "1"


def _host() -> str:
    return str(settings.DEFAULT_FROM_EMAIL).rpartition("@")[2] or "localhost"


def _invitation(notice: Notice) -> Invitation:
    convocation, comune = notice.convocation, notice.comune
    sitting = convocation.sitting
    return Invitation(
        uid=f"{sitting.uid}@{comune.pk}.arengo",
        sequence=sequence_of(comune=comune, convocation=convocation),
        stamped_at=convocation.sent_at,
        starts_at=sitting.scheduled_at,
        summary=f"{sitting.title} ({comune.name})",
        description=convocation.text,
        location=sitting.place,
        organizer=settings.DEFAULT_FROM_EMAIL,
        organizer_name=f"Comune di {comune.name}",
        attendee=notice.address,
        attendee_name=notice.person.full_name,
    )


@task
def deliver_notice(*, comune: Comune, notice_id: int, base_url: str) -> None:
    """Send one copy of a notice; what goes wrong is written on it, for the clerk to see.

    Raises
    ------
    AddressRefused
        The server does not take the address.
    OSError, smtplib.SMTPException
        It may go better the next time.
    """
    copies = Notice.objects.select_related("convocation__sitting", "person", "comune")
    notice = copies.get(pk=notice_id)
    if notice.sent_at is not None:
        return
    try:
        NoticeMail(notice, notice_message(notice, base_url=base_url)).send()
    except (smtplib.SMTPRecipientsRefused, ValueError, IndexError) as error:
        refusal = AddressRefused(address=notice.address)
        _note_failure(notice, str(refusal))
        raise refusal from error
    except (OSError, smtplib.SMTPException) as error:
        _note_failure(notice, f"Il server di posta non ha accettato il messaggio: {error}")
        raise
    Notice.objects.filter(pk=notice.pk).update(sent_at=clock.now(), error="")


def _note_failure(notice: Notice, why: str) -> None:
    Notice.objects.filter(pk=notice.pk).update(error=why[:300])
