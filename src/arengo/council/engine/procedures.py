"""How each type of item goes through the chamber: its stages, who speaks in them, whether it is voted.

Stages are those of `events.StageOpened`, speeches the kinds of the rule profile. What the
Comune's regulation may say otherwise is marked «da verificare» in `article`.
"""

from __future__ import annotations

from dataclasses import dataclass

REGULATION = "regolamento del Consiglio (da verificare)"
ART_43 = "TUEL art. 43 c. 1"
ART_43_3 = "TUEL art. 43 c. 3"
ART_49 = "TUEL art. 49 c. 1"


@dataclass(frozen=True, slots=True)
class Step:
    """A stage of an item, and which kinds of speech it admits."""

    stage: str  # "presentation", "discussion", "replies", "declarations", "vote"
    title: str
    speeches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Procedure:
    """How a type of item is treated.

    `subject` is the usual majority (rule profile). `needs_opinions`: it becomes a delibera that
    is not a mere direction, so that TUEL art. 49 wants opinions. `answer_within_days` is 0 for
    what needs no answer. `explains` tells the clerk, in Italian.
    """

    type: str
    steps: tuple[Step, ...]
    is_voted: bool
    subject: str
    explains: str
    article: str
    needs_opinions: bool = False
    is_secret_ballot: bool = False
    answer_within_days: int = 0


ORDER = ("point_of_order", "personal")
PRESENTED = Step("presentation", "Illustrazione", ("presentation", *ORDER))
DISCUSSED = Step("discussion", "Discussione", ("intervention", "second_intervention", *ORDER))
REPLIED = Step("replies", "Replica", ("reply", *ORDER))
DECLARED = Step("declarations", "Dichiarazioni di voto", ("declaration", *ORDER))
VOTED = Step("vote", "Votazione", ("point_of_order",))
DEBATE = (PRESENTED, DISCUSSED, REPLIED, DECLARED, VOTED)
ASKED = (
    Step("presentation", "Illustrazione della domanda", ("question", "point_of_order")),
    Step("replies", "Risposta e replica", ("answer", "rejoinder", "point_of_order")),
)

PROCEDURES = (
    Procedure(
        "proposal",
        DEBATE,
        is_voted=True,
        subject="proposal",
        needs_opinions=True,
        article=ART_49,
        explains="Si illustra, si discute, si vota. Serve il parere di regolarità tecnica; anche "
        "quello contabile se incide sulla spesa o sul patrimonio. Se è un mero atto di indirizzo, "
        "scegli «Mozione» o «Ordine del giorno».",
    ),
    Procedure(
        "communication",
        (PRESENTED, Step("discussion", "Interventi", ("intervention", "point_of_order"))),
        is_voted=False,
        subject="",
        article=REGULATION,
        explains="Il presidente o il sindaco informa il Consiglio. Non si vota.",
    ),
    Procedure(
        "minutes",
        (PRESENTED, Step("discussion", "Rettifiche", ("intervention", "point_of_order")), VOTED),
        is_voted=True,
        subject="proposal",
        article=REGULATION,
        explains="Si approvano i verbali della seduta precedente; chi era presente può chiedere "
        "rettifiche. L’approvazione certifica, non decide di nuovo.",
    ),
    Procedure(
        "question",
        ASKED,
        is_voted=False,
        subject="",
        article=ART_43_3,
        answer_within_days=30,
        explains="Un consigliere chiede, il sindaco o l’assessore delegato risponde entro trenta "
        "giorni, chi ha chiesto replica se è soddisfatto. Non si discute e non si vota.",
    ),
    Procedure(
        "interpellation",
        ASKED,
        is_voted=False,
        subject="",
        article=ART_43_3,
        answer_within_days=30,
        explains="Un consigliere chiede i motivi o gli intendimenti dell’amministrazione; risposta "
        "entro trenta giorni e replica. Non si vota.",
    ),
    Procedure(
        "motion",
        DEBATE,
        is_voted=True,
        subject="motion",
        article=ART_43,
        explains="Un consigliere propone un indirizzo o un giudizio: si discute e si vota. Come "
        "mero atto di indirizzo non vuole pareri.",
    ),
    Procedure(
        "order_of_day",
        DEBATE,
        is_voted=True,
        subject="motion",
        article=REGULATION,
        explains="Un indirizzo, spesso collegato a una proposta: si discute e si vota. Non vuole "
        "pareri.",
    ),
    Procedure(
        "election",
        (PRESENTED, DISCUSSED, VOTED),
        is_voted=True,
        subject="election",
        needs_opinions=True,
        is_secret_ballot=True,
        article=REGULATION,
        explains="Si nomina o si elegge una persona: di regola a scrutinio segreto, con gli "
        "scrutatori.",
    ),
    Procedure(
        "substitution",
        (PRESENTED, DISCUSSED, VOTED),
        is_voted=True,
        subject="proposal",
        needs_opinions=True,
        article="TUEL artt. 38 c. 8 e 45",
        explains="Un consigliere cessato viene sostituito: chi subentra siede e vota subito dopo. "
        "Per le dimissioni la surroga va fatta entro dieci giorni.",
    ),
)
BY_TYPE = {procedure.type: procedure for procedure in PROCEDURES}


def procedure_of(type_: str) -> Procedure:
    """Return how a type of item is treated.

    Raises
    ------
    KeyError
        There is no such type.
    """
    return BY_TYPE[type_]


def opinions_due(type_: str, *, affects_spending: bool) -> tuple[str, ...]:
    """Return the opinions that an item wants before its vote: "technical", "accounting"."""
    # law: TUEL art. 49 c. 1: technical on each proposal that is not a mere direction;
    # accounting when it has effects on the budget or on the assets
    if not procedure_of(type_).needs_opinions:
        return ()
    return ("technical", "accounting") if affects_spending else ("technical",)
