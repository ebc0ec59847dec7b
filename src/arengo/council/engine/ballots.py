"""Votes: who may vote, in which order things are voted, what a count amounts to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from arengo.council.engine import events as e
from arengo.council.engine.errors import RuleBroken
from arengo.council.engine.presence import counted, entitled, quorum_of
from arengo.council.engine.rules import Tally, check_tally, elect, majority_of, outcome
from arengo.council.engine.state import Ballot, ItemState, State

METHODS = ("hands", "roll_call", "electronic", "secret_papers", "secret_electronic")
CHOICES = ("favour", "against", "abstained", "not_voting")
SECRET_CHOICES = ("favour", "against", "blank", "null")
VOTING = "votazione"
ASIDE = ("immediate", "amendment", "secret_sitting", "procedural")  # not the item itself
WITHOUT_ITEM = ("secret_sitting", "procedural")
RESERVED = (*CHOICES, *SECRET_CHOICES, "took_part")  # no candidate is called so
NAMES_MAX = 100


def was_decided(state: State, item: str) -> bool:
    """Tell whether the item itself (not an amendment or a procedural matter) has been voted."""
    return any(_decides(state.ballots[one]) for one in state.items[item].ballots)


def _decides(ballot: Ballot) -> bool:
    return bool(ballot.proclaimed_at) and ballot.subject not in ASIDE


def was_approved(state: State, item: str) -> bool:
    """Tell whether the last vote on the item itself approved it."""
    decided = [state.ballots[one] for one in state.items[item].ballots]
    decided = [ballot for ballot in decided if _decides(ballot)]
    return bool(decided) and decided[-1].result in ("approved", "elected")


def pending_amendments(state: State, item: ItemState) -> tuple[str, ...]:
    """Return the amendments still to be voted, in the order in which they are put.

    The regulation orders their effects (to suppress, to replace, to add); within an effect, the
    order of filing.
    """
    order: tuple[str, ...] = state.rules.amendments.order
    waiting = [one for one in item.amendments.values() if one.fate == "pending"]
    ranked = sorted(waiting, key=lambda one: _rank(order, one.filed.effect))
    return tuple(one.id for one in ranked)


def _rank(order: tuple[str, ...], effect: str) -> int:
    return order.index(effect) if effect in order else len(order)


def opinions_missing(item: ItemState, amendment: str = "") -> tuple[str, ...]:
    """Return the opinions of TUEL art. 49 that the vote still waits for.

    An amendment that changes the substance needs them again, the accounting one when it
    touches spending (DAIT 12531; CGA 105/2010).
    """
    if not amendment:
        due: tuple[str, ...] = item.item.opinions_due
    else:
        filed = item.amendments[amendment].filed
        due = ("technical",) * filed.changes_substance + ("accounting",) * filed.affects_spending
    return tuple(kind for kind in due if (amendment, kind) not in item.opinions)


def deciding_subject(state: State, item: str, subject: str) -> str:
    """Return by whose majority a vote is decided: a text as amended by that of its item."""
    found = state.items.get(item)
    return found.item.subject if found and subject == "as_amended" else subject


# --- opening ------------------------------------------------------------------------------


def check_opening(state: State, event: e.BallotOpened, at: datetime) -> None:
    """Judge whether this vote may begin; raises `RuleBroken`."""
    if event.ballot in state.ballots:
        raise RuleBroken("Questa votazione esiste già.", VOTING)
    if event.method not in METHODS:
        raise RuleBroken("Modo di votazione non ammesso.", VOTING)
    _check_subject(state, event)
    _check_entitled(state, event, at)
    _check_method(state, event)
    _check_names(state, event)
    _check_repeated(state, event)
    if event.item:
        _check_order(state, event)


def _check_subject(state: State, event: e.BallotOpened) -> None:
    """Hold the vote to what its item is decided by: another majority is another outcome."""
    if (event.subject == "amendment") != bool(event.amendment):
        raise RuleBroken("Indica quale emendamento si vota, e vota solo quello.", VOTING)
    item = state.items.get(event.item)
    if item is None:
        if event.subject not in WITHOUT_ITEM:
            raise RuleBroken("Per questa votazione chiama prima il punto.", "ordine del giorno")
        return
    if event.amendment and event.amendment not in item.amendments:
        raise RuleBroken("Questo emendamento non c'è.", VOTING)
    own = item.item.subject
    if own in ("", "proposal") or event.subject in (own, f"{own}_second", "as_amended", *ASIDE):
        return
    rule = majority_of(state.rules, own)
    if majority_of(state.rules, event.subject) != rule:
        raise RuleBroken(f"Questo punto si decide a {rule.name}.", rule.article)


def _check_names(state: State, event: e.BallotOpened) -> None:
    """Judge the names of an election: written by secret ballot, each once, and none is a choice."""
    rule = majority_of(state.rules, deciding_subject(state, event.item, event.subject))
    if not event.choices:
        if rule.rule == "plurality":
            raise RuleBroken("Scrivi i nomi fra cui si vota, uno per riga.", rule.article)
        return
    names = event.choices
    if len(set(names)) != len(names) or any(not n.strip() or n in RESERVED for n in names):
        raise RuleBroken("Un nome manca, è ripetuto o non è ammesso: correggi l'elenco.", VOTING)
    if len(names) > NAMES_MAX:
        raise RuleBroken(f"I nomi sono troppi: al massimo {NAMES_MAX}.", VOTING)
    if not 1 <= event.seats <= len(names):
        raise RuleBroken(
            "Indica quante persone si eleggono, al massimo quanti sono i nomi.", VOTING
        )
    if not event.method.startswith("secret"):
        raise RuleBroken(
            "Fra più nomi si vota a scrutinio segreto.", state.rules.secret_ballot_article
        )


def _check_repeated(state: State, event: e.BallotOpened) -> None:
    earlier = state.ballots.get(event.repeats) if event.repeats else None
    if event.repeats and (earlier is None or earlier.stage not in ("proclaimed", "voided")):
        raise RuleBroken("La votazione da ripetere non esiste o non è finita.", VOTING)
    if earlier and earlier.item != event.item:
        raise RuleBroken("La votazione da ripetere è di un altro punto.", VOTING)


def _check_entitled(state: State, event: e.BallotOpened, at: datetime) -> None:
    if event.entitled != entitled(state, at, event.item):
        raise RuleBroken(
            "Le presenze sono cambiate mentre aprivi la votazione: riaprila.",
            "aventi diritto al voto",
        )
    if not event.entitled:
        raise RuleBroken("Nessuno dei presenti può votare.", "aventi diritto al voto")


def _check_method(state: State, event: e.BallotOpened) -> None:
    is_secret = event.method.startswith("secret")
    item = state.items.get(event.item)
    wants_secret = item is not None and item.item.is_secret_ballot and event.subject not in ASIDE
    if wants_secret and not is_secret:
        raise RuleBroken(
            "Questo punto si vota a scrutinio segreto.", state.rules.secret_ballot_article
        )
    rule = majority_of(state.rules, deciding_subject(state, event.item, event.subject))
    if rule.by_roll_call and event.method != "roll_call":
        raise RuleBroken("Questa votazione si fa per appello nominale.", rule.article)
    if rule.method == "secret" and not is_secret:
        raise RuleBroken("Questa votazione si fa a scrutinio segreto.", rule.article)
    if event.method == "secret_papers" and state.mode != "in_person":
        remote = [m for m in event.entitled if state.presence[m].status == "remote"]
        if remote:
            raise RuleBroken(
                "Con componenti collegati da remoto il voto segreto non si fa con le schede: usa quello "
                "elettronico.",
                state.rules.remote_article,
            )
    if is_secret and event.method == "secret_papers" and not state.scrutineers:
        raise RuleBroken("Prima nomina gli scrutatori.", state.rules.secret_ballot_article)


def _check_order(state: State, event: e.BallotOpened) -> None:
    item = state.items[event.item]
    missing = opinions_missing(item, event.amendment)
    if missing and event.subject not in ("secret_sitting", "procedural", "immediate"):
        words = " e ".join("tecnico" if one == "technical" else "contabile" for one in missing)
        about = "sull'emendamento" if event.amendment else "sulla proposta"
        raise RuleBroken(
            f"Manca il parere {words} {about}: acquisiscilo, o motiva perché si procede senza.",
            "TUEL art. 49",
        )
    match event.subject:
        case "amendment":
            _check_amendment(state, item, event.amendment)
        case "immediate":
            if not was_approved(state, event.item):
                raise RuleBroken(
                    "L'immediata eseguibilità si vota dopo l'approvazione della proposta, a parte.",
                    "TUEL art. 134 c. 4",
                )
        case "secret_sitting" | "procedural":
            pass
        case _:
            _check_whole(state, item, event)


def _check_amendment(state: State, item: ItemState, amendment: str) -> None:
    waiting = pending_amendments(state, item)
    if amendment not in waiting:
        raise RuleBroken("L'emendamento non c'è, o è già votato o ritirato.", VOTING)
    if amendment != waiting[0]:
        title = item.amendments[waiting[0]].filed.title
        raise RuleBroken(f"Prima si vota l'emendamento «{title}».", "ordine degli emendamenti")


def _check_whole(state: State, item: ItemState, event: e.BallotOpened) -> None:
    if pending_amendments(state, item):
        raise RuleBroken(
            "Prima si votano gli emendamenti, poi la proposta.", "ordine degli emendamenti"
        )
    is_amended = any(one.fate == "approved" for one in item.amendments.values())
    if is_amended and event.subject == "proposal":
        raise RuleBroken(
            "Il testo è stato emendato: si vota la proposta come emendata.",
            "ordine degli emendamenti",
        )
    if event.subject == "as_amended" and not is_amended:
        raise RuleBroken("Nessun emendamento è stato approvato: si vota la proposta.", VOTING)
    if was_decided(state, event.item) and not event.repeats:
        raise RuleBroken(
            "Il punto è già stato votato: per ripetere indica quale votazione.", VOTING
        )


# --- voting -------------------------------------------------------------------------------


def open_ballot(state: State, ballot: str) -> Ballot:
    """Return the vote that is open; raises `RuleBroken` when this one is not."""
    found = state.ballots.get(ballot)
    if found is None:
        raise RuleBroken("Questa votazione non esiste.", VOTING)
    if found.stage != "open":
        raise RuleBroken("La votazione è chiusa: il voto non è più ammesso.", "votazione chiusa")
    return found


def check_vote(state: State, event: e.VoteCast, at: datetime) -> None:
    """Judge one open vote; raises `RuleBroken`."""
    ballot = open_ballot(state, event.ballot)
    if not ballot.is_individual:
        raise RuleBroken("In questa votazione il voto non si registra per persona.", VOTING)
    if event.choice not in CHOICES:
        raise RuleBroken("Scelta non ammessa.", VOTING)
    check_voter(state, ballot, event.member, at)
    if event.member in ballot.votes:
        name = state.members[event.member].name
        raise RuleBroken(f"{name} ha già votato.", "un voto a testa")


def check_voter(state: State, ballot: Ballot, member: str, at: datetime) -> None:
    """Judge whether this person may vote in it now: entitled, present, recognised if remote."""
    who = state.members.get(member)
    name = who.name if who else "Questa persona"
    if member not in ballot.entitled:
        raise RuleBroken(
            f"{name} non può votare: non era presente all'apertura della votazione, o deve astenersi.",
            "aventi diritto al voto",
        )
    if member in state.conflicted(ballot.item):
        raise RuleBroken(f"{name} si astiene per obbligo da questo voto.", "TUEL art. 78 c. 2")
    if member in ballot.gone or not state.is_here(member, at):
        raise RuleBroken(f"{name} ha lasciato la seduta: non può votare.", "presenza al voto")
    if state.presence[member].status == "remote":
        _check_remote(state, ballot, member, name)


def _check_remote(state: State, ballot: Ballot, member: str, name: str) -> None:
    rule = state.rules.remote
    if ballot.is_secret and not rule.allows_secret:
        raise RuleBroken(
            f"{name} è in collegamento: il regolamento non ammette il voto segreto da remoto.",
            rule.article,
        )
    if rule.checks_identity and member not in ballot.checked:
        raise RuleBroken(
            f"{name} è in collegamento: il segretario deve prima riconoscerlo per questo voto.",
            rule.article,
        )


def check_hands(state: State, event: e.HandsCounted, at: datetime) -> None:
    """Judge a count of hands; raises `RuleBroken`."""
    ballot = open_ballot(state, event.ballot)
    if ballot.method != "hands":
        raise RuleBroken("Questa votazione non è per alzata di mano.", VOTING)
    named = [*event.against, *event.abstained, *event.not_voting]
    _no_repeats(state, named)
    for member in named:
        check_voter(state, ballot, member, at)
    for member in ballot.entitled:  # who is in favour is not named, and must be recognised too
        if member not in ballot.gone and state.is_here(member, at):
            check_voter(state, ballot, member, at)


def check_secret_count(state: State, event: e.SecretCounted, at: datetime) -> None:
    """Judge the count of a secret ballot; raises `RuleBroken`."""
    ballot = open_ballot(state, event.ballot)
    if not ballot.is_secret:
        raise RuleBroken("Questa votazione non è segreta.", VOTING)
    if ballot.counted and ballot.method == "secret_electronic":
        raise RuleBroken("L'urna è già stata scrutinata: chiudi la votazione.", "scrutinio segreto")
    _no_repeats(state, event.took_part)
    for member in event.took_part:
        _check_took_part(state, ballot, member, at)
    _check_totals(ballot, event)


def _check_totals(ballot: Ballot, event: e.SecretCounted) -> None:
    allowed = (*ballot.choices, "blank", "null") if ballot.choices else SECRET_CHOICES
    names = [name for name, _ in event.totals]
    numbers = [count for _, count in event.totals]
    if len(set(names)) != len(names) or any(name not in allowed for name in names):
        raise RuleBroken("Il conteggio contiene una voce non ammessa o ripetuta.", VOTING)
    if any(type(count) is not int or count < 0 for count in numbers):
        raise RuleBroken("I numeri del conteggio devono essere interi e non negativi.", VOTING)
    if sum(numbers) != len(event.took_part):
        raise RuleBroken(
            f"Le schede sono {sum(numbers)} ma hanno votato in {len(event.took_part)}: ricontate.",
            "scrutinio segreto",
        )


def _check_took_part(state: State, ballot: Ballot, member: str, at: datetime) -> None:
    """Judge one voter of a secret ballot: who voted from a device may have left since."""
    if ballot.method == "secret_electronic" and member in ballot.entitled:
        return  # judged when the right to vote was given
    check_voter(state, ballot, member, at)


def check_closing(state: State, event: e.BallotClosed, at: datetime) -> None:
    """Judge whether the vote may be closed; raises `RuleBroken`."""
    ballot = open_ballot(state, event.ballot)
    if not ballot.is_individual and not ballot.counted:
        raise RuleBroken("Prima inserisci il conteggio.", VOTING)
    _check_quorum_held(state, ballot, at)
    if ballot.method == "roll_call":
        silent = [m for m in entitled_now(state, ballot, at) if m not in ballot.votes]
        if silent:
            names = ", ".join(state.members[m].name for m in silent[:3])
            raise RuleBroken(f"L'appello nominale non è finito: manca {names}.", VOTING)


def _check_quorum_held(state: State, ballot: Ballot, at: datetime) -> None:
    """Refuse a vote during which the quorum was lost; who voted and then left counts in it."""
    voted = {*ballot.votes, *ballot.took_part}
    present = {*counted(state, at, ballot.item), *voted}
    found = quorum_of(state, present)
    if not found.is_met:
        raise RuleBroken(
            f"Durante la votazione è mancato il numero legale: annullala. {found.formula}",
            found.article,
        )


def entitled_now(state: State, ballot: Ballot, at: datetime) -> tuple[str, ...]:
    """Return who may still vote in it or has voted."""
    return tuple(
        m
        for m in ballot.entitled
        if m in ballot.votes or (m not in ballot.gone and state.is_here(m, at))
    )


def _no_repeats(state: State, named: Iterable[str]) -> None:
    twice = [member for member, n in Counter(named).items() if n > 1]
    if twice:
        who = state.members.get(twice[0])
        raise RuleBroken(f"{who.name if who else twice[0]} compare due volte.", "un voto a testa")


# --- the result ---------------------------------------------------------------------------


def tally_of(ballot: Ballot) -> Tally:
    """Return the numbers of a vote, as they are now."""
    if ballot.is_secret:
        totals = ballot.totals
        silent = max(0, ballot.present - len(ballot.took_part))
        return Tally(
            present=ballot.present,
            favour=totals.get("favour", 0),
            against=totals.get("against", 0),
            blank=totals.get("blank", 0),
            null=totals.get("null", 0),
            not_voting=silent,
            is_secret=True,
        )
    found = Counter(ballot.votes.values())
    return Tally(
        present=ballot.present or len(ballot.votes),
        favour=found["favour"],
        against=found["against"],
        abstained=found["abstained"],
        not_voting=found["not_voting"],
    )


def proclamation(state: State, ballot: str) -> e.Proclaimed:
    """Return what the chair proclaims: the result, its formula in words and the article.

    Raises
    ------
    RuleBroken
        The vote does not exist, is not closed, or its numbers cannot be.
    """
    found = state.ballots.get(ballot)
    if found is None or found.stage != "closed":
        raise RuleBroken("Si proclama una votazione chiusa e non ancora proclamata.", VOTING)
    if found.choices:
        return _election(state, found)
    tally = tally_of(found)
    check_tally(tally)
    subject = deciding_subject(state, found.item, found.subject)
    result = outcome(state.rules, subject=subject, tally=tally)
    return e.Proclaimed(ballot, result.result, result.formula, result.article)


def _election(state: State, ballot: Ballot) -> e.Proclaimed:
    votes = {name: ballot.totals.get(name, 0) for name in ballot.choices}
    found = elect(
        state.rules,
        votes=votes,
        blank=ballot.totals.get("blank", 0),
        null=ballot.totals.get("null", 0),
        present=ballot.present,
        seats=ballot.seats,
        subject=deciding_subject(state, ballot.item, ballot.subject),
        taking_part=len(ballot.took_part),
    )
    result = "elected" if found.elected else "tie" if found.tied else "rejected"
    return e.Proclaimed(ballot.id, result, found.formula, found.article, tuple(found.elected))
