"""Each event as the Segretario would write it: impersonal, present tense, with the hour.

Votes, rolls and speeches are blocks of their own (`votes`, `attendance`, `composing`); here is
everything else. An event that a verbale does not tell (who asked for the floor) tells nothing.
"""

from __future__ import annotations

from arengo.council.engine import events as e
from arengo.council.engine.record.account import Account, Moment, public_item
from arengo.council.engine.record.document import Paragraph, Text
from arengo.council.engine.record.italian import because, sentence
from arengo.council.engine.record.people import agreed, listed, named
from arengo.council.engine.state import HERE, State
from arengo.council.engine.telling import SPEECH
from arengo.council.engine.words import counted

ROLLS = {
    "opening": "si procede all'appello nominale",
    "verification": "si procede alla verifica del numero legale",
    "resumption": "si procede all'appello per la ripresa della seduta",
}
STAGES = {
    "presentation": "Si passa all'illustrazione",
    "discussion": "Si apre la discussione",
    "replies": "Si passa alle repliche",
    "declarations": "Si passa alle dichiarazioni di voto",
    "vote": "Si passa alla votazione",
}
LEFT = {
    "decided": "la trattazione del punto è conclusa",
    "discussed": "la discussione del punto è conclusa",
    "deferred": "il punto è rinviato",
    "withdrawn": "il punto è ritirato",
    "answered": "la trattazione del punto è conclusa con la risposta",
}
OPINIONS = {"technical": "regolarità tecnica", "accounting": "regolarità contabile"}
VERDICTS = {"favourable": "favorevole", "contrary": "contrario"}
EFFECTS = {"suppress": "soppressivo", "replace": "sostitutivo", "add": "aggiuntivo"}
SCRUTINEERS = (
    "È nominato scrutatore",
    "È nominata scrutatrice",
    "Sono nominati scrutatori",
    "Sono nominate scrutatrici",
)
ART_49 = "art. 49 del TUEL"
ART_78 = "art. 78, comma 2, del TUEL"


def told(account: Account, moment: Moment, *, is_public: bool = True) -> tuple[Paragraph, ...]:
    """Return an event in words; `is_public` leaves out what a secret item is about."""
    for tell in TELLERS:
        text = tell(account, moment, is_public)
        if text:
            return (_paragraph(moment, text), *_word_for_word(moment))
    return ()


def _paragraph(moment: Moment, text: str, kind: Text = "narrative") -> Paragraph:
    return Paragraph(sentence(text), (moment.seq,), kind=kind, at=moment.at)


def _word_for_word(moment: Moment) -> tuple[Paragraph, ...]:
    """Return the texts that go in as they are: «a verbale», and the text of an amendment."""
    match moment.event:
        case e.VerbatimAsked(text=text) if text.strip():
            return (Paragraph(text, (moment.seq,), kind="verbatim", at=moment.at),)
        case e.AmendmentFiled(text=text) if text.strip():
            return (Paragraph(text, (moment.seq,), kind="proposal", at=moment.at),)
    return ()


def item_words(state: State, key: str, *, is_public: bool) -> str:
    """Return «punto n. 3, «Piano dei servizi»»; of a secret item only that it is."""
    found = state.items.get(key)
    if found is None:
        return "punto"
    item = public_item(found.item) if is_public else found.item
    return f"punto n. {item.number}, «{item.title}»"


def _of_the_sitting(account: Account, moment: Moment, is_public: bool) -> str:
    when = account.hour(moment.at)
    match moment.event:
        case e.RollCallBegan(purpose=purpose):
            return f"Alle ore {when} {ROLLS.get(purpose, ROLLS['opening'])}"
        case e.SittingOpened():
            return (
                "La Presidenza, constatata la presenza del numero legale, dichiara aperta la "
                f"seduta alle ore {when}"
            )
        case e.SittingSuspended(reason=reason):
            told = "" if moment.before.secret_since else because(reason)
            return f"Alle ore {when} la seduta è sospesa{told}"
        case e.SittingResumed():
            return f"Alle ore {when} la seduta riprende"
        case e.SittingEnded(reason=reason):
            return _ending(moment, reason, when)
        case e.SecretBegan(requester=requester, reason=reason):
            asked = f", su richiesta di {requester}" if requester else ""
            return f"Alle ore {when} la seduta prosegue in forma segreta{asked}{because(reason)}"
        case e.SecretEnded():
            return f"Alle ore {when} la seduta torna pubblica"
        case e.Noted(text=text):
            return f"Si annota: {text}" if text.strip() else ""
    return ""


