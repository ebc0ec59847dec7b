"""A sitting is convened once, in time, to everybody; supplements follow; only the reader confirms."""

from __future__ import annotations

import smtplib
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from convened import convene, prepare, proposal, seat_council
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError, transaction
from django.test import override_settings
from django_tasks_db.models import DBTaskResult

from arengo.council import mail
from arengo.council.engine.errors import RuleBroken
from arengo.council.errors import (
    AddressMissing,
    AgendaFrozen,
    NobodyToConvene,
    NothingToConvene,
    NoticeAlreadySent,
    NoticeSettled,
    PlaceMissing,
    SecondCallTooEarly,
)
from arengo.council.mail import AddressRefused, deliver_notice, notice_message
from arengo.council.models import (
    Absence,
    Convocation,
    ConvocationKind,
    ItemType,
    Notice,
    Person,
    Sitting,
    SittingKind,
    SittingMode,
)
from arengo.council.operations import open_sitting
from arengo.council.operations.convocation import (
    SittingFacts,
    announce_absence,
    confirm_reading,
    note_delivery,
    retry_notice,
    send_notice,
    set_sitting_facts,
    withdraw_absence,
)
from arengo.council.queries.convocation import (
    absences,
    draft_notice,
    notice_of_token,
    sent_notices,
    term_rules,
)
from arengo.kernel import clock, jobs
from arengo.kernel.errors import NotFound
from arengo.kernel.models import AuditEntry, Comune, Job, JobState, User
from arengo.kernel.scope import scope

URL = "https://pero.example"


@pytest.fixture
def ready(pero: Comune, sitting: Sitting) -> Sitting:
    """Return a sitting in three weeks, with a council and one item."""
    seat_council(pero)
    prepare(pero, sitting)
    proposal(pero, sitting, "Variazione di bilancio")
    return sitting


def send(comune: Comune, sitting: Sitting, **over: Any) -> Convocation:
    return send_notice(comune=comune, sitting=sitting, base_url=URL, by=None, **over)


def in_days(sitting: Sitting, days: float) -> None:
    Sitting.across.filter(pk=sitting.pk).update(scheduled_at=clock.now() + timedelta(days=days))
    sitting.refresh_from_db()


def copies(convocation: Convocation) -> dict[str, Notice]:
    rows = Notice.across.filter(convocation=convocation).select_related("person")
    return {row.person.family_name: row for row in rows}


def deliver(comune: Comune, notice: Notice) -> None:
    with scope(comune):
        deliver_notice.call(comune=comune, notice_id=notice.pk, base_url=URL)


def test_a_notice_goes_to_everybody_and_a_job_carries_each_copy(
    pero: Comune, ready: Sitting, anna: User
) -> None:
    sent = send_notice(comune=pero, sitting=ready, base_url=URL, by=anna)
    assert sent.kind == ConvocationKind.NOTICE
    found = copies(sent)
    assert set(found) == {"Valtorta", "Colnaghi", "Dell’Orto", "Aceti"}
    assert "Manca l’indirizzo" in found["Aceti"].error
    assert len({one.token for one in found.values()}) == 4
    assert Job.across.filter(key__startswith="council.notice").count() == 3
    entry = AuditEntry.across.get(action="council.send_notice")
    assert (entry.actor_id, entry.facts["people"]) == (anna.pk, 4)


def test_the_text_says_when_where_and_what(pero: Comune, ready: Sitting) -> None:
    text = send(pero, ready).text
    for words in (
        "COMUNE DI PERO",
        "seduta ordinaria, di prima convocazione",
        "presso Sala consiliare, piazza Marconi 2",
        "1. Variazione di bilancio (proposta di deliberazione)",
        "seconda convocazione",
        "Il Presidente del Consiglio comunale\nAmbrogio Colnaghi",
    ):
        assert words in text


def test_a_secret_item_is_told_without_whose_it_is(pero: Comune, ready: Sitting) -> None:
    proposal(pero, ready, "Nomina di Tizio Caio", type=ItemType.ELECTION, is_secret=True)
    sent = send(pero, ready)
    notice = copies(sent)["Colnaghi"]
    with scope(pero):
        whole = notice_message(notice, base_url=URL).as_bytes()
    assert "2. [seduta segreta] Nomina o elezione" in sent.text
    assert "Tizio" not in sent.text
    assert all(b"Tizio" not in part for part in _payloads(whole))


def _payloads(whole: bytes) -> list[bytes]:
    parts = message_from_bytes(whole, policy=default).walk()
    return [part.get_payload(decode=True) or b"" for part in parts if not part.is_multipart()]  # type: ignore[misc]  # bytes when decoded


