"""Acts in which an omitted passage is: closed with the order itself, then made again without it.

In the transaction of the order every frozen file that holds the passage is closed (`SealedVersion`)
and the text without it is frozen; a worker writes its pages and puts the old files under the
seal (`record.seal`). Its name in the chain stays: who has the signed original can still
prove it.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from arengo import config
from arengo.council.engine.record.akn import ROOTS
from arengo.council.engine.record.document import Document
from arengo.council.engine.record.facts import SpokenWord
from arengo.council.models import Sitting
from arengo.council.queries.people import ROME
from arengo.kernel import clock
from arengo.kernel.errors import DomainError
from arengo.kernel.models import Comune
from arengo.kernel.scope import operation
from arengo.record import seal
from arengo.record.act_file import act_path
from arengo.record.acts import (
    ORIGIN,
    PDF,
    TREE,
    add_versions,
    audit_act,
    latest,
    sealed_of,
)
from arengo.record.drafts import Draft, Written, account_of, write
from arengo.record.engine.act_cuts import cut, holds, removed_from
from arengo.record.engine.frozen import freeze, thaw
from arengo.record.engine.omissis import MARK, Cut
from arengo.record.errors import VersionsUnwritten
from arengo.record.models import (
    Act,
    ActVersion,
    Omission,
    OmissionStep,
    Rectification,
    Release,
    SealedVersion,
    StepState,
    Target,
    VersionCause,
)
from arengo.record.render.docx import docx
from arengo.record.render.pdf import Attachment, pdf
from arengo.record.transcripts import heard_without

log = logging.getLogger(__name__)

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LABEL = (
    "Copia con omissis: ne è tolto un passo della seduta (omissis n. {number}, disposto il {day}). "
    "L'originale è conservato chiuso."
)
ENDING = ".testo.json"


@dataclass(frozen=True, slots=True)
class _Work:
    """An omission that is reaching the acts of its sitting."""

    comune: Comune
    sitting: Sitting
    omission: Omission
    cuts: tuple[Cut, ...]
    said: tuple[SpokenWord, ...]

    @property
    def label(self) -> str:
        """Return what the copies say of themselves."""
        day = f"{self.omission.ordered_at.astimezone(ROME):%d/%m/%Y}"
        return LABEL.format(number=self.omission.number, day=day)


# --- with the order -----------------------------------------------------------------------------


@operation
def withdraw(*, comune: Comune, sitting: Sitting) -> int:
    """Close the files that hold the passage ordered last; return of how many acts there are some."""
    if not Omission.objects.filter(sitting=sitting).exists():
        return 0
    work = _work(comune, sitting)
    closed = [
        act for act in Act.objects.filter(sitting=sitting).order_by("id") if _close(work, act)
    ]
    state = StepState.WAITING if closed else StepState.DONE
    _mark(comune, [work.omission], state)
    return len(closed)


def _work(comune: Comune, sitting: Sitting) -> _Work:
    rows = list(Omission.objects.filter(sitting=sitting).order_by("number"))
    before = [Cut(one.start_s, one.end_s) for one in rows[:-1]]
    heard = heard_without(comune=comune, sitting=sitting, cuts=before)
    said = tuple(word for one in heard.utterances for word in one.words)
    return _Work(comune, sitting, rows[-1], (Cut(rows[-1].start_s, rows[-1].end_s),), said)


def _close(work: _Work, act: Act) -> bool:
    """Close an act's files if the passage is in one, and freeze its text without the passage."""
    act = Act.objects.select_for_update().select_related("sitting", "comune").get(pk=act.pk)
    open_ = list(
        ActVersion.objects.filter(act=act)
        .exclude(content_type=ORIGIN)
        .exclude(pk__in=sealed_of(act))
        .order_by("number")
    )
    texts = [_document(work.comune, work.sitting, one) for one in open_ if one.content_type == TREE]
    if not any(text is None or holds(text, work.cuts) for text in texts):
        return False
    SealedVersion.objects.bulk_create(
        SealedVersion(comune=work.comune, version=one, omission=work.omission) for one in open_
    )
    now = clock.now()
    Release.objects.filter(act=act, withdrawn_at=None).update(withheld_at=now)
    _omit_rectifications(work, act, [text for text in texts if text])
    audit_act("record.close_version", act, work.omission.ordered_by, omission=work.omission.number)
    if texts[-1] is not None:
        _freeze_without(work, act, texts[-1], open_)
    return True


