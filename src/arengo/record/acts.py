"""Acts: documents that left the draft, frozen file by file in the sitting's folder, and chained.

`share` freezes what a document says at that moment: the tree (JSON), PDF, DOCX and, where it has
one, Akoma Ntoso. The first version of an act says from which recording, journal and transcript
it comes (`engine.acts.Origin`); each later one is chained to the one before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.db.models import QuerySet

from arengo import config
from arengo.council.engine.record.account import Account
from arengo.council.engine.record.document import Document
from arengo.council.models import Sitting
from arengo.council.queries.journal import last_entry
from arengo.kernel import audit, clock
from arengo.kernel.errors import NotFound
from arengo.kernel.models import Comune, User
from arengo.kernel.scope import operation, query
from arengo.record import letters
from arengo.record.commands import put
from arengo.record.drafts import Draft, Written, account_of, find, write, writers_of
from arengo.record.engine.acts import Link, Origin, Standing, Step, head_of, origin_json, refusal
from arengo.record.engine.frozen import freeze, thaw
from arengo.record.errors import StepRefused, VersionLost, VersionSealed, VersionsUnwritten
from arengo.record.models import (
    Act,
    ActState,
    ActVersion,
    Approval,
    Rectification,
    RectificationState,
    SealedVersion,
    Signature,
    SigningOrder,
    SigningRule,
    TranscriptEdit,
    VersionCause,
)

PDF, AKN, CADES = "application/pdf", "application/akn+xml", "application/pkcs7-mime"
TREE, ORIGIN = "application/vnd.arengo.tree+json", "application/vnd.arengo.origin+json"
FROZEN_AS = ("akn", "docx")  # beside the PDF, which bears the act's code


# --- reading ----------------------------------------------------------------------------


@query
def acts_of(*, comune: Comune, sitting: Sitting) -> dict[str, Act]:
    """Return the acts of a sitting by the name of their document, recalled ones too."""
    return {one.name: one for one in Act.objects.filter(sitting=sitting).order_by("id")}


@query
def get_act(*, comune: Comune, sitting: Sitting, name: str) -> Act:
    """Return the act of a document, or raise `NotFound`."""
    found = Act.objects.filter(sitting=sitting, name=name).select_related("sitting").first()
    if found is None:
        raise NotFound
    return found


@query
def versions_of(*, comune: Comune, act: Act) -> tuple[ActVersion, ...]:
    """Return every file of an act, in the order in which they were frozen."""
    return tuple(ActVersion.objects.filter(act=act).select_related("by").order_by("number"))


@query
def latest(
    *, comune: Comune, act: Act, content_type: str = PDF, cause: VersionCause | None = None
) -> ActVersion | None:
    """Return the last file of an act of that type, and of that cause if one is given.

    Where that one is closed by an omission, it is the copy made without the passage; None while
    there is no copy yet.
    """
    found = ActVersion.objects.filter(act=act, content_type=content_type).order_by("-number")
    last = found.filter(cause=cause).first() if cause else found.first()
    if last is None or not is_sealed(last):
        return last
    return found.filter(cause=VersionCause.OMISSIS).exclude(pk__in=sealed_of(act)).first()


def sealed_of(act: Act) -> QuerySet[SealedVersion, int]:
    """Return the versions of an act that an omission closed; its Comune must be in scope."""
    return SealedVersion.objects.filter(version__act=act).values_list("version_id", flat=True)


def is_sealed(version: ActVersion) -> bool:
    """Tell whether an omission closed a version; its Comune must be in scope."""
    return SealedVersion.objects.filter(version=version).exists()


@query
def read_version(*, comune: Comune, version: ActVersion) -> bytes:
    """Return the bytes of a version, which are the ones that were frozen or none.

    Raises
    ------
    VersionSealed
        A passage that is omitted is in it.
    VersionLost
        The file is not there, or is not what it was.
    """
    if is_sealed(version):
        raise VersionSealed(name=version.file_name)
    path = _path(comune, version.act.sitting, version.sha256)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise VersionLost(name=version.file_name) from error
    if _sha256(data) != version.sha256:
        raise VersionLost(name=version.file_name)
    return data


def read_tree(*, comune: Comune, act: Act) -> Document:
    """Return the document of an act as it was frozen last: shared, approved or made final.

    Raises
    ------
    NotFound, VersionLost
    """
    found = latest(comune=comune, act=act, content_type=TREE)
    if found is None:
        raise NotFound
    return thaw(read_version(comune=comune, version=found))


def links_of(versions: Iterable[ActVersion]) -> tuple[Link, ...]:
    """Return versions as the engine's chain knows them."""
    return tuple(
        Link(one.number, one.cause, one.at, one.file_name, one.sha256, one.previous, one.head)
        for one in versions
    )


