"""The Comune's templates: which one words a document, what is kept of them, how they are tried."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from arengo.council.engine.record.account import Account
from arengo.council.engine.record.cleaning import clean
from arengo.council.engine.record.document import Document
from arengo.council.engine.record.documents import all_documents
from arengo.kernel import audit
from arengo.kernel.models import Comune, User
from arengo.kernel.scope import operation, query
from arengo.record.engine.template_errors import TemplateFault
from arengo.record.engine.template_language import LONGEST
from arengo.record.engine.templates import Worded, worded
from arengo.record.errors import TemplateAbsent, TemplateTooLong
from arengo.record.models import DocumentTemplate, TemplateKind
from arengo.record.template_sample import sample_account
from arengo.record.template_texts import own_template

TRIED = 3  # good versions, the latest first, that a document tries before Arengo's own


@dataclass(frozen=True, slots=True)
class InUse:
    """How a kind of document is worded now; `last` is the latest version, good or not."""

    kind: TemplateKind
    text: str
    used: DocumentTemplate | None
    last: DocumentTemplate | None

    @property
    def is_own(self) -> bool:
        """Tell whether it is Arengo's template."""
        return self.used is None or not self.used.text

    @property
    def is_held_back(self) -> bool:
        """Tell whether a later version is not used because of its errors."""
        return self.last is not None and not self.last.is_valid


def kind_of(name: str) -> TemplateKind:
    """Return the kind of document of an address.

    Raises
    ------
    TemplateAbsent
        There is no such kind.
    """
    if name not in TemplateKind.values:
        raise TemplateAbsent(name=name)
    return TemplateKind(name)


# --- reads ------------------------------------------------------------------------------------


@query
def in_use(*, comune: Comune) -> tuple[InUse, ...]:
    """Return how each kind of document is worded, in the order of the kinds."""
    rows = list(DocumentTemplate.objects.filter(comune=comune).order_by("kind", "-version"))
    return tuple(_in_use(kind, [one for one in rows if one.kind == kind]) for kind in TemplateKind)


def _in_use(kind: TemplateKind, rows: list[DocumentTemplate]) -> InUse:
    used = next((one for one in rows if one.is_valid), None)
    text = used.text if used and used.text else own_template(kind)
    return InUse(kind, text, used, rows[0] if rows else None)


@query
def versions(*, comune: Comune, kind: TemplateKind) -> tuple[DocumentTemplate, ...]:
    """Return every version of a template, the latest first."""
    rows = DocumentTemplate.objects.filter(comune=comune, kind=kind).select_related("by")
    return tuple(rows.order_by("-version"))


@query
def good_texts(*, comune: Comune) -> Mapping[str, tuple[str, ...]]:
    """Return the templates that may word each kind of document, the latest first."""
    rows = DocumentTemplate.objects.filter(comune=comune, is_valid=True)
    found: dict[str, tuple[str, ...]] = {}
    for kind, text in rows.order_by("-version", "kind").values_list("kind", "text"):
        found[kind] = (*found.get(kind, ()), text)
    return {kind: texts[:TRIED] for kind, texts in found.items()}


# --- writes -----------------------------------------------------------------------------------


@operation
def save_template(*, comune: Comune, kind: TemplateKind, text: str, by: User) -> DocumentTemplate:
    """Keep a version of a template; one with errors is kept and not used.

    Raises
    ------
    TemplateTooLong
        It is longer than any template need be.
    """
    text = clean(text.replace("\r\n", "\n"))
    if len(text) > LONGEST:
        raise TemplateTooLong(most=LONGEST)
    comune = Comune.objects.select_for_update().get(pk=comune.pk)  # one version after the other
    last = DocumentTemplate.objects.filter(comune=comune, kind=kind).order_by("-version").first()
    made = DocumentTemplate.objects.create(
        comune=comune,
        kind=kind,
        version=last.version + 1 if last else 1,
        text=text,
        is_valid=not text or fault_in(kind, text) is None,
        by=by,
    )
    audit.record("record.template_saved", comune=comune, by=by, subject=kind, version=made.version)
    return made


@operation
def restore_template(*, comune: Comune, kind: TemplateKind, version: int, by: User) -> None:
    """Make an earlier version the latest again; version 0 is Arengo's own.

    Raises
    ------
    TemplateAbsent
        There is no such version.
    """
    row = DocumentTemplate.objects.filter(comune=comune, kind=kind, version=version).first()
    if row is None and version:
        raise TemplateAbsent(name=str(version))
    save_template(comune=comune, kind=kind, text=row.text if row else "", by=by)


# --- trying and using -------------------------------------------------------------------------


def fault_in(kind: str, text: str) -> TemplateFault | None:
    """Return what is wrong with a template, tried on the sample; None when nothing is."""
    try:
        tried(sample_account(), kind, text)
    except TemplateFault as fault:
        return fault
    return None


def tried(found: Account, kind: str, text: str) -> Worded:
    """Return a document for everyone as a template words it; of the sample where there is none.

    Raises
    ------
    TemplateFault
        The template cannot be used.
    """
    sample = sample_account()
    for account in (found, sample):
        for one in all_documents(account):
            if one.kind == kind and (account is sample or not one.is_reserved):
                return worded(account, one, text)
    raise TemplateAbsent(name=kind)


def in_the_words_of_the_comune(found: Account, document: Document) -> tuple[Document, str]:
    """Return a document as the Comune's templates word it, and why an older one was used.

    The latest good version is tried first, then those before, then Arengo's own words.
    """
    note = ""
    for text in found.facts.templates.get(document.kind, ()):
        if not text:
            return document, note
        try:
            return worded(found, document, text).document, note
        except TemplateFault as fault:
            note = note or _note(fault)
    return document, note


def _note(fault: TemplateFault) -> str:
    return _(
        "Il modello del Comune non si può usare per questo documento ({fault}): "
        "vale la versione che lo precede."
    ).format(fault=fault)


def left_out_words(left_out: Iterable[str]) -> str:
    """Return what a template leaves out, in one sentence; empty when nothing is."""
    listed = "; ".join(left_out)
    return _("Il modello tralascia: {listed}.").format(listed=listed) if listed else ""
