"""Signing an act: what has to be signed now and by whom, and the signed file that comes back."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from arengo import config
from arengo.council.models import OfficeKind
from arengo.council.queries.journal import state_of
from arengo.council.queries.people import council_on
from arengo.kernel import clock
from arengo.kernel.models import Comune, User
from arengo.kernel.scope import operation, query
from arengo.record.acts import (
    CADES,
    PDF,
    add_versions,
    audit_act,
    check,
    hold,
    latest,
    read_version,
    signing_rule,
)
from arengo.record.approvals import impediments_of
from arengo.record.drafts import Written
from arengo.record.errors import SignatureRefused
from arengo.record.models import (
    Act,
    ActState,
    ActVersion,
    Signature,
    Signer,
    SigningOrder,
    VersionCause,
)
from arengo.record.signing import ByHand, Prepared, Report, Seen, Signing, is_named, trust_list
from arengo.record.trial_authority import TrialSigning, authority_in

FIELDS = {Signer.PRESIDENT: "Presidente", Signer.SECRETARY: "Segretario"}
TITLES = {Signer.PRESIDENT: "Presidente della seduta", Signer.SECRETARY: "Segretario"}


@dataclass(frozen=True, slots=True)
class Seat:
    """One of the two who sign: who is expected, in whose place, and the signature if it is there."""

    signer: Signer
    name: str
    title: str
    is_turn: bool
    signature: Signature | None = None
    reason: str = ""


@query
def seats_of(*, comune: Comune, act: Act) -> tuple[Seat, ...]:
    """Return who signs an act, in the order of the Comune's rule.

    Who presided and who wrote are the journal's, as they were when the sitting ended; a declared
    impediment comes before them.
    """
    done = {one.signer: one for one in Signature.objects.filter(act=act).order_by("id")}
    replaced = impediments_of(comune=comune, act=act)
    order = signing_rule(comune=comune).order
    signers = [Signer.SECRETARY, Signer.PRESIDENT]
    if order != SigningOrder.SECRETARY:
        signers.reverse()
    expected = _expected(comune, act)
    found: list[Seat] = []
    for signer in signers:
        waits = order != SigningOrder.ANY and any(seat.signature is None for seat in found)
        instead = replaced.get(signer)
        found.append(
            Seat(
                signer,
                instead.name if instead else expected[signer],
                instead.title if instead else TITLES[signer],
                is_turn=signer not in done and not waits,
                signature=done.get(signer),
                reason=instead.reason if instead else "",
            )
        )
    return tuple(found)


def _expected(comune: Comune, act: Act) -> dict[Signer, str]:
    state = state_of(comune=comune, sitting=act.sitting)
    chair = state.members[state.chair].name if state.chair in state.members else ""
    secretary = state.secretary
    seated = council_on(comune=comune, day=act.adopted_date)
    for seat in seated:
        if not chair and seat.holds(OfficeKind.PRESIDENT):
            chair = seat.person.full_name
        if not secretary and seat.holds(OfficeKind.SECRETARY):
            secretary = seat.person.full_name
    return {Signer.PRESIDENT: chair, Signer.SECRETARY: secretary}


@query
def to_sign(*, comune: Comune, act: Act) -> ActVersion | None:
    """Return the file to sign now: the one with the first signature, once there is one."""
    signed = latest(comune=comune, act=act, content_type=CADES, cause=VersionCause.SIGNED)
    pades = latest(comune=comune, act=act, content_type=PDF, cause=VersionCause.SIGNED)
    found = [one for one in (signed, pades) if one]
    if found:
        return max(found, key=lambda one: one.number)
    return latest(comune=comune, act=act, content_type=PDF, cause=VersionCause.READY)


def trust_folder() -> Path:
    """Return the folder of the certificates that the installation trusts."""
    return Path(os.environ.get("ARENGO_TRUST", "") or config.load().data / "trust")


def by_hand() -> Signing:
    """Return the usual way: the file goes out, and comes back signed."""
    return ByHand(trust_list(trust_folder()))


@operation
def take_back(
    *, comune: Comune, act: Act, returned: bytes, by: User | None
) -> tuple[Signature, ...]:
    """Take a file signed by hand, one signature or both.

    Raises
    ------
    StepRefused
        There is nothing to sign, or everyone has signed.
    SignatureRefused
        The file is not that one, or its signature does not hold.
    VersionsUnwritten
    """
    held = hold(act)
    check(comune=comune, act=held, step="sign")
    version = to_sign(comune=comune, act=held)
    assert version, "a text that may be signed is there"
    original = read_version(comune=comune, version=version)
    way = by_hand()
    signed = way.complete(Prepared(version.file_name, original, ""), returned)
    report = way.verify(*_pair(comune, held, version, signed), at=clock.now())
    return _settle(comune, held, version, report, signed, by)


@operation
def sign_as_trial(
    *, comune: Comune, act: Act, signer: Signer, by: User | None
) -> tuple[Signature, ...]:
    """Sign a demonstration's act as one of the two would, with the authority of trials.

    Raises
    ------
    StepRefused, VersionsUnwritten
    SignatureRefused
        The sitting is a real one, or it is not the turn of that signer.
    """
    held = hold(act)
    check(comune=comune, act=held, step="sign")
    if not held.sitting.is_demo:
        raise SignatureRefused(why="Le firme di prova valgono solo per le sedute dimostrative")
    version = to_sign(comune=comune, act=held)
    assert version, "a text that may be signed is there"
    seat = next(one for one in seats_of(comune=comune, act=held) if one.signer == signer)
    now = clock.now()
    authority = authority_in(config.load().data / "trial-authority", now)
    way = TrialSigning(authority, seat.name or TITLES[signer], FIELDS[signer], now)
    prepared = way.prepare(version.file_name, read_version(comune=comune, version=version))
    signed = way.complete(prepared)
    report = way.verify(*_pair(comune, held, version, signed), at=now)
    return _settle(comune, held, version, report, signed, by)


def _pair(comune: Comune, act: Act, version: ActVersion, signed: bytes) -> tuple[bytes, bytes]:
    """Return what the signed file is judged against, and the signed file.

    Inside an envelope stands the text itself, or a PDF signed before.
    """
    pages = latest(comune=comune, act=act, content_type=PDF)
    assert pages, "a text to sign is a PDF"
    last = version if version.content_type == PDF else pages
    return read_version(comune=comune, version=last), signed


def _settle(
    comune: Comune,
    act: Act,
    before: ActVersion,
    report: Report,
    signed: bytes,
    by: User | None,
) -> tuple[Signature, ...]:
    """Write the new signatures of a file, which must hold those that were there."""
    known = set(Signature.objects.filter(act=act).values_list("certificate", flat=True))
    missing = known - {one.certificate for one in report.seen}
    if missing:
        raise SignatureRefused(
            why="Nel file manca la firma messa prima: scarica da qui il file già firmato e firma "
            "quello"
        )
    new = [one for one in report.seen if one.certificate not in known]
    if not new:
        raise SignatureRefused(why="Nel file non ci sono firme nuove")
    chosen = _matched(comune, act, new)
    is_pdf = signed.startswith(b"%PDF-")
    stem = before.file_name.removesuffix(".p7m")
    file = Written(stem if is_pdf else f"{stem}.p7m", PDF if is_pdf else CADES, signed)
    (version,) = add_versions(
        comune=comune, act=act, files=[file], cause=VersionCause.SIGNED, by=by
    )
    made = tuple(_sign(comune, act, version, seat, seen, by) for seat, seen in chosen)
    if Signature.objects.filter(act=act).count() == len(Signer):
        act.state = ActState.SIGNED
        act.save(update_fields=["state"])
    return made


def _matched(comune: Comune, act: Act, new: list[Seen]) -> list[tuple[Seat, Seen]]:
    """Give each new signature to who was expected to sign, in the order of the rule."""
    chosen: list[tuple[Seat, Seen]] = []
    seats = list(seats_of(comune=comune, act=act))
    strict = signing_rule(comune=comune).order != SigningOrder.ANY
    for seen in new:
        taken = [seat.signer for seat, _ in chosen]
        free = [one for one in seats if one.signature is None and one.signer not in taken]
        turn = free[:1] if strict else free
        seat = next((one for one in turn if is_named(seen.name, one.name)), None)
        if seat is None:
            who = " o ".join(f"{one.name or 'senza nome'} ({one.title})" for one in turn)
            raise SignatureRefused(
                why=f"Ha firmato {seen.name}, ma la firma attesa è di {who or 'nessun altro'}: se "
                "firma un’altra persona, dichiara prima l’impedimento"
            )
        chosen.append((seat, seen))
    return chosen


def _sign(
    comune: Comune, act: Act, version: ActVersion, seat: Seat, seen: Seen, by: User | None
) -> Signature:
    audit_act("record.sign", act, by, signer=seat.signer, trust=seen.trust)
    return Signature.objects.create(
        comune=comune,
        act=act,
        version=version,
        signer=seat.signer,
        name=seen.name,
        title=seat.title,
        issuer=seen.issuer,
        certificate=seen.certificate,
        format=seen.format,
        trust=seen.trust,
        is_stamped=seen.is_stamped,
        signed_at=seen.signed_at,
        by=by,
    )