@query
def signing_rule(*, comune: Comune) -> SigningRule:
    """Return how the Comune signs now; without a choice, in any order and after the approval."""
    found = SigningRule.objects.order_by("-id").first()
    return found or SigningRule(comune=comune, order=SigningOrder.ANY, is_approved_first=True)


@query
def standing_of(*, comune: Comune, act: Act | None, kind: str = "") -> Standing:
    """Return how an act stands, or the draft of that kind which is no act yet."""
    if act is None:
        return Standing(kind)
    undecided = Rectification.objects.filter(act=act, state=RectificationState.PROPOSED)
    return Standing(
        act.kind,
        act.state,
        is_approved=Approval.objects.filter(act=act).exists(),
        is_ready=_is_ready(act),
        signatures=Signature.objects.filter(act=act).count(),
        undecided=undecided.count(),
        is_numbered=act.number is not None,
        is_reserved=act.is_reserved,
        is_approved_first=signing_rule(comune=comune).is_approved_first,
    )


def _is_ready(act: Act) -> bool:
    ready = ActVersion.objects.filter(act=act, cause=VersionCause.READY)
    return ready.exclude(pk__in=sealed_of(act)).exists()


# --- writing ----------------------------------------------------------------------------


def share(
    *,
    comune: Comune,
    sitting: Sitting,
    name: str,
    by: User | None,
    base_url: str = "",
    reason: str = "",
) -> Act:
    """Freeze a document as it is now and give it to the councillors, who are told by mail.

    `base_url` is the address of the installation, for the links; without it nobody is told.

    Raises
    ------
    NothingToTell, DraftAbsent, SchemaBroken
    StepRefused
        It is shared already, or the sitting is not over.
    VersionsUnwritten
        The disk does not take the files: nothing is shared.
    """
    found = account_of(comune=comune, sitting=sitting)
    return _share(
        comune=comune,
        sitting=sitting,
        found=found,
        draft=find(found, name),
        by=by,
        base_url=base_url,
        reason=reason,
    )


@operation
def _share(
    *,
    comune: Comune,
    sitting: Sitting,
    found: Account,
    draft: Draft,
    by: User | None,
    base_url: str,
    reason: str,
) -> Act:
    held = _hold_sitting(sitting)
    act = Act.objects.filter(sitting=held, name=draft.name).first()
    check(comune=comune, act=act, step="share", kind=draft.document.kind)
    act = act or Act(comune=comune, sitting=held, name=draft.name)
    act.kind, act.subject, act.item = draft.document.kind, draft.subject, draft.document.item
    act.is_reserved, act.adopted_date = draft.document.is_reserved, found.date
    act.state = ActState.SHARED
    if draft.document.number and act.number is None:
        act.year, act.number = found.date.year, draft.document.number
    act.save()
    files = _frozen_files(comune, held, act, found, draft)
    add_versions(
        comune=comune, act=act, files=files, cause=VersionCause.SHARED, by=by, reason=reason
    )
    audit_act("record.share", act, by)
    if base_url:
        letters.tell_councillors(comune=comune, act=act, base_url=base_url)
    return act


def _hold_sitting(sitting: Sitting) -> Sitting:
    """Hold the sitting's row until the end: two clerks share one after the other."""
    held = Sitting.objects.select_for_update().filter(pk=sitting.pk).first()
    if held is None:
        raise NotFound
    if held.closed_at is None:
        raise StepRefused(
            why="La seduta non è conclusa: il documento cambierebbe ancora", law="TUEL art. 38 c. 2"
        )
    return held


def _frozen_files(
    comune: Comune, sitting: Sitting, act: Act, found: Account, draft: Draft
) -> list[Written]:
    stem = f"{found.date:%Y-%m-%d}-{draft.name}"
    origin = origin_json(_origin(comune, sitting, act))
    known = writers_of(draft.document)
    return [
        Written(f"{stem}.origine.json", ORIGIN, origin),
        Written(f"{stem}.testo.json", TREE, freeze(draft.document)),
        write(found, draft, "pdf"),
        *(write(found, draft, format_) for format_ in FROZEN_AS if format_ in known),
    ]


