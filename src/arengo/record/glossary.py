"""How this Comune writes its names: the glossary that corrections teach, and what it corrects.

What is learned is only proposed: an entry is made by a person. Names and streets of the glossary
are told to the hearing of the next sittings.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from arengo.council.models import Sitting
from arengo.kernel.errors import NotFound
from arengo.kernel.models import Comune, User
from arengo.kernel.scope import operation, query
from arengo.live.engine.words import plain
from arengo.live.names_wanted import names_wanted
from arengo.record.engine.edits import Replaced
from arengo.record.engine.glossary import Occurrence, Pair, find, learn, replacing, suggest
from arengo.record.errors import GlossaryEmpty, GlossaryTwice, NothingChosen
from arengo.record.models import (
    GlossaryEntry,
    GlossaryKind,
    GlossaryRefusal,
    GlossarySource,
    GlossaryVariant,
    TranscriptEdit,
)
from arengo.record.transcripts import append, log_of, transcript_of

RECENT = 30  # sittings from whose corrections something is learned
LONGEST = 120  # characters


@dataclass(frozen=True, slots=True)
class Line:
    """An entry with what the machine writes in its place."""

    entry: GlossaryEntry
    heard: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where a text stands, numbered as the page shows it, with the words around."""

    number: int
    place: Occurrence


# --- the glossary -----------------------------------------------------------------------


@query
def lines_of(*, comune: Comune) -> list[Line]:
    """Return the glossary, in alphabetical order."""
    heard: dict[int, list[str]] = defaultdict(list)
    for one in GlossaryVariant.objects.order_by("-times", "heard"):
        heard[one.entry_id].append(one.heard)
    entries = GlossaryEntry.objects.select_related("added_by").order_by("key")
    return [Line(entry, tuple(heard[entry.pk])) for entry in entries]


@query
def pairs_of(*, comune: Comune) -> tuple[Pair, ...]:
    """Return what is corrected into what."""
    rows = GlossaryVariant.objects.select_related("entry").order_by("id")
    return tuple(Pair(one.heard, one.entry.written, max(1, one.times)) for one in rows)


@query
def names_of(*, comune: Comune) -> list[str]:
    """Return the names and streets, which the hearing should expect."""
    kinds = (GlossaryKind.NAME, GlossaryKind.STREET)
    rows = GlossaryEntry.objects.filter(kind__in=kinds).order_by("key")
    return list(rows.values_list("written", flat=True))


@query
def learned_of(*, comune: Comune) -> list[Pair]:
    """Return what the corrections of the last sittings teach, and nobody has decided on yet."""
    known = {_key(one.wrong) for one in pairs_of(comune=comune)}
    known |= set(GlossaryEntry.objects.values_list("key", flat=True))
    refused = set(GlossaryRefusal.objects.values_list("heard", "written"))
    counts: Counter[tuple[str, str]] = Counter()
    for sitting in _edited(comune):
        for pair in learn(log_of(comune=comune, sitting=sitting)):
            if (pair.wrong, pair.right) not in refused and _key(pair.wrong) not in known:
                counts[pair.wrong, pair.right] += pair.count
    return [Pair(wrong, right, count) for (wrong, right), count in counts.most_common()]


def _edited(comune: Comune) -> Iterable[Sitting]:
    edited = TranscriptEdit.objects.values_list("sitting_id", flat=True).distinct()
    return Sitting.objects.filter(pk__in=list(edited)).order_by("-scheduled_at")[:RECENT]


@operation
def add_entry(
    *,
    comune: Comune,
    written: str,
    kind: str,
    heard: Sequence[str] = (),
    by: User,
    source: str = GlossarySource.CLERK,
    times: int = 0,
) -> GlossaryEntry:
    """Write a form into the glossary; if it is there already, add what is `heard` in its place.

    Raises
    ------
    GlossaryEmpty
        It says nothing, or too much.
    GlossaryTwice
        What is heard is corrected into something else already.
    """
    form = _clean(written)
    entry, _made = GlossaryEntry.objects.get_or_create(
        comune=comune,
        key=_key(form),
        defaults={
            "written": form,
            "kind": kind if kind in GlossaryKind.values else GlossaryKind.OTHER,
            "source": source,
            "added_by": by,
        },
    )
    for one in heard:
        _add_variant(comune, entry, one, times)
    return entry