def _ending(moment: Moment, reason: str, when: str) -> str:
    if reason == "no_quorum" and moment.before.opened_at:
        return f"La Presidenza, constatata la mancanza del numero legale, toglie la seduta alle ore {when}"
    if reason == "no_quorum":
        return f"La Presidenza, constatata la mancanza del numero legale, dichiara deserta la seduta alle ore {when}"
    if reason == "adjourned":
        return f"La Presidenza aggiorna la seduta alle ore {when}"
    return f"Esauriti gli argomenti, la Presidenza dichiara chiusa la seduta alle ore {when}"


def _of_people(account: Account, moment: Moment, is_public: bool) -> str:
    state, when = moment.after, account.hour(moment.at)
    match moment.event:
        case e.PresenceSet() as event:
            return _presence(account, moment, event)
        case e.ConnectionChanged(member=member, is_connected=is_connected):
            verb = "riprende" if is_connected else "si interrompe"
            return f"Alle ore {when} {verb} il collegamento {named(state, member, 'di')}"
        case e.ChairTaken(member=member, reason=reason):
            return f"Alle ore {when} assume la presidenza {named(state, member)}{because(reason)}"
        case e.ScrutineersNamed(members=members):
            return f"{agreed(state, members, SCRUTINEERS)} {listed(state, members)}"
        case e.SecretaryReplaced(name=name, reason=reason):
            return f"Alle ore {when} assume la verbalizzazione {name}{because(reason)}"
    return ""


def _of_declarations(account: Account, moment: Moment, is_public: bool) -> str:
    state = moment.after
    match moment.event:
        case e.VerbatimAsked(member=member, text=text):
            what = (
                "l'inserimento a verbale del testo seguente"
                if text.strip()
                else ("che le proprie parole siano riportate testualmente a verbale")
            )
            return f"{named(state, member)} chiede {what}{'' if not text.strip() else ':'}"
        case e.ConflictDeclared(member=member, item=item, reason=reason, leaves=leaves):
            where = "; lascia l'aula" if leaves else "; resta in aula senza prendere parte"
            where = where if moment.before.is_here(member, moment.at) else ""
            return (
                f"{named(state, member)} dichiara l'obbligo di astenersi dalla discussione e dalla "
                f"votazione del {item_words(state, item, is_public=is_public)} ({ART_78})"
                f"{because(reason)}{where}"
            )
    return ""


def _presence(account: Account, moment: Moment, event: e.PresenceSet) -> str:
    """Tell a coming or going, and how many are there since."""
    before, state = moment.before.presence.get(event.member), moment.after
    was_here = before is not None and before.status in HERE
    is_here = event.status in HERE
    if before is not None and before.status == event.status and event.cause != "correction":
        return ""
    move = _move(was_here, is_here, before.status if before else "", event.status)
    who = named(state, event.member)
    lead = "A rettifica, alle ore" if event.cause == "correction" else "Alle ore"
    here = [m for m in state.here(moment.at) if state.members[m].votes]
    count = f"; sono presenti {counted(len(here), 'componente', 'componenti')} con diritto di voto"
    return f"{lead} {account.hour(moment.at)} {move.format(who=who)}{count}"


def _move(was_here: bool, is_here: bool, before: str, now: str) -> str:
    if is_here and not was_here:
        return "si collega da remoto {who}" if now == "remote" else "entra in aula {who}"
    if was_here and not is_here:
        return "lascia il collegamento {who}" if before == "remote" else "esce dall'aula {who}"
    if is_here:
        words = "in collegamento da remoto" if now == "remote" else "in aula"
        return "partecipa " + words + " {who}"
    words = {"justified": "con giustificazione", "mission": "per missione"}.get(now, "")
    return f"è assente {words} {{who}}".replace("  ", " ")