def _origin(comune: Comune, sitting: Sitting, act: Act) -> Origin:
    """Return what an act comes from: the heads of recording, journal and transcript."""
    journal = last_entry(comune=comune, sitting=sitting)
    edit = TranscriptEdit.objects.filter(sitting=sitting).order_by("-seq").first()
    segments, recording = recording_head(_folder(comune, sitting) / "segments.jsonl")
    return Origin(
        comune=comune.pk,
        sitting=sitting.uid,
        act=act.uid,
        document=act.name,
        segments=segments,
        recording=recording,
        entries=journal.seq if journal else 0,
        journal=journal.sha256 if journal else "",
        edits=edit.seq if edit else 0,
        transcript=edit.sha256 if edit else "",
    )


def recording_head(path: Path) -> tuple[int, str]:
    """Return how many segments a recording has and the sha256 of the last line of their log."""
    count, last = 0, b""
    if path.exists():
        with path.open("rb") as lines:
            for line in lines:
                count, last = count + 1, line
    return count, _sha256(last.rstrip(b"\r\n")) if count else ""


def add_versions(
    *,
    comune: Comune,
    act: Act,
    files: Sequence[Written],
    cause: VersionCause,
    by: User | None,
    reason: str = "",
) -> list[ActVersion]:
    """Write files and chain them to an act, inside the caller's transaction: all or none.

    Bytes are on the disk before any row speaks of them.

    Raises
    ------
    VersionsUnwritten
    """
    try:
        for one in files:
            _keep(comune, act.sitting, one.data)
    except OSError as error:
        raise VersionsUnwritten(why=error.strerror or str(error)) from error
    last = ActVersion.objects.filter(act=act).order_by("-number").first()
    made: list[ActVersion] = []
    for one in files:
        last = _chained(comune, act, last, one, cause, by, reason)
        made.append(last)
    return made


def _keep(comune: Comune, sitting: Sitting, data: bytes) -> None:
    path = _path(comune, sitting, _sha256(data))
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        put(path, data)


def _chained(
    comune: Comune,
    act: Act,
    last: ActVersion | None,
    file: Written,
    cause: VersionCause,
    by: User | None,
    reason: str,
) -> ActVersion:
    number, previous = (last.number + 1, last.head) if last else (1, "")
    at, sha256 = clock.now(), _sha256(file.data)
    head = head_of(
        previous, number=number, cause=cause, at=at, file_name=file.file_name, sha256=sha256
    )
    return ActVersion.objects.create(
        comune=comune,
        act=act,
        number=number,
        cause=cause,
        at=at,
        by=by,
        reason=reason,
        file_name=file.file_name,
        content_type=file.content_type,
        size_bytes=len(file.data),
        sha256=sha256,
        previous=previous,
        head=head,
    )


@operation
def recall(*, comune: Comune, act: Act, reason: str, by: User | None) -> Act:
    """Take a shared act back to the draft; what was shared stays, with the reason.

    Raises
    ------
    StepRefused
        It is approved or signed, or no reason is given.
    """
    held = hold(act)
    check(comune=comune, act=held, step="recall")
    if not reason.strip():
        raise StepRefused(why="Scrivi perché lo richiami: resta annotato", law="L. 241/1990 art. 3")
    held.state = ActState.RECALLED
    held.save(update_fields=["state"])
    audit_act("record.recall", held, by, reason=" ".join(reason.split())[:500])
    return held


def hold(act: Act) -> Act:
    """Hold an act's row until the end of the transaction."""
    return Act.objects.select_for_update().get(pk=act.pk)


def check(*, comune: Comune, act: Act | None, step: Step, kind: str = "") -> None:
    """Raise `StepRefused` when an act cannot take a step now."""
    refused = refusal(standing_of(comune=comune, act=act, kind=kind), step)
    if refused:
        raise StepRefused(why=refused.why.rstrip("."), law=refused.law)


def audit_act(action: str, act: Act, by: User | None, **facts: str | int | None) -> None:
    """Leave word of what was done to an act."""
    audit.record(action, comune=act.comune, by=by, subject=act.uid, document=act.name, **facts)


def _folder(comune: Comune, sitting: Sitting) -> Path:
    return config.load().sitting_folder(comune.pk, sitting.uid)


def _path(comune: Comune, sitting: Sitting, sha256: str) -> Path:
    return _folder(comune, sitting) / "acts" / sha256


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