def holds_in(comune: Comune, sitting: Sitting, version: ActVersion, cut: Cut) -> bool:
    """Tell whether a frozen text holds a passage; a lost one may hold anything."""
    text = _document(comune, sitting, version)
    return text is None or holds(text, [cut])


def _document(comune: Comune, sitting: Sitting, version: ActVersion) -> Document | None:
    """Return a frozen text; None when its file is lost: what it held cannot be known."""
    try:
        return thaw((_acts(comune, sitting) / version.sha256).read_bytes())
    except (OSError, ValueError):
        return None


def _freeze_without(work: _Work, act: Act, text: Document, before: Sequence[ActVersion]) -> None:
    name = next(one.file_name for one in reversed(before) if one.content_type == TREE)
    stem = name.removesuffix(ENDING).removesuffix("-omissis")
    made = cut(text, work.cuts, work.said, label=work.label)
    file = Written(f"{stem}-omissis{ENDING}", TREE, freeze(made))
    try:
        _add(work.comune, act, [file], work.omission)
    except VersionsUnwritten:  # a full disk must not keep a passage open: the worker tries again
        log.warning("act_text_unwritten", extra={"sitting": work.sitting.uid, "act": act.name})


def _add(comune: Comune, act: Act, files: Sequence[Written], omission: Omission) -> None:
    add_versions(
        comune=comune,
        act=act,
        files=files,
        cause=VersionCause.OMISSIS,
        by=omission.ordered_by,
        reason=f"omissis n. {omission.number}",
    )


def _omit_rectifications(work: _Work, act: Act, texts: Sequence[Document]) -> None:
    """Take the passage out of what councillors wrote beside it; as it was, it goes with the files."""
    gone = [text for one in texts for text in removed_from(one, work.cuts)]
    for one in Rectification.objects.filter(act=act).order_by("id"):
        if not any(text in one.quote or one.quote in text for text in gone):
            continue
        told = {"quote": one.quote, "text": one.text, "reason": one.reason}
        data = json.dumps(told, ensure_ascii=False).encode()
        seal.put(work.omission, f"rettifica-{one.pk}.json", data)
        one.quote, one.text, one.reason = MARK, MARK, MARK if one.reason else ""
        one.save(update_fields=["quote", "text", "reason"])


# --- afterwards, by a worker --------------------------------------------------------------------


def finish(*, comune: Comune, sitting: Sitting) -> None:
    """Write the pages of every text without its passages, and put the closed files away.

    Again after a failure: what is done is not done twice.

    Raises
    ------
    DomainError
        Something cannot be written; all stays closed, and the page says so.
    """
    try:
        _finish(comune=comune, sitting=sitting)
    except DomainError as error:
        _fail(comune=comune, sitting=sitting, why=str(error))
        raise


@operation
def _finish(*, comune: Comune, sitting: Sitting) -> None:
    for act in _touched(sitting):
        _copy(comune, act)
        put_away(comune=comune, act=act)
    _mark(comune, _pending(sitting), StepState.DONE)


@operation
def _fail(*, comune: Comune, sitting: Sitting, why: str) -> None:
    _mark(comune, _pending(sitting), StepState.FAILED, why)


def _touched(sitting: Sitting) -> list[Act]:
    names = SealedVersion.objects.filter(version__act__sitting=sitting).values("version__act_id")
    found = Act.objects.select_for_update(of=("self",)).filter(pk__in=names)
    return list(found.select_related("sitting", "comune").order_by("id"))


def _copy(comune: Comune, act: Act) -> None:
    """Write the pages of an act's text without the passage, unless they are there."""
    omission = _omission_of(act)
    text = latest(comune=comune, act=act, content_type=TREE)
    if text is None:
        text = _remake(comune, act, omission)
    pages = latest(comune=comune, act=act)
    if pages is None or pages.number < text.number:
        document = thaw((_acts(comune, act.sitting) / text.sha256).read_bytes())
        stem = text.file_name.removesuffix(ENDING)
        _add(comune, act, list(_files(comune, act, document, stem)), omission)
        pages = latest(comune=comune, act=act)
    assert pages, "they were written a moment ago"
    _release(comune, act, pages, omission)


