"""The copy with *omissis* of a delibera: what a clerk leaves out, and the file made without it."""

from __future__ import annotations

from collections.abc import Sequence

from arengo.council.engine.record.document import Document
from arengo.council.engine.record.leaving_out import leaving_out, times_in, without
from arengo.council.engine.record.minutes import DEMO
from arengo.kernel import audit
from arengo.kernel.models import Comune, User
from arengo.kernel.scope import operation
from arengo.record.acts import add_versions, read_tree
from arengo.record.drafts import Written
from arengo.record.errors import NothingToLeaveOut, WordsNotFound
from arengo.record.models import Act, Redaction, RegisterLine, VersionCause
from arengo.record.render.pdf import pdf

LABEL = (
    "Copia con omissis della deliberazione n. {number}: ne sono tolti i dati che non si pubblicano. "
    "L'originale firmato è conservato dal Comune."
)


def copy_without(document: Document, texts: Sequence[str], *, line: RegisterLine) -> Document:
    """Return the document of the copy that stays."""
    label = LABEL.format(number=line.written)
    return without(document, texts, label=f"{DEMO} {label}" if line.is_demo else label)


@operation
def leave_out(
    *, comune: Comune, line: RegisterLine, act: Act, texts: Sequence[str], by: User | None
) -> Redaction:
    """Make the copy with omissis; an earlier one is replaced, and kept in the chain of the act.

    Raises
    ------
    NothingToLeaveOut
        No words are given.
    WordsNotFound
        Some words are not in the document: a name written otherwise would stay there.
    NotFound, VersionLost, VersionsUnwritten
        The act was never shared, its text is lost, or the disk does not take the file.
    """
    wanted = [one for one in (" ".join(text.split()) for text in texts) if one]
    if not wanted:
        raise NothingToLeaveOut
    document = read_tree(comune=comune, act=act)
    for text, times in times_in(document, [*wanted]).items():
        if not times and leaving_out([text])(line.subject) == line.subject:
            raise WordsNotFound(text=text)
    made = copy_without(document, wanted, line=line)
    name = f"delibera-{line.year}-{line.code}-omissis.pdf"
    data = pdf(made, comune=comune.name, on=line.adopted_date)
    files = [Written(name, "application/pdf", data)]
    [version] = add_versions(comune=comune, act=act, files=files, cause=VersionCause.OMISSIS, by=by)
    audit.record(
        "record.leave_out",
        comune=comune,
        by=by,
        subject=line.sitting.uid,
        delibera=line.written,
        words=len(wanted),
    )
    return Redaction.objects.create(
        comune=comune,
        act=act,
        texts=wanted,
        subject=leaving_out(wanted)(line.subject),
        file_name=name,
        size_bytes=version.size_bytes,
        sha256=version.sha256,
        by=by,
    )