def test_a_sitting_is_convened_once(pero: Comune, ready: Sitting) -> None:
    send(pero, ready)
    with pytest.raises(NothingToConvene):
        send(pero, ready)
    assert Convocation.across.count() == 1


def test_a_supplement_tells_the_new_items_alone_in_its_own_term(
    pero: Comune, ready: Sitting
) -> None:
    send(pero, ready)
    proposal(pero, ready, "Acquisto di uno scuolabus")
    in_days(ready, 2)  # too late for a notice, in time for a supplement
    supplement = send(pero, ready)
    assert supplement.kind == ConvocationKind.SUPPLEMENT
    assert "2. Acquisto di uno scuolabus" in supplement.text
    assert "Variazione di bilancio" not in supplement.text
    assert "TUEL art. 38 c. 2" in sent_notices(comune=pero, sitting=ready)[0].terms["article"]
    assert [one.terms["rule"] for one in sent_notices(comune=pero, sitting=ready)] == [
        "ordinary",
        "supplement",
    ]


def test_a_supplement_too_late_is_refused(pero: Comune, ready: Sitting) -> None:
    send(pero, ready)
    proposal(pero, ready, "Acquisto di uno scuolabus")
    in_days(ready, 0.5)
    with pytest.raises(RuleBroken, match="Rinvia i punti"):
        send(pero, ready)


def test_a_late_notice_is_refused_with_the_article_and_goes_as_urgent_with_a_reason(
    pero: Comune, ready: Sitting
) -> None:
    in_days(ready, 3)
    with pytest.raises(RuleBroken, match="d’urgenza") as refused:
        send(pero, ready)
    assert "TUEL art. 38 c. 2" in refused.value.rule
    text = send(pero, ready, urgency="Scade il bando il giorno dopo.").text
    ready.refresh_from_db()
    assert ready.kind == SittingKind.URGENT
    assert "straordinaria e urgente" in text
    assert "Motivo dell’urgenza: Scade il bando il giorno dopo." in text


def test_even_urgency_has_its_term(pero: Comune, ready: Sitting) -> None:
    in_days(ready, 0.5)
    with pytest.raises(RuleBroken, match="24 ore"):
        send(pero, ready, urgency="Subito.")
    ready.refresh_from_db()
    assert ready.kind == SittingKind.ORDINARY


def test_what_is_missing_is_told_one_thing_at_a_time(pero: Comune, sitting: Sitting) -> None:
    in_days(sitting, 21)
    for refusal in (NothingToConvene, PlaceMissing, NobodyToConvene):
        with pytest.raises(refusal):
            send(pero, sitting)
        if refusal is NothingToConvene:
            proposal(pero, sitting, "A")
        if refusal is PlaceMissing:
            facts = SittingFacts("Sala", SittingKind.ORDINARY, SittingMode.IN_PERSON, 1)
            set_sitting_facts(comune=pero, sitting=sitting, facts=facts, by=None)


def test_the_draft_lists_every_obstacle_at_once(pero: Comune, sitting: Sitting) -> None:
    draft = draft_notice(comune=pero, sitting=sitting, at=clock.now())
    codes = [one.code for one in draft.obstacles]
    assert codes == ["nothing_to_convene", "place_missing", "nobody_to_convene", "rule_broken"]


def test_a_remote_sitting_needs_no_place(pero: Comune, ready: Sitting) -> None:
    facts = SittingFacts("", SittingKind.ORDINARY, SittingMode.REMOTE, 1)
    set_sitting_facts(comune=pero, sitting=ready, facts=facts, by=None)
    assert "in videoconferenza" in send(pero, ready).text


def test_the_second_call_is_on_a_later_day(pero: Comune, ready: Sitting) -> None:
    with pytest.raises(SecondCallTooEarly):
        send(pero, ready, second_call_at=ready.scheduled_at + timedelta(minutes=30))
    later = ready.scheduled_at + timedelta(days=2)
    assert "la seconda convocazione è per" in send(pero, ready, second_call_at=later).text


def test_after_the_notice_place_and_kind_stay(pero: Comune, ready: Sitting) -> None:
    send(pero, ready)
    facts = SittingFacts("Altrove", SittingKind.ORDINARY, SittingMode.IN_PERSON, 1)
    with pytest.raises(NoticeAlreadySent):
        set_sitting_facts(comune=pero, sitting=ready, facts=facts, by=None)


def test_nothing_is_sent_of_a_sitting_that_began(pero: Comune, ready: Sitting) -> None:
    open_sitting(comune=pero, sitting=ready, by=None)
    with pytest.raises(AgendaFrozen):
        send(pero, ready)


