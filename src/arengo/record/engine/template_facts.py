"""What a template may say: the facts of an account and of its document, by their Italian names.

`NAMES`, `VOTE`, `PART`, `SPEECH` and `ACT` say what each name means; the reference and the page are
written from them, and a test holds them to what is really given.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from arengo.council.engine import events as e
from arengo.council.engine.board import HIDDEN_TITLE
from arengo.council.engine.record.account import Account, public_item
from arengo.council.engine.record.document import (
    Block,
    Document,
    Paragraph,
    Section,
    Speech,
    VoteBlock,
)
from arengo.council.engine.record.italian import call, day, day_in_words, hour_in_words
from arengo.council.engine.record.minutes import MODES, agenda
from arengo.council.engine.record.people import bare, named
from arengo.council.engine.record.votes import checked_words, group_words, on_what, what_is_voted
from arengo.council.engine.telling import METHOD
from arengo.council.engine.telling import SPEECH as SPEECH_TYPES
from arengo.record.engine.template_running import Blocks, Fact, Part

ALONG = ("verbale", "separate_part", "resoconto_integrale", "resoconto_sommario")
FIXED: Mapping[str, Mapping[str, tuple[str, str]]] = {  # kind -> part -> place, title
    "delibera": {
        "presenze": ("attendance", "Presenze alla votazione"),
        "pareri": ("opinions", "Pareri e adempimenti"),
        "proposta": ("proposal", "Proposta"),
        "votazioni": ("votes", "Votazioni"),
        "decisione": ("deliberation", "Il Consiglio comunale"),
    },
    "attendance": {
        "tempi": ("attendance", "Tempi di presenza"),
        "appelli": ("roll_call", "Appelli"),
    },
    "votes": {"votazioni": ("votes", "Votazioni")},
}
ENDS = {"apertura": ("preamble", "Apertura"), "firme": ("signatures", "Firme")}
WORDED = ("titolo", "intestazione")  # blocks that are no part of the text
TURNS = {"item": "punto", "roll_call": "appello", "closing": "chiusura", "secret": "segreta"}
MOMENTS = {
    "seduta_aperta": e.SittingOpened,
    "seduta_sospesa": e.SittingSuspended,
    "seduta_ripresa": e.SittingResumed,
    "seduta_chiusa": e.SittingEnded,
}

NAMES = {
    "comune": "il nome del Comune: «Pero»",
    "titolo_arengo": "il titolo che Arengo dà al documento",
    "data": "il giorno della seduta: «23 novembre 2026»",
    "giorno_in_lettere": "«L'anno duemilaventisei, il giorno ventitré del mese di novembre»",
    "ora_in_lettere": "l'ora d'apertura: «ore ventuno e minuti cinque»",
    "luogo": "dove ci si riunisce; vuoto se non è scritto",
    "tipo": "«ordinaria», «straordinaria»; vuoto se non è scritto",
    "convocazione": "«prima», «seconda»",
    "modalita": "«in presenza», «da remoto», «in forma mista, …»",
    "iniziata": "vero quando la seduta è stata aperta",
    "avviso": "il giorno dell'avviso di convocazione; vuoto se non è scritto",
    "prevista_il": "il giorno per cui era convocata",
    "prevista_alle": "l'ora per cui era convocata: «20:30»",
    "presiede": "chi presiede all'inizio, con la carica; vuoto se nessuno",
    "segretario": "chi verbalizza all'inizio; vuoto se nessuno",
    "firma_presidenza": "il nome di chi presiedeva alla fine",
    "firma_segretario": "il nome di chi verbalizzava alla fine",
    "ordine_del_giorno": "la tabella dei punti",
    "punti": "elenco dei punti: di ciascuno «numero» e «argomento»",
    "oggetto": "l'argomento della deliberazione; vuoto negli altri documenti",
    "numero": "il numero della deliberazione; vuoto se non è dato",
    "dimostrazione": "vero se la seduta è dimostrativa",
}
PARTS = {
    "svolgimento": "elenco delle parti della seduta, nel loro ordine",
    "presenze": "chi c'era alla votazione",
    "pareri": "pareri, emendamenti e astensioni obbligatorie",
    "proposta": "il testo della proposta e i suoi allegati",
    "votazioni": "le votazioni",
    "decisione": "ciò che il Consiglio delibera",
    "tempi": "da quando a quando ciascuno è stato presente",
    "appelli": "gli appelli della seduta",
}
PART = {
    "contenuto": "tutto ciò che la parte contiene, così come i fatti lo danno",
    "titolo": "il titolo che Arengo le dà",
    "numero": "il numero del punto; vuoto nelle altre",
    "genere": "«punto», «appello», «chiusura», «segreta», «lavori» o «atto»",
}
VOTE = {
    "ora": "l'ora in cui si apre: «21:40»",
    "ripetuta": "vero se ripete un'altra votazione",
    "modo": "come si vota: «per alzata di mano»",
    "cosa": "che cosa si vota: «la proposta»",
    "sulla_cosa": "lo stesso con la preposizione: «sulla proposta»",
    "titolo": "il titolo della proposta; vuoto per emendamenti e punti segreti",
    "annullata": "vero se è stata annullata",
    "motivo": "perché è stata annullata; vuoto se non è scritto",
    "conclusa": "vero se è stata chiusa",
    "proclamata": "vero se l'esito è proclamato",
    "identificati": "chi è stato identificato in collegamento; vuoto se nessuno",
    "presenti": "quanti con diritto di voto erano presenti",
    "votanti": "quanti hanno votato",
    "gruppi": "elenco di favorevoli, contrari, …: di ciascuno «parole», «numero», «nomi», «conta»",
    "elenco_gruppi": "gli stessi in una frase: «favorevoli 9; contrari 2 (Rossi e Verdi)»",
    "silenti": "in una votazione segreta, quanti non hanno preso parte",
    "segreta": "vero se la votazione è segreta",
    "esito": "«la proposta è approvata»",
    "ora_proclamazione": "l'ora della proclamazione; vuoto se non c'è",
    "formula": "come è calcolata la maggioranza; vuoto se non c'è",
    "articolo": "l'articolo che la vuole",
}
SPEECH = {
    "chi": "il nome con la carica: «la consigliera Lucia Brambilla»",
    "nome": "il nome solo",
    "genere": "«replica», «dichiarazione di voto»; vuoto per un intervento",
    "titolo": "le parole di Arengo: «Interviene la consigliera Lucia Brambilla»",
}
ACT = {"ora": "l'ora", "testo": "la frase di Arengo"}


def names_of(account: Account, document: Document) -> dict[str, Any]:
    """Return every name that a template of this document may use; `parti` are for its blocks."""
    found = _opening(account) | _closing(account) | _subject(account, document)
    found |= {one: Fact(value) for one, value in (("titolo_arengo", document.title),)}
    if document.kind in ALONG:
        found["svolgimento"] = tuple(_part(one) for one in _middle(document))
    for name, (place, title) in FIXED.get(document.kind, {}).items():
        found[name] = _part(_of_place(document, place) or Section(_place(place), title, (), ()))
    return found | {"parti": parts_of(account, document)}


def known_names(kind: str) -> dict[str, str]:
    """Return the names of a kind of document with what they mean, for people."""
    parts = ["svolgimento"] if kind in ALONG else [*FIXED.get(kind, {})]
    return NAMES | {one: PARTS[one] for one in parts}


def parts_of(account: Account, document: Document) -> dict[str, Section | None]:
    """Return the parts that a template may write as blocks, each with the section it becomes."""
    seq = (account.constituted.seq,)
    found: dict[str, Section | None] = dict.fromkeys(WORDED)
    for name, (place, title) in (ENDS | dict(FIXED.get(document.kind, {}))).items():
        known = _of_place(document, place)
        found[name] = known or Section(_place(place), title, (), seq)
    return found


def _place(name: str) -> Any:
    return name


def _of_place(document: Document, place: str) -> Section | None:
    return next((one for one in document.sections if one.kind == place), None)


def _middle(document: Document) -> Iterable[Section]:
    ends = [place for place, _ in ENDS.values()]
    return (one for one in document.sections if one.kind not in ends)


def _part(section: Section) -> Part:
    genre = "lavori" if section.kind == "general" else TURNS.get(section.kind, "atto")
    fields: dict[str, Fact | Blocks] = {
        "contenuto": Blocks(section.blocks),
        "titolo": Fact(section.title, section.seqs),
        "numero": Fact(section.number, section.seqs),
        "genere": Fact(genre),
    }
    return Part(section, fields)


def _opening(account: Account) -> dict[str, Any]:
    facts, start, seqs = account.facts, account.constituted.after, (account.constituted.seq,)
    scheduled = account.local(facts.scheduled_at)
    at = account.local(account.opened_at or facts.scheduled_at)
    plain: dict[str, str | bool] = {
        "comune": facts.comune,
        "data": day(account.date),
        "giorno_in_lettere": day_in_words(account.date),
        "ora_in_lettere": hour_in_words(at),
        "luogo": facts.place,
        "tipo": facts.session,
        "convocazione": call(start.call),
        "modalita": MODES.get(start.mode, start.mode),
        "iniziata": account.opened_at is not None,
        "avviso": day(facts.notice_date) if facts.notice_date else "",
        "prevista_il": day(scheduled.date()),
        "prevista_alle": f"{scheduled:%H:%M}",
        "presiede": named(start, start.chair) if start.chair else "",
        "segretario": start.secretary,
        "dimostrazione": facts.is_demo,
    }
    return {name: Fact(value, seqs) for name, value in plain.items()}


def _closing(account: Account) -> dict[str, Any]:
    state, seqs = account.end, (account.moments[-1].seq,)
    items = [public_item(one.item) for one in account.constituted.after.items.values()]
    first = (account.constituted.seq,)
    return {
        "firma_presidenza": Fact(bare(state, state.chair) if state.chair else "", seqs),
        "firma_segretario": Fact(state.secretary, seqs),
        "ordine_del_giorno": Blocks((agenda(account),)),
        "punti": tuple(
            {"numero": Fact(one.number, first), "argomento": Fact(one.title, first)}
            for one in items
        ),
    }


def _subject(account: Account, document: Document) -> dict[str, Any]:
    item = account.end.items.get(document.item) if document.item else None
    seqs = (account.constituted.seq,)
    number = str(document.number) if document.number else ""
    return {
        "oggetto": Fact(item.item.title if item else "", seqs),
        "numero": Fact(number, seqs),
    }


# --- of one vote, one speech, one act ---------------------------------------------------------


def vote_facts(account: Account, block: VoteBlock) -> dict[str, Any]:
    """Return what the formula of a vote may say: nothing that its block does not."""
    ballot = account.end.ballots[block.ballot]
    what, _ = what_is_voted(account.end, ballot)
    silent = ballot.present - len(ballot.took_part) if ballot.is_secret else 0
    hides = block.title == HIDDEN_TITLE or bool(ballot.amendment)
    proclaimed = account.hour(block.proclaimed_at) if block.proclaimed_at else ""
    plain: dict[str, str | int | bool] = {
        "ora": account.hour(block.opened_at),
        "ripetuta": bool(ballot.repeats),
        "modo": METHOD.get(block.method, block.method),
        "cosa": what,
        "sulla_cosa": on_what(what),
        "titolo": "" if hides else block.title,
        "annullata": block.stage == "voided",
        "motivo": ballot.voided.strip().rstrip("."),
        "conclusa": block.stage != "open",
        "proclamata": block.stage == "proclaimed",
        "identificati": checked_words(account.end, ballot) if ballot.checked else "",
        "presenti": block.present,
        "votanti": block.voters,
        "elenco_gruppi": "; ".join(group_words(account.end, ballot)),
        "silenti": max(0, silent),
        "segreta": block.is_secret,
        "esito": block.result_words,
        "ora_proclamazione": proclaimed,
        "formula": block.formula,
        "articolo": block.article,
    }
    groups = tuple(_group(account, one, block.seqs) for one in block.groups)
    return {name: Fact(value, block.seqs) for name, value in plain.items()} | {"gruppi": groups}


def _group(account: Account, group: Any, seqs: tuple[int, ...]) -> dict[str, Any]:
    names = tuple(Fact(bare(account.end, one), seqs) for one in group.members)
    counts = bool(group.count) or group.choice in ("favour", "against")
    return {
        "parole": Fact(group.words, seqs),
        "numero": Fact(group.count, seqs),
        "nomi": names,
        "conta": Fact(counts),
    }


def speech_facts(account: Account, block: Speech) -> dict[str, Any]:
    """Return what the title of a speech may say."""
    who = named(account.end, block.by) if block.by else block.name
    genre = "" if block.type == "intervention" else SPEECH_TYPES.get(block.type, "")
    plain = {"chi": who, "nome": block.name, "genere": genre, "titolo": block.title}
    return {name: Fact(value, block.seqs) for name, value in plain.items()}


def act_of(account: Account, block: Block) -> str:
    """Return which formula may word a paragraph, empty for none."""
    if not isinstance(block, Paragraph) or block.kind != "narrative" or len(block.seqs) != 1:
        return ""
    moment = account.by_seq.get(block.seqs[0])
    kinds = MOMENTS.items()
    return next((name for name, kind in kinds if moment and isinstance(moment.event, kind)), "")


def act_facts(account: Account, block: Paragraph) -> dict[str, Any]:
    """Return what the formula of an act may say."""
    at = account.by_seq[block.seqs[0]].at
    return {"ora": Fact(account.hour(at), block.seqs), "testo": Fact(block.text, block.seqs)}
