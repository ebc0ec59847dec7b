"""The head of an Akoma Ntoso record: identification, analysis of quorum and votes, people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from lxml import etree

from arengo.council.engine.record.account import Account
from arengo.council.engine.record.cleaning import clean
from arengo.council.engine.record.document import Attendance, Document, Speech, VoteBlock, nodes
from arengo.council.engine.record.schema import AKN

SOURCE = "#arengo"
COUNCIL = "#consiglio"
UNKNOWN = "ignoto-1"
CONCEPTS = {
    "favour": ("favorevole", "Favorevole"),
    "against": ("contrario", "Contrario"),
    "abstained": ("astenuto", "Astenuto"),
    "not_voting": ("non-votante", "Presente non votante"),
    "blank": ("scheda-bianca", "Scheda bianca"),
    "null": ("scheda-nulla", "Scheda nulla"),
    "approved": ("approvato", "Approvato"),
    "rejected": ("non-approvato", "Non approvato"),
    "tie": ("parita", "Parità di voti"),
    "elected": ("eletto", "Eletto"),
    "quorum_met": ("numero-legale-presente", "Numero legale presente"),
    "quorum_missed": ("numero-legale-assente", "Numero legale assente"),
}
ROLES = {
    "chair": "Presidenza",
    "member": "Componente del Consiglio",
    "secretary": "Segretario verbalizzante",
    "guest": "Ospite",
    "unknown": "Voce non identificata",
}
SUBTYPES = {
    "verbale": "verbale",
    "separate_part": "verbale-parte-separata",
    "resoconto_integrale": "resoconto-integrale",
    "resoconto_sommario": "resoconto-sommario",
}


def concept(name: str) -> str:
    """Return the reference of a choice or an outcome; a name voted for is "#nome"."""
    return f"#{CONCEPTS[name][0]}" if name in CONCEPTS else "#nome"


@dataclass(frozen=True, slots=True)
class People:
    """The people of a document: members and guests, each with an id made of its place."""

    ids: dict[tuple[str, str], str]  # (member, "") or ("", name) -> id
    names: dict[str, tuple[str, str]]  # id -> address in the ontology, name

    def ref(self, member: str, name: str = "") -> str:
        """Return the reference of a member, or of a guest by name."""
        key = (member, "") if member else ("", name)
        return f"#{self.ids.get(key, UNKNOWN)}"


def people_of(account: Account, document: Document) -> People:
    """Return everyone whom a document may name; unknown voices are one person, `ignoto-1`."""
    ids: dict[tuple[str, str], str] = {}
    names = {UNKNOWN: (f"/ontology/person/it/{UNKNOWN}", ROLES["unknown"])}
    for n, member in enumerate(account.end.members.values(), start=1):
        ids[member.id, ""] = f"persona-{n}"
        where = f"/ontology/person/it/{_slug(account.facts.istat)}/{_slug(member.id)}"
        names[f"persona-{n}"] = (where, member.name)
    for n, name in enumerate(_guests(document), start=1):
        ids["", name] = f"ospite-{n}"
        names[f"ospite-{n}"] = (f"/ontology/person/it/ospite-{n}", name)
    return People(ids, names)


def _guests(document: Document) -> list[str]:
    found = [
        one.name
        for one in nodes(document)
        if isinstance(one, Speech) and not one.by and one.role != "unknown"
    ]
    return list(dict.fromkeys(found))


def _slug(text: str) -> str:
    return quote(clean(text), safe="") or "_"


def _sub(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    made = etree.SubElement(parent, f"{{{AKN}}}{tag}")
    for name, value in attributes.items():
        made.set(name.rstrip("_"), clean(value))
    return made


def meta(
    account: Account,
    document: Document,
    people: People,
    votes: Sequence[tuple[str, VoteBlock]],
    rolls: Sequence[tuple[str, Attendance]],
) -> etree._Element:
    """Return the `meta` of a document; `votes` and `rolls` come with the id where they stand."""
    made = etree.Element(f"{{{AKN}}}meta")
    _identification(_sub(made, "identification", source=SOURCE), account, document)
    if votes or rolls:
        analysis = _sub(_sub(made, "analysis", source=SOURCE), "parliamentary")
        for number, (place, roll) in enumerate(rolls, start=1):
            _quorum(analysis, number, place, roll)
        for number, (eid, vote) in enumerate(votes, start=1):
            _voting(analysis, account, number, eid, vote)
    _references(_sub(made, "references", source=SOURCE), account, people)
    return made


def work_uri(account: Account, document: Document) -> str:
    """Return the address of the work: kind, Comune, day and hour for which it was convened."""
    at = account.local(account.facts.scheduled_at)
    istat = _slug(account.facts.istat)
    return f"/akn/it/debate/{SUBTYPES[document.kind]}/{istat}/{account.date}/{at:%H%M}"


def _identification(made: etree._Element, account: Account, document: Document) -> None:
    work, held = work_uri(account, document), account.date
    drawn = account.local(account.end.at).date() if account.end.at else held
    expression = f"{work}/ita@{drawn}"
    first = _level(made, "FRBRWork", work, held, "seduta")
    _sub(first, "FRBRcountry", value="it")
    _sub(first, "FRBRsubtype", value=SUBTYPES[document.kind])
    _sub(first, "FRBRname", value=document.title)
    _sub(first, "FRBRauthoritative", value="false")
    second = _level(made, "FRBRExpression", expression, drawn, "bozza")
    _sub(second, "FRBRlanguage", language="ita")
    _level(made, "FRBRManifestation", f"{expression}.xml", drawn, "esportazione")


def _level(parent: etree._Element, tag: str, uri: str, on: date, name: str) -> etree._Element:
    made = _sub(parent, tag)
    _sub(made, "FRBRthis", value=f"{uri}/!main" if tag != "FRBRManifestation" else uri)
    _sub(made, "FRBRuri", value=uri)
    _sub(made, "FRBRdate", date=on.isoformat(), name=name)
    _sub(made, "FRBRauthor", href=COUNCIL, as_="#author")
    return made


def _quorum(parent: etree._Element, number: int, place: str, roll: Attendance) -> None:
    outcome = concept("quorum_met" if roll.is_met else "quorum_missed")
    eid = f"verifica_{number}"
    made = _sub(parent, "quorumVerification", eId=eid, outcome=outcome, href=f"#{place}")
    _sub(made, "quorum", eId=f"{eid}__quorum", value=str(roll.needed))
    _sub(made, "count", eId=f"{eid}__presenti", value=str(roll.counted))


def _voting(
    parent: etree._Element, account: Account, number: int, place: str, vote: VoteBlock
) -> None:
    """Write a vote; one that repeats another is a `recount`."""
    tag = "recount" if account.end.ballots[vote.ballot].repeats else "voting"
    eid = f"voto_{number}"
    made = _sub(parent, tag, eId=eid, outcome=concept(vote.result), href=f"#{place}")
    _sub(made, "quorum", eId=f"{eid}__presenti", value=str(vote.present))
    for n, group in enumerate(vote.groups, start=1):
        refers = concept(group.choice)
        _sub(made, "count", eId=f"{eid}__conta_{n}", value=str(group.count), refersTo=refers)


def _references(made: etree._Element, account: Account, people: People) -> None:
    for tag, eid, href, shown in _referred(account, people):
        _sub(made, tag, eId=eid, href=href, showAs=shown or "_")


def _referred(account: Account, people: People) -> Iterator[tuple[str, str, str, str]]:
    council = f"Consiglio comunale di {account.facts.comune}"
    where = f"/ontology/organization/it/{_slug(account.facts.istat)}"
    yield "TLCOrganization", "consiglio", f"{where}/consiglio", council
    yield "TLCOrganization", "arengo", "/ontology/organization/it/arengo", "Arengo"
    for eid, (href, name) in people.names.items():
        yield "TLCPerson", eid, href, name
    yield "TLCRole", "author", "/ontology/role/it/autore", "Autore"
    for role, words in ROLES.items():
        yield "TLCRole", role, f"/ontology/role/it/{role}", words
    for eid, words in (*CONCEPTS.values(), ("nome", "Voti a un nome")):
        yield "TLCConcept", eid, f"/ontology/concept/it/{eid}", words