def test_the_next_town_convenes_nothing_of_ours(rho: Comune, ready: Sitting) -> None:
    with pytest.raises(NotFound):
        send(rho, ready)


def test_terms_are_those_of_the_comunes_own_rules_when_it_has_them(pero: Comune) -> None:
    assert term_rules(comune=pero, day=clock.now().date())["ordinary"].amount == 5


def test_a_copy_is_sent_once_however_often_its_job_runs(
    pero: Comune, ready: Sitting, mailoutbox: list[Any], frozen_now: datetime
) -> None:
    notice = copies(send(pero, ready))["Colnaghi"]
    deliver(pero, notice)
    deliver(pero, notice)
    notice.refresh_from_db()
    assert (notice.sent_at, notice.error) == (frozen_now, "")
    assert [one.to for one in mailoutbox] == [["colnaghi@example.org"]]


def test_the_message_is_one_that_mail_programs_understand(pero: Comune, ready: Sitting) -> None:
    """Read back by the standard library: headers, text, invitation, attached file."""
    notice = copies(send(pero, ready))["Dell’Orto"]
    found = written(pero, notice)
    assert found["To"].addresses[0].addr_spec == "dellorto@example.org"
    assert found["From"].addresses[0].display_name == "Comune di Pero"
    assert found["Disposition-Notification-To"] == "arengo@localhost"
    assert found["Subject"] == "Avviso di convocazione: Consiglio comunale"
    assert found["Message-ID"] == written(pero, notice)["Message-ID"]
    text = found.get_body(("plain",))
    assert text is not None
    assert f"{URL}/convocazioni/{notice.token}/" in text.get_content()
    parts = {part.get_content_type(): part for part in found.walk()}
    calendar = parts["text/calendar"]
    assert calendar.get_param("method") == "REQUEST"
    assert "BEGIN:VEVENT" in calendar.get_content()
    assert parts["application/ics"].get_filename() == "convocazione.ics"
    assert parts["application/ics"].get_content().decode().startswith("BEGIN:VCALENDAR\r\n")


def written(comune: Comune, notice: Notice, **over: Any) -> EmailMessage:
    with scope(comune):
        whole = notice_message(notice, base_url=URL, **over).as_bytes()
    assert b"\n" not in whole.replace(b"\r\n", b"")
    found = message_from_bytes(whole, policy=default)
    assert isinstance(found, EmailMessage)
    assert not found.defects
    return found


def test_a_supplement_updates_the_same_event(pero: Comune, ready: Sitting) -> None:
    first = copies(send(pero, ready))["Colnaghi"]
    proposal(pero, ready, "Acquisto di uno scuolabus")
    second = copies(send(pero, ready))["Colnaghi"]
    events = [written(pero, one).get_body(("calendar",)) for one in (first, second)]
    texts = [one.get_content().replace("\r\n ", "") for one in events if one]
    uids = [line for text in texts for line in text.splitlines() if line.startswith("UID:")]
    assert uids[0] == uids[1]
    assert ["SEQUENCE:0" in texts[0], "SEQUENCE:1" in texts[1]] == [True, True]


def test_the_file_for_certified_mail_opens_as_a_draft(pero: Comune, ready: Sitting) -> None:
    notice = copies(send(pero, ready))["Aceti"]
    found = written(pero, notice, is_draft=True)
    assert (found["X-Unsent"], found["To"]) == ("1", None)


def test_no_name_breaks_a_header(pero: Comune, ready: Sitting) -> None:
    Person.across.filter(family_name="Colnaghi").update(given_name='A"\r\nBcc: x@y.z')
    Sitting.across.filter(pk=ready.pk).update(title="Consiglio\r\nBcc: x@y.z")
    ready.refresh_from_db()
    notice = copies(send(pero, ready))["Colnaghi"]
    with pytest.raises(AddressRefused):
        deliver(pero, notice)
    Person.across.filter(family_name="Colnaghi").update(given_name='A" <x@y.z>,')
    found = written(pero, copies(notice.convocation)["Colnaghi"])
    assert [one.addr_spec for one in found["To"].addresses] == ["colnaghi@example.org"]
    assert found["Bcc"] is None


class Refusing(BaseEmailBackend):
    """A mail server that is not there."""

    error: Exception = ConnectionRefusedError("nessuno risponde")

    def send_messages(self, email_messages: Any) -> int:
        raise self.error


