"""The journal in words: one Italian sentence an event, as a clerk would note it."""

from __future__ import annotations

from arengo.council.engine import events as e
from arengo.council.engine.state import State

STATUS = {
    "present": "presente",
    "remote": "presente da remoto",
    "absent": "assente",
    "justified": "assente giustificato",
    "mission": "in missione",
}
SPEECH = {
    "presentation": "relazione",
    "intervention": "intervento",
    "second_intervention": "secondo intervento",
    "reply": "replica",
    "declaration": "dichiarazione di voto",
    "point_of_order": "mozione d'ordine",
    "personal": "fatto personale",
    "question": "illustrazione dell'interrogazione",
    "answer": "risposta",
    "rejoinder": "replica dell'interrogante",
    "other": "comunicazione",
}
CHOICE = {
    "favour": "favorevole",
    "against": "contrario",
    "abstained": "astenuto",
    "not_voting": "presente non votante",
}
RESULT = {
    "approved": "approvato",
    "rejected": "non approvato",
    "tie": "parità",
    "elected": "eletto",
}
ITEM_RESULT = {
    "decided": "deciso",
    "discussed": "discusso",
    "deferred": "rinviato",
    "withdrawn": "ritirato",
    "answered": "risposta data",
}
STAGE = {
    "presentation": "relazione",
    "discussion": "discussione",
    "replies": "repliche",
    "declarations": "dichiarazioni di voto",
    "vote": "votazione",
}
METHOD = {
    "hands": "per alzata di mano",
    "roll_call": "per appello nominale",
    "electronic": "elettronica palese",
    "secret_papers": "segreta con schede",
    "secret_electronic": "segreta elettronica",
}
ENDING = {"completed": "esauriti i punti", "no_quorum": "deserta", "adjourned": "aggiornata"}
ROLL = {
    "opening": "Appello",
    "verification": "Verifica del numero legale",
    "resumption": "Appello alla ripresa",
}
OPINION = {"technical": "tecnico", "accounting": "contabile"}
VERDICT = {"favourable": "favorevole", "contrary": "contrario"}


def sentence(state: State, event: e.Event) -> str:
    """Return an event in words; `state` names people, items and votes."""
    for tell in (_of_the_sitting, _of_the_agenda, _of_the_floor, _of_the_votes):
        found = tell(state, event)
        if found:
            return found
    return event.kind


def _name(state: State, member: str) -> str:
    found = state.members.get(member)
    return found.name if found else member


def _item(state: State, key: str) -> str:
    found = state.items.get(key)
    return f"punto {found.item.number}" if found else "punto"


def _of_the_sitting(state: State, event: e.Event) -> str:
    match event:
        case e.SittingConstituted(members=members, items=items):
            return f"Registro iniziato: {len(members)} componenti, {len(items)} punti."
        case e.RollCallBegan(purpose=purpose):
            return f"{ROLL.get(purpose, 'Appello')}: inizio."
        case e.RollCallEnded():
            return "Appello concluso."
        case e.SittingOpened():
            return "La seduta è aperta."
        case e.SittingSuspended(reason=reason):
            return f"Seduta sospesa{': ' + reason if reason else ''}."
        case e.SittingResumed():
            return "La seduta riprende."
        case e.SittingEnded(reason=reason):
            return f"La seduta è chiusa ({ENDING.get(reason, reason)})."
        case e.ChairTaken(member=member):
            return f"Presiede {_name(state, member)}."
        case e.ScrutineersNamed(members=named):
            return f"Scrutatori: {', '.join(_name(state, m) for m in named)}."
    return _of_presence(state, event)


