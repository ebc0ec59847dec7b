"""What may happen next: each event is judged against the state before it is written.

A guard raises `RuleBroken` with a sentence that says what to do and the rule that wants it. An
event without a guard needs only a sitting that is not over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from arengo.council.engine import ballots
from arengo.council.engine import events as e
from arengo.council.engine.chain import Entry
from arengo.council.engine.errors import ProfileUnusable, RuleBroken
from arengo.council.engine.fold import fold
from arengo.council.engine.presence import quorum_at
from arengo.council.engine.procedures import BY_TYPE
from arengo.council.engine.profile import read_profile
from arengo.council.engine.state import ItemState, State

E = TypeVar("E", bound=e.Event)
GUARDS: dict[type[e.Event], Callable[[State, Any, datetime], None]] = {}

ORDER = "ordine della seduta"
STATUSES = ("present", "remote", "absent", "justified", "mission")
CAUSES = ("roll_call", "entry", "exit", "correction")
RESULTS = ("decided", "discussed", "deferred", "withdrawn", "answered")
STAGES = ("presentation", "discussion", "replies", "declarations", "vote")
ENDINGS = ("completed", "no_quorum", "adjourned")
EFFECTS = ("suppress", "replace", "add")
OPINIONS = ("technical", "accounting")
TEXT_MAX = 4000
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")  # XML has none
KEY = re.compile(r"[\w.:-]{1,60}")  # stands in addresses and tokens
ADDRESS = re.compile(r"(/|https?://)[^\s]*")
LONGEST_TURN_S = 24 * 3600
PURPOSES = ("opening", "verification", "resumption")
AT_REST = (e.SittingConstituted, e.Noted, e.Undone, e.SecretEnded)  # allowed when it is over
LOCKED = (e.SittingConstituted, e.Proclaimed, e.SecretBegan, e.SecretEnded, e.Undone)
LOCKED_WHY = {
    e.Proclaimed: (
        "L'esito è proclamato: la deliberazione è perfetta e il conteggio non si tocca. Per un errore "
        "materiale annota la rettifica; per ripetere il voto aprine un altro.",
        "TAR Lazio, sez. I, 1703/1991",
    ),
    e.SecretBegan: (
        "La seduta segreta non si annulla: quel momento non è più in nessuna registrazione. "
        "Dichiara finita la parte segreta.",
        "seduta segreta",
    ),
}


def check(state: State, event: e.Event, at: datetime) -> None:
    """Judge an event against the state it would follow, at instant `at`.

    Raises
    ------
    RuleBroken
        It cannot happen; `Undone` is judged by `check_undo`, which needs the whole journal.
    """
    _refuse_out_of_time(state, event)
    _refuse_unfit_text(event)
    guard = GUARDS.get(type(event))
    if guard:
        guard(state, event, at)


def check_undo(entries: Sequence[Entry], undone: e.Undone) -> None:
    """Judge an undo: what follows must still be possible without the undone entry.

    Raises
    ------
    RuleBroken
        There is no such entry, it is of a kind that is final, or a later one depends on it.
    """
    target = next((entry for entry in entries if entry.seq == undone.seq), None)
    if target is None or _is_undone(entries, undone.seq):
        raise RuleBroken(
            "Non c'è nulla da annullare: l'operazione non esiste o è già annullata.", ORDER
        )
    if isinstance(target.event, LOCKED):
        why = LOCKED_WHY.get(type(target.event))
        raise RuleBroken(*(why or ("Questa operazione non si può annullare.", ORDER)))
    if isinstance(target.event, e.SecretCounted):
        _refuse_emptied(entries, target.event)
    _refuse_changed(fold(entries), _replay_without(entries, undone.seq))


def _refuse_changed(before: State, after: State) -> None:
    """Refuse to touch a vote that was proclaimed, be it in a name that the formula does not tell."""
    for key, ballot in before.ballots.items():
        if ballot.proclaimed_at and after.ballots.get(key) != ballot:
            raise RuleBroken(*LOCKED_WHY[e.Proclaimed])


def _refuse_emptied(entries: Sequence[Entry], count: e.SecretCounted) -> None:
    """Refuse to forget the count of an electronic box: it is empty and counts no second time."""
    opened = [one.event for one in entries if isinstance(one.event, e.BallotOpened)]
    if any((one.ballot, one.method) == (count.ballot, "secret_electronic") for one in opened):
        raise RuleBroken(
            "Lo scrutinio dell'urna elettronica non si annulla: l'urna è ormai vuota. "
            "Se è sbagliato, annulla la votazione e ripetila.",
            "scrutinio segreto",
        )


def _is_undone(entries: Sequence[Entry], seq: int) -> bool:
    return any(isinstance(one.event, e.Undone) and one.event.seq == seq for one in entries)


def _replay_without(entries: Sequence[Entry], seq: int) -> State:
    gone = {one.event.seq for one in entries if isinstance(one.event, e.Undone)} | {seq}
    kept = [one for one in entries if one.seq not in gone and not isinstance(one.event, e.Undone)]
    state = fold([one for one in kept if one.seq < seq])
    for entry in (one for one in kept if one.seq > seq):
        try:
            check(state, entry.event, entry.at)
        except RuleBroken as error:
            raise RuleBroken(
                "Non si può annullare: un'operazione successiva ne dipende. Annulla prima quella.",
                error.rule,
            ) from error
        state = fold([entry], state)
    return state


def _refuse_out_of_time(state: State, event: e.Event) -> None:
    is_first = isinstance(event, e.SittingConstituted)
    if is_first != (state.profile is None):
        sentence = (
            "Il registro è già iniziato." if is_first else "Il registro non è ancora iniziato."
        )
        raise RuleBroken(sentence, ORDER)
    if state.ended_at and not isinstance(event, AT_REST):
        raise RuleBroken(
            "La seduta è finita: non si può più aggiungere nulla, salvo una nota.", ORDER
        )


def _refuse_unfit_text(event: e.Event) -> None:
    """Refuse what can be written neither in a chained journal nor later in a record.

    Half characters (lone surrogates), control characters, texts without end.
    """
    is_first = isinstance(event, e.SittingConstituted)  # its profile is as long as a regulation
    for text in _texts(e.facts_of(event)):
        if not is_first and len(text) > TEXT_MAX:
            raise RuleBroken(f"Il testo è troppo lungo: al massimo {TEXT_MAX} caratteri.", ORDER)
        if UNFIT.search(text):
            raise RuleBroken(
                "Il testo contiene un carattere che non si può registrare: riscrivilo.",
                "formato del registro",
            )


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from (str(key), *_texts(one))
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def guards(cls: type[E]) -> Callable[[Callable[[State, E, datetime], None]], Any]:
    """Register the judge of an event."""

    def register(guard: Callable[[State, E, datetime], None]) -> Any:
        GUARDS[cls] = guard
        return guard

    return register


# --- small questions ----------------------------------------------------------------------


def _member(state: State, member: str) -> e.Member:
    found = state.members.get(member)
    if found is None:
        raise RuleBroken("Questa persona non fa parte della seduta: aggiorna la pagina.", ORDER)
    return found


def _one_of(value: str, allowed: Sequence[str]) -> None:
    if value not in allowed:
        raise RuleBroken(f"Il valore «{value[:40]}» non è ammesso.", "formato del registro")


def _text(value: str, what: str) -> None:
    if not value.strip():
        raise RuleBroken(f"Manca {what}: scrivilo in poche parole.", ORDER)


def _key(value: str) -> None:
    if not KEY.fullmatch(value):
        raise RuleBroken(f"«{value[:40]}» non è un codice valido.", "formato del registro")


def _here(state: State, member: str, at: datetime) -> None:
    who = _member(state, member)
    if not state.is_here(member, at):
        raise RuleBroken(f"{who.name} non è presente: prima segna l'ingresso.", "presenza in aula")


def _item(state: State, item: str) -> ItemState:
    found = state.items.get(item)
    if found is None:
        raise RuleBroken("Questo punto non è all'ordine del giorno.", "ordine del giorno")
    return found


def _going_on(state: State) -> None:
    if state.opened_at is None:
        raise RuleBroken("La seduta non è aperta: fai l'appello e dichiarala aperta.", ORDER)
    if state.suspended_at:
        raise RuleBroken("La seduta è sospesa: prima riprendila.", ORDER)


def _no_vote_under_way(state: State) -> None:
    ballot = state.current_ballot
    if ballot:
        what = "chiudi e proclama" if not ballot.closed_at else "proclama"
        raise RuleBroken(f"È in corso una votazione: prima {what} l'esito.", "votazione in corso")


def _with_quorum(state: State, at: datetime, item: str = "") -> None:
    found = quorum_at(state, at, item)
    if not found.is_met:
        raise RuleBroken(f"Manca il numero legale. {found.formula}", found.article)


# --- the sitting ------------------------------------------------------------------------


@guards(e.SittingConstituted)
def _constituted(state: State, event: e.SittingConstituted, at: datetime) -> None:
    try:
        profile = read_profile(event.profile)
    except ProfileUnusable as error:
        raise RuleBroken(str(error), "regolamento del Consiglio") from error
    if profile.quorum_rule(event.call) is None:
        raise RuleBroken("Il regolamento non prevede la seconda convocazione.", profile.article)
    seated = sum(member.votes and not member.is_mayor for member in event.members)
    if seated > profile.assigned:
        raise RuleBroken(
            f"I consiglieri in carica sono {seated} ma ne sono assegnati {profile.assigned}: "
            "correggi le persone o le regole.",
            profile.article,
        )
    if sum(member.is_mayor for member in event.members) > 1:
        raise RuleBroken("Risultano due sindaci in carica: correggi le persone.", ORDER)
    ids = [member.id for member in event.members]
    if len(set(ids)) != len(ids) or not ids:
        raise RuleBroken("L'elenco dei componenti è vuoto o ripete una persona.", ORDER)
    if len({item.id for item in event.items}) != len(event.items):
        raise RuleBroken("L'ordine del giorno ripete un punto.", "ordine del giorno")
    for item in event.items:
        _one_of(item.type, tuple(BY_TYPE))


@guards(e.RollCallBegan)
def _roll_call_began(state: State, event: e.RollCallBegan, at: datetime) -> None:
    _no_vote_under_way(state)
    _one_of(event.purpose, PURPOSES)
    if state.roll_call:
        raise RuleBroken("L'appello è già in corso: finiscilo.", ORDER)


@guards(e.RollCallEnded)
def _roll_call_ended(state: State, event: e.RollCallEnded, at: datetime) -> None:
    if not state.roll_call:
        raise RuleBroken("Nessun appello in corso.", ORDER)
    if state.roll_call == "opening":
        missing = [m.name for m in state.members.values() if m.id not in state.rolled]
        if missing:
            raise RuleBroken(f"L'appello non è finito: manca {', '.join(missing[:3])}.", ORDER)


@guards(e.PresenceSet)
def _presence_set(state: State, event: e.PresenceSet, at: datetime) -> None:
    who = _member(state, event.member)
    _one_of(event.status, STATUSES)
    _one_of(event.cause, CAUSES)
    if event.cause == "roll_call" and not state.roll_call:
        raise RuleBroken("Nessun appello in corso: segna un ingresso o un'uscita.", ORDER)
    if event.status == "remote" and state.mode == "in_person":
        raise RuleBroken(
            f"La seduta è in presenza: {who.name} non può partecipare da remoto.",
            state.rules.remote_article,
        )


@guards(e.ConnectionChanged)
def _connection_changed(state: State, event: e.ConnectionChanged, at: datetime) -> None:
    _member(state, event.member)
    standing = state.presence[event.member]
    if standing.status != "remote" or (standing.lost_at is None) == event.is_connected:
        raise RuleBroken("Il collegamento non è cambiato.", "seduta mista")


@guards(e.SittingOpened)
def _opened(state: State, event: e.SittingOpened, at: datetime) -> None:
    if state.opened_at:
        raise RuleBroken("La seduta è già aperta.", ORDER)
    if state.roll_call:
        raise RuleBroken("L'appello è in corso: prima finiscilo.", ORDER)
    _with_quorum(state, at)


@guards(e.SittingSuspended)
def _suspended(state: State, event: e.SittingSuspended, at: datetime) -> None:
    _going_on(state)
    _no_vote_under_way(state)


@guards(e.SittingResumed)
def _resumed(state: State, event: e.SittingResumed, at: datetime) -> None:
    if not state.suspended_at:
        raise RuleBroken("La seduta non è sospesa.", ORDER)
    _with_quorum(state, at)


@guards(e.SittingEnded)
def _ended(state: State, event: e.SittingEnded, at: datetime) -> None:
    _one_of(event.reason, ENDINGS)
    _no_vote_under_way(state)
    if event.reason == "completed":
        if not state.opened_at:
            raise RuleBroken("La seduta non è mai stata aperta: chiudila come deserta.", ORDER)
        if state.item:
            raise RuleBroken("C'è un punto in trattazione: prima chiudilo.", ORDER)
    if event.reason == "no_quorum" and quorum_at(state, at).is_met:
        raise RuleBroken("Il numero legale c'è: la seduta non è deserta.", "TUEL art. 38 c. 2")
    if state.secret_since:
        raise RuleBroken("La seduta è segreta: prima dichiara finita la parte segreta.", ORDER)


@guards(e.ChairTaken)
def _chair(state: State, event: e.ChairTaken, at: datetime) -> None:
    _here(state, event.member, at)


@guards(e.ScrutineersNamed)
def _scrutineers(state: State, event: e.ScrutineersNamed, at: datetime) -> None:
    for member in event.members:
        _here(state, member, at)
    if len(set(event.members)) != len(event.members):
        raise RuleBroken("Uno scrutatore è nominato due volte.", ORDER)


@guards(e.SecretaryReplaced)
def _secretary(state: State, event: e.SecretaryReplaced, at: datetime) -> None:
    _text(event.name, "il nome di chi verbalizza")


# --- the agenda -------------------------------------------------------------------------


@guards(e.ItemAdded)
def _item_added(state: State, event: e.ItemAdded, at: datetime) -> None:
    _key(event.item.id)
    if event.item.id in state.items:
        raise RuleBroken("Questo punto è già all'ordine del giorno.", "ordine del giorno")
    _text(event.item.title, "l'oggetto del punto")
    _one_of(event.item.type, tuple(BY_TYPE))
    for kind in event.item.opinions_due:
        _one_of(kind, OPINIONS)
    for document in event.item.documents:
        if not ADDRESS.fullmatch(document.url):
            raise RuleBroken("L'indirizzo di un documento non è valido.", "formato del registro")


@guards(e.AgendaReordered)
def _reordered(state: State, event: e.AgendaReordered, at: datetime) -> None:
    if sorted(event.order) != sorted(state.items):
        raise RuleBroken("Il nuovo ordine deve contenere tutti i punti, una volta sola.", ORDER)


@guards(e.ItemCalled)
def _item_called(state: State, event: e.ItemCalled, at: datetime) -> None:
    _going_on(state)
    _no_vote_under_way(state)
    item = _item(state, event.item)
    if state.item:
        raise RuleBroken("Un altro punto è in trattazione: prima chiudilo o rinvialo.", ORDER)
    if item.result == "decided":
        raise RuleBroken("Il punto è già stato deciso.", ORDER)
    _with_quorum(state, at)


@guards(e.StageOpened)
def _stage(state: State, event: e.StageOpened, at: datetime) -> None:
    _going_on(state)
    _no_vote_under_way(state)
    _one_of(event.stage, STAGES)
    if not state.item:
        raise RuleBroken("Nessun punto in trattazione: prima chiamane uno.", ORDER)


@guards(e.ItemLeft)
def _item_left(state: State, event: e.ItemLeft, at: datetime) -> None:
    _no_vote_under_way(state)
    _one_of(event.result, RESULTS)
    _item(state, event.item)
    if state.item != event.item:
        raise RuleBroken("Il punto non è in trattazione.", ORDER)
    if event.result == "decided" and not ballots.was_decided(state, event.item):
        raise RuleBroken(
            "Il punto non è stato votato: chiudilo come discusso, rinviato o ritirato.", ORDER
        )


@guards(e.ConflictDeclared)
def _conflict(state: State, event: e.ConflictDeclared, at: datetime) -> None:
    _member(state, event.member)
    _item(state, event.item)
    held = [state.ballots[one] for one in state.items[event.item].ballots]
    if any(event.member in (*one.votes, *one.took_part) for one in held if not one.voided):
        raise RuleBroken(
            "Ha già votato su questo punto: annulla prima quel voto.", "TUEL art. 78 c. 2"
        )


@guards(e.OpinionGiven)
def _opinion(state: State, event: e.OpinionGiven, at: datetime) -> None:
    _about_opinion(state, event.item, event.type, event.amendment)
    _one_of(event.verdict, ("favourable", "contrary"))


@guards(e.OpinionWaived)
def _waived(state: State, event: e.OpinionWaived, at: datetime) -> None:
    _about_opinion(state, event.item, event.type, event.amendment)
    _text(event.reason, "il motivo per cui si procede senza parere (va nella motivazione)")


def _about_opinion(state: State, item: str, kind: str, amendment: str) -> None:
    found = _item(state, item)
    _one_of(kind, OPINIONS)
    if amendment and amendment not in found.amendments:
        raise RuleBroken("Questo emendamento non esiste.", "TUEL art. 49")


@guards(e.AmendmentFiled)
def _amendment(state: State, event: e.AmendmentFiled, at: datetime) -> None:
    item = _item(state, event.item)
    _no_vote_under_way(state)
    _one_of(event.effect, EFFECTS)
    _key(event.amendment)
    _text(event.title, "il titolo dell'emendamento")
    if event.amendment in item.amendments:
        raise RuleBroken("Questo emendamento c'è già.", ORDER)
    if ballots.was_decided(state, event.item):
        raise RuleBroken("Il punto è già votato: non si emenda più.", ORDER)


@guards(e.AmendmentWithdrawn)
def _amendment_withdrawn(state: State, event: e.AmendmentWithdrawn, at: datetime) -> None:
    found = _item(state, event.item).amendments.get(event.amendment)
    if found is None or found.fate != "pending":
        raise RuleBroken("L'emendamento non esiste, o è già votato o ritirato.", ORDER)


# --- the floor --------------------------------------------------------------------------


@guards(e.FloorAsked)
def _floor_asked(state: State, event: e.FloorAsked, at: datetime) -> None:
    _may_speak(state, event.member, event.type, at)
    if any(one.member == event.member for one in state.requests):
        raise RuleBroken("Ha già chiesto la parola: attenda il suo turno.", ORDER)
    if state.turn and state.turn.member == event.member:
        raise RuleBroken("Sta già parlando.", ORDER)


@guards(e.FloorForgone)
def _floor_forgone(state: State, event: e.FloorForgone, at: datetime) -> None:
    if all(one.member != event.member for one in state.requests):
        raise RuleBroken("Non aveva chiesto la parola.", ORDER)


@guards(e.FloorGiven)
def _floor_given(state: State, event: e.FloorGiven, at: datetime) -> None:
    if not 0 <= event.limit_s <= LONGEST_TURN_S:
        raise RuleBroken("Il tempo di parola non è possibile: scrivilo in minuti.", ORDER)
    if event.member:
        _may_speak(state, event.member, event.type, at)
    else:
        _going_on(state)
        _text(event.name, "il nome di chi parla")


def _may_speak(state: State, member: str, kind: str, at: datetime) -> None:
    _going_on(state)
    _here(state, member, at)
    rule = state.rules.speaking(kind)
    ballot = state.current_ballot
    if ballot and not ballot.closed_at and kind != "point_of_order":
        raise RuleBroken("Durante la votazione non si dà la parola.", "votazione in corso")
    if state.item and member in state.conflicted(state.item) and kind != "personal":
        name = state.members[member].name
        raise RuleBroken(
            f"{name} si astiene dalla discussione di questo punto.", "TUEL art. 78 c. 2"
        )
    if rule.turns and _turns_taken(state, member, kind) >= rule.turns:
        name = state.members[member].name
        raise RuleBroken(
            f"{name} ha già avuto la parola {rule.turns} volt{'a' if rule.turns == 1 else 'e'} a questo "
            "titolo su questo punto: scegli un altro titolo.",
            rule.article,
        )


def _turns_taken(state: State, member: str, kind: str) -> int:
    if not state.item:
        return 0
    return sum((t.member, t.type, t.item) == (member, kind, state.item) for t in state.turns)


@guards(e.FloorEnded)
def _floor_ended(state: State, event: e.FloorEnded, at: datetime) -> None:
    if state.turn is None:
        raise RuleBroken("Nessuno ha la parola.", ORDER)


@guards(e.VerbatimAsked)
def _verbatim(state: State, event: e.VerbatimAsked, at: datetime) -> None:
    _here(state, event.member, at)


# --- votes ------------------------------------------------------------------------------


@guards(e.BallotOpened)
def _ballot_opened(state: State, event: e.BallotOpened, at: datetime) -> None:
    _going_on(state)
    _no_vote_under_way(state)
    _key(event.ballot)
    _text(event.title, "che cosa si vota")
    if event.item:
        _item(state, event.item)
        if state.item != event.item:
            raise RuleBroken("Si vota il punto in trattazione: prima chiamalo.", ORDER)
    _with_quorum(state, at, event.item)
    ballots.check_opening(state, event, at)


@guards(e.IdentityChecked)
def _identity(state: State, event: e.IdentityChecked, at: datetime) -> None:
    ballots.open_ballot(state, event.ballot)
    _here(state, event.member, at)


@guards(e.VoteCast)
def _vote_cast(state: State, event: e.VoteCast, at: datetime) -> None:
    ballots.check_vote(state, event, at)


@guards(e.HandsCounted)
def _hands_counted(state: State, event: e.HandsCounted, at: datetime) -> None:
    ballots.check_hands(state, event, at)


@guards(e.SecretCounted)
def _secret_counted(state: State, event: e.SecretCounted, at: datetime) -> None:
    ballots.check_secret_count(state, event, at)


@guards(e.BallotClosed)
def _ballot_closed(state: State, event: e.BallotClosed, at: datetime) -> None:
    ballots.check_closing(state, event, at)


@guards(e.BallotVoided)
def _ballot_voided(state: State, event: e.BallotVoided, at: datetime) -> None:
    ballot = state.ballots.get(event.ballot)
    if ballot is None or ballot.proclaimed_at or ballot.voided:
        raise RuleBroken("La votazione non esiste, è già proclamata o già annullata.", ORDER)
    _text(event.reason, "il motivo dell'annullamento")


@guards(e.Proclaimed)
def _proclaimed(state: State, event: e.Proclaimed, at: datetime) -> None:
    if event != ballots.proclamation(state, event.ballot):
        raise RuleBroken(
            "L'esito non è quello che risulta dal conteggio: ricarica la pagina.", ORDER
        )


# --- secrecy and notes ------------------------------------------------------------------


@guards(e.SecretBegan)
def _secret_began(state: State, event: e.SecretBegan, at: datetime) -> None:
    if state.secret_since:
        raise RuleBroken("La seduta è già segreta.", ORDER)
    _text(event.reason, "il motivo della seduta segreta")
    _text(event.requester, "chi l'ha chiesta")


@guards(e.SecretEnded)
def _secret_ended(state: State, event: e.SecretEnded, at: datetime) -> None:
    if not state.secret_since:
        raise RuleBroken("La seduta non è segreta.", ORDER)


@guards(e.Noted)
def _noted(state: State, event: e.Noted, at: datetime) -> None:
    _text(event.text, "il testo della nota")