def _omission_of(act: Act) -> Omission:
    """Return the last omission that closed files of an act."""
    rows = SealedVersion.objects.filter(version__act=act).select_related("omission__ordered_by")
    return rows.order_by("-omission__number")[0].omission


def _remake(comune: Comune, act: Act, omission: Omission) -> ActVersion:
    """Freeze the text that a full disk did not take with the order."""
    work = _work(comune, act.sitting)
    before = list(ActVersion.objects.filter(act=act).order_by("number"))
    last = [one for one in before if one.content_type == TREE][-1]
    found = _document(comune, act.sitting, last)
    if found is None:
        raise VersionsUnwritten(why=f"manca il testo di «{last.file_name}»")
    _freeze_without(work, act, found, before)
    made = latest(comune=comune, act=act, content_type=TREE)
    if made is None:
        raise VersionsUnwritten(why="spazio esaurito")
    return made


def _files(comune: Comune, act: Act, document: Document, stem: str) -> Iterator[Written]:
    inside: list[Attachment] = []
    if document.kind in ROOTS:
        found = account_of(comune=comune, sitting=act.sitting)
        xml = write(found, Draft(act.name, document), "akn")
        yield Written(f"{stem}.akn.xml", xml.content_type, xml.data)
        name = f"{act.name}.akn.xml"
        inside.append(Attachment(name, xml.content_type, xml.data.decode(), "Akoma Ntoso 3.0"))
    day = act.adopted_date
    yield Written(f"{stem}.docx", WORD, docx(document, comune=comune.name, on=day))
    data = pdf(document, comune=comune.name, on=day, attachments=inside, code=act.uid)
    yield Written(f"{stem}.pdf", PDF, data)


def _release(comune: Comune, act: Act, pages: ActVersion, omission: Omission) -> None:
    """Give everyone the copy where the act had been given to everyone."""
    standing = Release.objects.filter(act=act, withdrawn_at=None).exclude(withheld_at=None).first()
    if standing is None:
        return
    standing.withdrawn_at = clock.now()
    standing.reason = f"omissis n. {omission.number}"
    standing.save(update_fields=["withdrawn_at", "reason"])
    Release.objects.create(comune=comune, act=act, version=pages, by=omission.ordered_by)


def put_away(*, comune: Comune, act: Act) -> None:
    """Seal the closed files of an act, and take them out of the folder from which files are given."""
    closed = SealedVersion.objects.values("version_id")
    kept = ActVersion.objects.filter(act__sitting=act.sitting).exclude(pk__in=closed)
    named = set(kept.values_list("sha256", flat=True))
    rows = SealedVersion.objects.filter(version__act=act).order_by("version__number")
    for one in rows.select_related("version", "omission__sitting"):
        version = one.version
        path = act_path(istat_code=comune.pk, uid=act.sitting.uid, sha256=version.sha256)
        if version.sha256 not in named and path.exists():
            seal.put(
                one.omission, f"atto-{version.number:03}-{version.file_name}", path.read_bytes()
            )
            path.unlink()


# --- inside -------------------------------------------------------------------------------------


def _mark(comune: Comune, omissions: Sequence[Omission], state: StepState, note: str = "") -> None:
    for one in omissions:
        OmissionStep.objects.update_or_create(
            comune=comune,
            omission=one,
            target=Target.ACTS,
            defaults={"state": state, "at": clock.now(), "note": note},
        )


def _pending(sitting: Sitting) -> list[Omission]:
    done = OmissionStep.objects.filter(target=Target.ACTS, state=StepState.DONE)
    rows = Omission.objects.filter(sitting=sitting)
    return list(rows.exclude(pk__in=done.values("omission_id")).order_by("number"))


def _acts(comune: Comune, sitting: Sitting) -> Path:
    return config.load().sitting_folder(comune.pk, sitting.uid) / "acts"