def _of_presence(state: State, event: e.Event) -> str:
    match event:
        case e.PresenceSet(member=member, cause="entry"):
            return f"Entra {_name(state, member)}."
        case e.PresenceSet(member=member, cause="exit"):
            return f"Esce {_name(state, member)}."
        case e.PresenceSet(member=member, status=status):
            return f"{_name(state, member)}: {STATUS.get(status, status)}."
        case e.ConnectionChanged(member=member, is_connected=is_connected):
            what = "collegamento ripreso" if is_connected else "collegamento perso"
            return f"{_name(state, member)}: {what}."
        case e.SecretBegan(requester=requester, reason=reason):
            return f"Seduta segreta, chiesta da {requester}: {reason}."
        case e.SecretEnded():
            return "Fine della seduta segreta."
        case e.SecretaryReplaced(name=name):
            return f"Verbalizza {name}."
        case e.Noted(text=text):
            return f"Nota: {text}"
        case e.Undone(seq=seq):
            return f"Annullata l'operazione {seq}."
    return ""


def _of_the_agenda(state: State, event: e.Event) -> str:
    match event:
        case e.ItemAdded(item=item):
            return f"Si aggiunge il punto {item.number}: {item.title}."
        case e.AgendaReordered():
            return "Cambia l'ordine dei punti."
        case e.ItemCalled(item=key):
            found = state.items.get(key)
            return f"Si tratta il {_item(state, key)}: {found.item.title if found else ''}."
        case e.StageOpened(stage=stage):
            return f"Si passa a: {STAGE.get(stage, stage)}."
        case e.ItemLeft(item=key, result=result):
            return f"Chiuso il {_item(state, key)}: {ITEM_RESULT.get(result, result)}."
        case e.ConflictDeclared(member=member, item=key, leaves=leaves):
            out = " e lascia l'aula" if leaves else ""
            return f"{_name(state, member)} si astiene per obbligo sul {_item(state, key)}{out}."
        case e.OpinionGiven(item=key, type=kind, verdict=verdict):
            return f"Parere {OPINION[kind]} {VERDICT[verdict]} sul {_item(state, key)}."
        case e.OpinionWaived(type=kind, reason=reason):
            return f"Si procede senza parere {OPINION[kind]}: {reason}."
        case e.AmendmentFiled(item=key, title=title):
            return f"Emendamento «{title}» al {_item(state, key)}."
    return ""


def _of_the_floor(state: State, event: e.Event) -> str:
    match event:
        case e.AmendmentWithdrawn(item=key):
            return f"Emendamento ritirato al {_item(state, key)}."
        case e.FloorAsked(member=member, type=kind):
            return f"{_name(state, member)} chiede la parola ({SPEECH.get(kind, kind)})."
        case e.FloorForgone(member=member):
            return f"{_name(state, member)} rinuncia alla parola."
        case e.FloorGiven(member=member, type=kind, name=name):
            who = _name(state, member) if member else name
            return f"Ha la parola {who} ({SPEECH.get(kind, kind)})."
        case e.FloorEnded():
            return "La parola torna al presidente."
        case e.VerbatimAsked(member=member, text=text):
            return f"{_name(state, member)} chiede a verbale{': ' + text if text else ''}."
    return ""


def _of_the_votes(state: State, event: e.Event) -> str:
    match event:
        case e.BallotOpened(method=method, title=title):
            return f"Votazione {METHOD.get(method, method)}: {title}."
        case e.IdentityChecked(member=member):
            return f"Riconosciuto in collegamento: {_name(state, member)}."
        case e.VoteCast(member=member, choice=choice):
            return f"{_name(state, member)}: {CHOICE.get(choice, choice)}."
        case e.HandsCounted(against=against, abstained=abstained, not_voting=not_voting):
            return (
                f"Contati: {len(against)} contrari, {len(abstained)} astenuti, "
                f"{len(not_voting)} presenti non votanti."
            )
        case e.SecretCounted(took_part=took_part):
            return f"Scrutinio: {len(took_part)} votanti."
        case e.BallotClosed(ballot=key):
            found = state.ballots.get(key)
            return f"Votazione chiusa: {found.title if found else key}."
        case e.BallotVoided(reason=reason):
            return f"Votazione annullata: {reason}."
        case e.Proclaimed(result=result, formula=formula):
            return f"Proclamato: {RESULT.get(result, result)}. {formula}"
    return ""
