"""A vote as the record tells it: how it was held, names or totals, formula, article, result.

Of a secret ballot there are totals only: the journal holds nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator

from arengo.council.engine.ballots import tally_of
from arengo.council.engine.board import HIDDEN_TITLE
from arengo.council.engine.record.account import Account, is_secret_item
from arengo.council.engine.record.document import Paragraph, VoteBlock, VoteGroup
from arengo.council.engine.record.italian import because, sentence
from arengo.council.engine.record.people import Forms, agreed, gender, listed
from arengo.council.engine.rules import voters
from arengo.council.engine.state import Ballot, State
from arengo.council.engine.telling import METHOD
from arengo.council.engine.words import counted

OPEN_CHOICES = ("favour", "against", "abstained", "not_voting")
FORMS: dict[str, Forms] = {
    "favour": ("favorevole", "favorevole", "favorevoli", "favorevoli"),
    "against": ("contrario", "contraria", "contrari", "contrarie"),
    "abstained": ("astenuto", "astenuta", "astenuti", "astenute"),
    "not_voting": (
        "presente non votante",
        "presente non votante",
        "presenti non votanti",
        "presenti non votanti",
    ),
}
SECRET_WORDS = {
    "favour": "voti favorevoli",
    "against": "voti contrari",
    "blank": "schede bianche",
    "null": "schede nulle",
}
OBJECTS = {  # subject -> what is voted, and the ending that agrees with it
    "as_amended": ("la proposta come emendata", "a"),
    "immediate": ("l'immediata eseguibilità", "a"),
    "secret_sitting": ("il passaggio alla seduta segreta", "o"),
    "procedural": ("la questione procedurale", "a"),
    "motion": ("la mozione", "a"),
}
ITEM_OBJECTS = {"order_of_day": ("l'ordine del giorno", "o"), "minutes": ("il verbale", "o")}
RESULTS = {
    "approved": "{what} è approvat{end}",
    "rejected": "{what} non è approvat{end}",
    "tie": "a parità di voti {what} non è approvat{end}",
}
IMMEDIATE = "la deliberazione è dichiarata immediatamente eseguibile (art. 134, comma 4, del TUEL)"


def vote_block(account: Account, ballot: str, *, is_public: bool) -> VoteBlock:
    """Return a vote as it ended; `is_public` leaves out the title of a secret item."""
    state, found = account.end, account.end.ballots[ballot]
    seqs = account.seqs_of_ballots[ballot]
    return VoteBlock(
        ballot=ballot,
        item=found.item,
        amendment=found.amendment,
        subject=found.subject,
        title=_title(state, found, is_public=is_public),
        method=found.method,
        stage=found.stage,
        present=found.present,
        voters=_voters(state, found),
        groups=tuple(_groups(state, found)),
        result=found.result if found.stage == "proclaimed" else "",
        result_words=result_words(state, found),
        formula=found.formula,
        article=found.article,
        elected=found.elected,
        opened_at=found.opened_at,
        proclaimed_at=found.proclaimed_at,
        is_secret=found.is_secret,
        text=tuple(_told(account, found, seqs, is_public=is_public)),
        seqs=seqs,
    )


def _title(state: State, ballot: Ballot, *, is_public: bool) -> str:
    hides = is_public and is_secret_item(state, ballot.item)
    return HIDDEN_TITLE if hides else ballot.title


def _voters(state: State, ballot: Ballot) -> int:
    if ballot.choices:
        return sum(ballot.totals.values())
    return voters(state.rules, tally_of(ballot))


def _groups(state: State, ballot: Ballot) -> Iterator[VoteGroup]:
    if ballot.is_secret:
        for name in ballot.choices or ("favour", "against"):
            yield VoteGroup(name, SECRET_WORDS.get(name, name), ballot.totals.get(name, 0))
        for name in ("blank", "null"):
            yield VoteGroup(name, SECRET_WORDS[name], ballot.totals.get(name, 0))
        return
    for choice in OPEN_CHOICES:
        who = tuple(member for member in state.members if ballot.votes.get(member) == choice)
        yield VoteGroup(choice, agreed(state, who, FORMS[choice]), len(who), who)


def what_is_voted(state: State, ballot: Ballot) -> tuple[str, str]:
    """Return what a vote is on, with its article, and the ending that agrees with it."""
    if ballot.amendment:
        return f"l'emendamento «{_amendment(state, ballot)}»", "o"
    item = state.items.get(ballot.item)
    by_item = ITEM_OBJECTS.get(item.item.type) if item else None
    if by_item and ballot.subject not in ("immediate", "secret_sitting", "procedural"):
        return by_item
    return OBJECTS.get(ballot.subject, ("la proposta", "a"))


def _amendment(state: State, ballot: Ballot) -> str:
    item = state.items.get(ballot.item)
    found = item.amendments.get(ballot.amendment) if item else None
    return found.filed.title if found else ballot.amendment


def result_words(state: State, ballot: Ballot) -> str:
    """Return what a vote amounts to, in words: «la proposta è approvata»."""
    if ballot.stage == "voided":
        return "la votazione è annullata"
    if ballot.stage != "proclaimed":
        return "la votazione non risulta conclusa"
    if ballot.result == "elected":
        return f"il Consiglio elegge {listed(state, ballot.elected)}"
    if ballot.result == "approved" and ballot.subject == "immediate":
        return IMMEDIATE
    if ballot.choices:
        return "nessuno risulta elett" + _elected_ending(state)
    what, end = what_is_voted(state, ballot)
    return RESULTS.get(ballot.result, "{what}: esito non previsto").format(what=what, end=end)


def _elected_ending(state: State) -> str:
    return "a" if all(gender(m.office) == "f" for m in state.members.values()) else "o"


# --- in sentences -------------------------------------------------------------------------


def _told(
    account: Account, ballot: Ballot, seqs: tuple[int, ...], *, is_public: bool
) -> Iterator[Paragraph]:
    def tell(text: str) -> Paragraph:
        return Paragraph(sentence(text), seqs, at=ballot.opened_at)

    hidden = is_public and is_secret_item(account.end, ballot.item)
    yield tell(_opening(account, ballot, is_hidden=hidden))
    if ballot.stage == "voided":
        yield tell(f"La votazione è annullata{because(ballot.voided)}")
        return
    if ballot.stage == "open":
        yield tell("La votazione non risulta conclusa")
        return
    if ballot.checked:
        yield tell(f"Identità accertata, in collegamento, di {checked_words(account.end, ballot)}")
    yield tell(_numbers(account.end, ballot))
    if ballot.stage == "proclaimed":
        yield tell(_proclaimed(account, ballot))
    else:
        yield tell("La votazione è chiusa; l'esito non risulta proclamato")


def checked_words(state: State, ballot: Ballot) -> str:
    """Return the names of those who were identified from afar."""
    return listed(state, [one for one in state.members if one in ballot.checked])


def _opening(account: Account, ballot: Ballot, *, is_hidden: bool) -> str:
    what, _ = what_is_voted(account.end, ballot)
    method = METHOD.get(ballot.method, ballot.method)
    repeats = "ripete la votazione" if ballot.repeats else "procede alla votazione"
    title = "" if is_hidden or ballot.amendment or not ballot.title else f" «{ballot.title}»"
    when = account.hour(ballot.opened_at)
    return f"Alle ore {when} si {repeats}, {method}, {on_what(what)}{title}"


def on_what(what: str) -> str:
    """Return «sulla proposta», «sul verbale», «sull'emendamento»."""
    for article, joint in (("la ", "sulla "), ("il ", "sul "), ("l'", "sull'")):
        if what.startswith(article):
            return joint + what.removeprefix(article)
    return f"su {what}"


def _numbers(state: State, ballot: Ballot) -> str:
    groups = "; ".join(group_words(state, ballot))
    head = counted(ballot.present, "presente con diritto di voto", "presenti con diritto di voto")
    return f"Risultano {head}, {counted(_voters(state, ballot), 'votante', 'votanti')}: {groups}"


def group_words(state: State, ballot: Ballot) -> Iterator[str]:
    """Say each group: names of those against, abstained and not voting, and of all by roll call."""
    for group in _groups(state, ballot):
        if not group.count and group.choice not in ("favour", "against"):
            continue
        names = f" ({listed(state, group.members)})" if group.members else ""
        yield f"{group.words} {group.count}{names}"
    silent = ballot.present - len(ballot.took_part)
    if ballot.is_secret and silent > 0:
        yield f"non hanno preso parte {silent}"


def _proclaimed(account: Account, ballot: Ballot) -> str:
    when = f" alle ore {account.hour(ballot.proclaimed_at)}" if ballot.proclaimed_at else ""
    result = result_words(account.end, ballot)
    formula = f" [{ballot.formula}; {ballot.article}]" if ballot.formula else ""
    return f"La Presidenza proclama l'esito{when}: {result}{formula}"