@pytest.mark.parametrize(
    ("error", "told", "raised"),
    [
        (ConnectionRefusedError("nessuno risponde"), "nessuno risponde", OSError),
        (smtplib.SMTPRecipientsRefused({}), "ha rifiutato l’indirizzo", AddressRefused),
    ],
)
def test_a_failure_is_told_and_tried_again_to_the_present_address(
    pero: Comune,
    ready: Sitting,
    mailoutbox: list[Any],
    error: Exception,
    told: str,
    raised: type[Exception],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    notice = copies(send(pero, ready))["Colnaghi"]
    monkeypatch.setattr(Refusing, "error", error)
    monkeypatch.setattr(
        mail.NoticeMail, "get_connection", lambda self, fail_silently=False: Refusing()
    )
    with pytest.raises(raised):
        deliver(pero, notice)
    monkeypatch.undo()
    notice.refresh_from_db()
    assert told in notice.error
    Person.across.filter(pk=notice.person_id).update(email="nuovo@example.org")
    retry_notice(comune=pero, notice=notice, base_url=URL, by=None)
    with pytest.raises(NoticeSettled):
        retry_notice(comune=pero, notice=notice, base_url=URL, by=None)
    deliver(pero, notice)
    notice.refresh_from_db()
    assert notice.sent_at is not None
    assert mailoutbox[0].to == ["nuovo@example.org"]


def test_without_an_address_there_is_nothing_to_try_again(pero: Comune, ready: Sitting) -> None:
    notice = copies(send(pero, ready))["Aceti"]
    with pytest.raises(AddressMissing, match="Piero Aceti"):
        retry_notice(comune=pero, notice=notice, base_url=URL, by=None)
    assert note_delivery(comune=pero, notice=notice, by=None).sent_at is not None
    with pytest.raises(NoticeSettled):
        note_delivery(comune=pero, notice=notice, by=None)


def test_without_a_server_messages_are_written_in_the_folder_of_mail(
    pero: Comune, ready: Sitting, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = copies(send(pero, ready))["Colnaghi"]
    backend = "django.core.mail.backends.filebased.EmailBackend"
    with override_settings(EMAIL_BACKEND=backend, EMAIL_FILE_PATH=tmp_path):
        assert not mail.is_delivering()
        assert get_connection().__class__.__name__ == "EmailBackend"
        deliver(pero, notice)
    (path,) = tmp_path.iterdir()
    assert b"colnaghi@example.org" in path.read_bytes()


def test_reading_is_confirmed_once_and_audited(
    pero: Comune, ready: Sitting, frozen_now: datetime
) -> None:
    notice = copies(send(pero, ready))["Colnaghi"]
    confirm_reading(comune=pero, notice=notice_of_token(notice.token))
    with clock.frozen(frozen_now + timedelta(hours=1)):
        confirm_reading(comune=pero, notice=notice)
    assert notice.read_at == frozen_now
    assert AuditEntry.across.filter(action="council.confirm_reading").count() == 1


@pytest.mark.parametrize("token", ["", "0" * 32])
def test_an_unknown_token_is_not_found(pero: Comune, ready: Sitting, token: str) -> None:
    send(pero, ready)
    with pytest.raises(NotFound):
        notice_of_token(token)


def test_an_absence_is_announced_corrected_and_taken_back(pero: Comune, ready: Sitting) -> None:
    with scope(pero):
        person = Person.objects.get(family_name="Aceti")
    for status in ("justified", "mission"):
        announced = announce_absence(
            comune=pero, sitting=ready, person=person, status=status, reason=" Viaggio ", by=None
        )
    assert [(one.status, one.reason) for one in absences(comune=pero, sitting=ready)] == [
        ("mission", "Viaggio")
    ]
    withdraw_absence(comune=pero, sitting=ready, absence_id=str(announced.pk), by=None)
    assert not Absence.across.exists()
    with pytest.raises(NotFound):
        withdraw_absence(comune=pero, sitting=ready, absence_id="x", by=None)


def test_a_notice_as_sent_never_changes(pero: Comune, sitting: Sitting) -> None:
    sent = convene(pero, sitting).convocation
    with pytest.raises(DatabaseError), transaction.atomic():
        Convocation.across.filter(pk=sent.pk).update(text="altro")


def test_the_worker_sends_what_was_enqueued(
    pero: Comune, ready: Sitting, mailoutbox: list[Any]
) -> None:
    send(pero, ready)
    for call in DBTaskResult.objects.order_by("enqueued_at", "id"):
        jobs.run_job.call(*call.args_kwargs["args"])
    assert sorted(one.to[0] for one in mailoutbox) == [
        "colnaghi@example.org",
        "dellorto@example.org",
        "sindaca@example.org",
    ]
    assert f"{URL}/convocazioni/" in mailoutbox[0].message().as_string().replace("=\n", "")
    assert {job.state for job in Job.across.all()} == {JobState.DONE}