@operation
def change_entry(
    *, comune: Comune, entry_id: int, written: str, kind: str, heard: Sequence[str]
) -> GlossaryEntry:
    """Write an entry anew, with all that is heard in its place.

    Raises
    ------
    GlossaryEmpty, GlossaryTwice
        As `add_entry`; twice too when another entry is written so.
    """
    entry, form = _entry(entry_id), _clean(written)
    if GlossaryEntry.objects.filter(key=_key(form)).exclude(pk=entry.pk).exists():
        raise GlossaryTwice(heard=form)
    entry.written, entry.key = form, _key(form)
    entry.kind = kind if kind in GlossaryKind.values else entry.kind
    entry.save()
    kept = {_key(one) for one in heard if one.strip()}
    GlossaryVariant.objects.filter(entry=entry).exclude(key__in=kept).delete()
    for one in heard:
        _add_variant(comune, entry, one, 0)
    return entry


@operation
def remove_entry(*, comune: Comune, entry_id: int) -> str:
    """Take an entry out of the glossary; the words already corrected stay so."""
    entry = _entry(entry_id)
    entry.delete()
    return entry.written


@operation
def refuse_pair(*, comune: Comune, wrong: str, right: str, by: User) -> None:
    """Propose a pair no more."""
    GlossaryRefusal.objects.get_or_create(
        comune=comune, heard=wrong[:LONGEST], written=right[:LONGEST], defaults={"by": by}
    )


def _entry(entry_id: int) -> GlossaryEntry:
    entry = GlossaryEntry.objects.filter(pk=entry_id).first()
    if entry is None:
        raise NotFound
    return entry


def _add_variant(comune: Comune, entry: GlossaryEntry, heard: str, times: int) -> None:
    if not heard.strip():
        return
    form = _clean(heard)
    held = GlossaryVariant.objects.filter(key=_key(form)).select_related("entry").first()
    if held is None:
        GlossaryVariant.objects.create(
            comune=comune, entry=entry, heard=form, key=_key(form), times=times
        )
    elif held.entry_id != entry.pk:
        raise GlossaryTwice(heard=form)


def _clean(text: str) -> str:
    form = " ".join(text.split())
    if not form or len(form) > LONGEST or not form.isprintable():
        raise GlossaryEmpty(most=LONGEST)
    return form


def _key(text: str) -> str:
    """Return a form without capitals and accents: «Sanzìo» and «sanzio» are one."""
    return " ".join(plain(word) or word.casefold() for word in text.split())


# --- in a sitting -----------------------------------------------------------------------


@query
def hits_of(*, comune: Comune, sitting: Sitting, text: str, by: str) -> list[Hit]:
    """Return where a text stands in a sitting and what it would become; without `by`, where it stands."""
    transcript = transcript_of(comune=comune, sitting=sitting)
    found = find(transcript, text)
    if not by.strip():
        return [Hit(n, place) for n, place in enumerate(found)]
    edit = replacing(transcript, text, by)
    news = {fix.words: fix.text for fix in edit.fixes} if edit else {}
    places = [
        Occurrence(one.segment, one.words, one.seen, one.old, news[one.words], one.start_s)
        for one in found
        if one.words in news
    ]
    return [Hit(n, place) for n, place in enumerate(_once(places))]


@query
def suggestions_of(*, comune: Comune, sitting: Sitting) -> list[Hit]:
    """Return where the machine wrote again what the glossary corrects."""
    transcript = transcript_of(comune=comune, sitting=sitting)
    found = suggest(transcript, pairs_of(comune=comune))
    return [Hit(n, place) for n, place in enumerate(found)]


def _once(places: Iterable[Occurrence]) -> list[Occurrence]:
    return list({place.words: place for place in places}.values())


@operation
def replace_hits(
    *,
    comune: Comune,
    sitting: Sitting,
    hits: Sequence[Hit],
    chosen: Iterable[str],
    text: str,
    by_text: str,
    by: User,
) -> int:
    """Correct the places chosen, by the words that they begin with; return how many they were.

    Raises
    ------
    NothingChosen
        None was, or what was chosen is no longer there.
    Overtaken
        A colleague wrote there meanwhile.
    """
    wanted = set(chosen)
    fixes = tuple(hit.place.fix() for hit in hits if hit.place.words[0] in wanted)
    if not fixes:
        raise NothingChosen
    edit = Replaced(text, by_text, fixes)
    append(comune=comune, sitting=sitting, edit=edit, by=by)
    return len(fixes)


# --- the hearing ------------------------------------------------------------------------


def connect() -> None:
    """Tell the hearing which names to expect."""
    names_wanted.connect(_names, dispatch_uid="record.glossary")


def _names(*, comune: Comune, **signal: object) -> list[str]:
    return names_of(comune=comune)