def _of_the_agenda(account: Account, moment: Moment, is_public: bool) -> str:
    state, when = moment.after, account.hour(moment.at)
    match moment.event:
        case e.ItemAdded(item=item):
            words = item_words(state, item.id, is_public=is_public)
            return f"All'ordine del giorno si aggiunge il {words}"
        case e.AgendaReordered(order=order):
            numbers = [state.items[one].item.number for one in order if one in state.items]
            return f"Il Consiglio modifica l'ordine di trattazione dei punti: {', '.join(numbers)}"
        case e.ItemCalled(item=item):
            again = moment.before.items[item].called_at is not None
            words = item_words(state, item, is_public=is_public)
            head = "si riprende la trattazione del" if again else "si passa alla trattazione del"
            return f"Alle ore {when} {head} {words}"
        case e.StageOpened(stage=stage):
            return STAGES.get(stage, "")
        case e.ItemLeft(result=result, item=item):
            hides = is_public and state.items[item].item.is_secret
            words = LEFT["decided"] if hides else LEFT.get(result, LEFT["decided"])
            return f"Alle ore {when} {words}"
    return ""


def _about(state: State, item: str, amendment: str, is_public: bool) -> str:
    found = state.items.get(item)
    filed = found.amendments.get(amendment) if found and amendment else None
    if filed:
        return f"Sull'emendamento «{filed.filed.title}»"
    return f"Sul {item_words(state, item, is_public=is_public)},"


def _of_opinions(account: Account, moment: Moment, is_public: bool) -> str:
    state = moment.after
    match moment.event:
        case e.OpinionGiven(item=item, type=kind, verdict=verdict, by=by, amendment=amendment):
            about = _about(state, item, amendment, is_public)
            who = f", espresso da: {by}" if by else ""
            return (
                f"{about} è acquisito il parere {VERDICTS.get(verdict, verdict)} di "
                f"{OPINIONS.get(kind, kind)} ({ART_49}){who}"
            )
        case e.OpinionWaived(item=item, type=kind, reason=reason, amendment=amendment):
            about = _about(state, item, amendment, is_public)
            return (
                f"{about} si procede senza il parere di {OPINIONS.get(kind, kind)}{because(reason)}"
            )
    return ""


def _of_amendments(account: Account, moment: Moment, is_public: bool) -> str:
    state = moment.after
    match moment.event:
        case e.AmendmentFiled(title=title, proposer=proposer, effect=effect, item=item):
            who = f", a firma di {proposer_words(state, proposer)}" if proposer else ""
            words = item_words(state, item, is_public=is_public)
            kind = EFFECTS.get(effect, effect)
            return f"Al {words}, è presentato l'emendamento {kind} «{title}»{who}"
        case e.AmendmentWithdrawn(item=item, amendment=amendment):
            filed = state.items[item].amendments.get(amendment)
            return f"L'emendamento «{filed.filed.title if filed else amendment}» è ritirato"
    return ""


def proposal(account: Account, moment: Moment, item: str) -> tuple[Paragraph, ...]:
    """Return the text put to the vote, where it is given and the item comes up the first time."""
    text = account.facts.proposals.get(item, "").strip()
    if not text or moment.before.items[item].called_at is not None:
        return ()
    return (Paragraph(text, (moment.seq,), kind="proposal", at=moment.at),)


def proposer_words(state: State, proposer: str) -> str:
    """Return a proposer's name: a member's by id, or as it was written."""
    found = state.members.get(proposer)
    return found.name if found else proposer


def speech_title(state: State, member: str, name: str, kind: str, verb: str = "Interviene") -> str:
    """Return «Interviene la consigliera Lucia Brambilla (replica)»."""
    who = named(state, member) if member else name or named(state, "")
    words = SPEECH.get(kind, "")
    what = f" ({words})" if words and kind != "intervention" else ""
    title = f"{verb} {who}{what}".strip()
    return title[0].upper() + title[1:]


TELLERS = (
    _of_the_sitting, _of_people, _of_declarations, _of_the_agenda, _of_opinions, _of_amendments,
)  # fmt: skip
