"""What the chamber's pages and their scripts say, in the language of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

if TYPE_CHECKING:
    from django.db.models import TextChoices

LABEL = "label"  # the context of a model's label in the catalogue: «Ordine del giorno», an act

# What the console writes in the journal: the record is in Italian whoever keeps it, and in
# whatever language.
WRITTEN = {
    "written.procedural": "Questione procedurale",
    "written.immediate": "Immediata eseguibilità: {what}",
    "written.secretReason": "Giudizi su qualità e comportamenti di persone",
    "written.president": "Presidente",
}


def label(text: str) -> str:
    """Return a model's label in the language of the page; several may be joined by commas.

    Models keep the Italian, which notices and journal are written in; what has no translation (an
    office as the Comune calls it) stays as it is.
    """
    return ", ".join(pgettext(LABEL, one) if one else "" for one in text.split(", "))


def labelled(kinds: type[TextChoices]) -> list[tuple[str, Any]]:
    """Return a form's choices, with labels that follow the language of the page."""
    return [(value, pgettext_lazy(LABEL, text)) for value, text in kinds.choices]


def board_sentences() -> dict[str, str]:
    """Return the words of what everyone sees."""
    return {
        "status.present": _("presente"),
        "status.remote": _("da remoto"),
        "status.absent": _("assente"),
        "status.justified": _("assente giustificato"),
        "status.mission": _("in missione"),
        "status.lost": _("collegamento perso"),
        "choice.favour": _("favorevoli"),
        "choice.against": _("contrari"),
        "choice.abstained": _("astenuti"),
        "choice.not_voting": _("presenti non votanti"),
        "choice.blank": _("schede bianche"),
        "choice.null": _("schede nulle"),
        "choice.took_part": _("votanti"),
        "result.approved": _("Approvato"),
        "result.rejected": _("Non approvato"),
        "result.tie": _("Parità"),
        "result.elected": _("Eletti"),
        "item.decided": _("deciso"),
        "item.discussed": _("discusso"),
        "item.deferred": _("rinviato"),
        "item.withdrawn": _("ritirato"),
        "item.answered": _("risposta data"),
        "stage.presentation": _("Relazione"),
        "stage.discussion": _("Discussione"),
        "stage.replies": _("Repliche"),
        "stage.declarations": _("Dichiarazioni di voto"),
        "stage.vote": _("Votazione"),
        "speech.presentation": _("relazione"),
        "speech.intervention": _("intervento"),
        "speech.second_intervention": _("secondo intervento"),
        "speech.reply": _("replica"),
        "speech.declaration": _("dichiarazione di voto"),
        "speech.point_of_order": _("mozione d’ordine"),
        "speech.personal": _("fatto personale"),
        "speech.question": _("illustrazione dell’interrogazione"),
        "speech.answer": _("risposta"),
        "speech.rejoinder": _("replica dell’interrogante"),
        "speech.other": _("comunicazione"),
        "method.hands": _("per alzata di mano"),
        "method.roll_call": _("per appello nominale"),
        "method.electronic": _("elettronica palese"),
        "method.secret_papers": _("segreta con schede"),
        "method.secret_electronic": _("segreta elettronica"),
        "phase.absent": _("La seduta non è ancora iniziata"),
        "phase.prepared": _("Appello"),
        "phase.open": _("Seduta aperta"),
        "phase.suspended": _("Seduta sospesa"),
        "phase.ended": _("Seduta conclusa"),
        "ended.completed": _("esauriti i punti"),
        "ended.no_quorum": _("deserta per mancanza del numero legale"),
        "ended.adjourned": _("aggiornata"),
        "secret": _("Seduta segreta"),
        "quorum.met": _("Numero legale: presenti {counted}, ne servono {needed}"),
        "quorum.missing": _("Manca il numero legale: presenti {counted}, ne servono {needed}"),
        "chair": _("Presidente"),
        "chairSpeaks": _("Parla il presidente"),
        "voteOpen": _("Votazione in corso"),
        "voteClosed": _("Votazione chiusa: si attende la proclamazione"),
        "voted": _("{count} su {all} hanno votato"),
    }


def console_sentences() -> dict[str, str]:
    """Return the words of the console, with what it proposes to write in the journal."""
    return {
        **board_sentences(),
        **_console_lines(),
        **_console_panels(),
        **_console_buttons(),
        **_console_questions(),
        **_console_fields(),
        **_console_help(),
        **WRITTEN,
    }


def _console_lines() -> dict[str, str]:
    return {
        "line.unrecorded": _(
            "Il server non risponde: l’operazione non è stata registrata. Riprova."
        ),
        "line.offline": _(
            "Il server non si raggiunge: quello che premi viene ritentato da solo. "
            "La seduta continua."
        ),
        "line.busy": _("Il server si sta riavviando: ritento da solo."),
        "refused.noItem": _("Nessun punto in trattazione."),
        "refused.noMore": _("Non ci sono altri punti: con «z» si chiude la seduta."),
        "refused.conflict": _("Prima chiama il punto su cui qualcuno deve astenersi."),
        "refused.noRequest": _("Nessuno è in coda a quel posto."),
        "refused.noBallot": _("Nessuna votazione aperta."),
        "refused.oneByOne": _("In questa votazione i voti arrivano uno per uno."),
    }


def _console_panels() -> dict[str, str]:
    return {
        "hint.microphones": _("Secondo i microfoni parla {name}"),
        "hint.words": _("Secondo le parole del presidente parla {name}"),
        "agenda.empty": _("L’ordine del giorno è vuoto."),
        "agenda.call": _("Chiama"),
        "agenda.callWhich": _("il punto {number}"),
        "flag.secret": _("seduta segreta"),
        "flag.sensitive": _("non si riprende"),
        "flag.secretBallot": _("voto segreto"),
        "flag.immediate": _("immediata eseguibilità"),
        "fate.pending": _("da votare"),
        "fate.withdrawn": _("ritirato"),
        "fate.approved": _("approvato"),
        "fate.rejected": _("respinto"),
        "opinion.technical": _("tecnico"),
        "opinion.accounting": _("contabile"),
        "opinion.missing": _("manca il parere {which}"),
        "opinion.missingLaw": _("Manca il parere {which} (TUEL art. 49)."),
        "now.ended": _("La seduta è chiusa alle {time}: {why}."),
        "now.suspended": _("Seduta sospesa dalle {time}."),
        "now.suspendedFor": _("Seduta sospesa dalle {time}: {why}."),
        "now.callNext": _("Chiama il prossimo punto."),
        "now.noMore": _("I punti sono finiti."),
        "now.rollFirst": _("Si comincia con l’appello."),
        "now.noQuorum": _("Manca il numero legale."),
        "now.canOpen": _("Il numero legale c’è: il presidente può aprire la seduta."),
        "count.of": _("{count} di {all}"),
        "clock.of": _("{time} di {limit}"),
        "clock.warn": _("sta per scadere"),
        "clock.over": _("tempo scaduto"),
        "undo.what": _("Annulla: {text}"),
        "roll.at": _("Appello, {count} di {all}"),
        "roll.allCalled": _("Tutti i nomi sono stati chiamati"),
        "roll.announced": _("Ha comunicato prima: {status}."),
        "vote.method": _("Votazione {method}"),
        "vote.needed": _("Servono {needed} favorevoli se votano tutti."),
        "vote.proclaim": _("Votazione chiusa: proclama l’esito"),
        "vote.unrecognised": _("Da riconoscere in collegamento, prima del voto:"),
        "vote.entitled": _("Possono votare in {count}."),
        "vote.allAnswered": _("Tutti hanno risposto"),
        "vote.missing": _("Mancano:"),
        "vote.notConnected": _("(dispositivo non collegato)"),
        "vote.counted": _("Scrutinio registrato."),
        "cast.favour": _("favorevole"),
        "cast.against": _("contrario"),
        "cast.abstained": _("astenuto"),
        "cast.not_voting": _("presente non votante"),
        "box.papers": _("Schede nell’urna: {count} di {all}."),
        "box.lost": _(
            "L’urna elettronica si è riavviata e i voti non ci sono più: annulla la votazione "
            "e ripetila."
        ),
        "queue.since": _("dalle {time}"),
        "queue.empty": _("Nessuno è in coda."),
        "people.noGroup": _("Senza gruppo"),
        "mark.chair": _("presiede"),
        "mark.conflict": _("si astiene"),
        "mark.speaking": _("parla"),
        "mark.noVote": _("senza voto"),
        "mark.device": _("dispositivo"),
        "log.undone": _("(annullata)"),
        "nobody": _("Nessuno"),
    }


def _console_buttons() -> dict[str, str]:
    return {
        "do.heard": _("Assegna la parola"),
        "do.roll": _("Appello"),
        "do.rollAgain": _("Ripeti l’appello"),
        "do.rollBack": _("Nome prima"),
        "do.rollEnd": _("Appello concluso"),
        "do.verify": _("Verifica del numero"),
        "do.open": _("Dichiara aperta la seduta"),
        "do.deserted": _("Seduta deserta"),
        "do.suspend": _("Sospendi"),
        "do.resume": _("Riprendi"),
        "do.end": _("Fine della seduta"),
        "do.endSitting": _("Chiudi la seduta"),
        "do.note": _("Nota"),
        "do.call": _("Chiama il prossimo"),
        "do.stage": _("Fase successiva"),
        "do.leave": _("Chiudi il punto"),
        "do.amend": _("Emendamento"),
        "do.withdraw": _("Ritira"),
        "do.opinion": _("Parere"),
        "do.vote.proposal": _("Vota la proposta"),
        "do.vote.as_amended": _("Vota la proposta emendata"),
        "do.vote.amendment": _("Vota l’emendamento"),
        "do.vote.immediate": _("Vota l’immediata eseguibilità"),
        "do.vote.procedural": _("Vota una questione procedurale"),
        "do.openVote": _("Apri la votazione"),
        "do.hands": _("Conta le mani"),
        "do.papers": _("Scrutinio delle schede"),
        "do.countClose": _("Conta e chiudi"),
        "do.writeClose": _("Registra e chiudi"),
        "do.close": _("Chiudi la votazione"),
        "do.closeCount": _("Chiudi e conta"),
        "do.proclaim": _("Proclama l’esito"),
        "do.void": _("Annulla la votazione"),
        "do.recognise": _("Riconosco {name}"),
        "do.conflict": _("Astensione obbligatoria"),
        "do.scrutineers": _("Scrutatori"),
        "do.preside": _("Presiede un altro"),
        "do.floor": _("Dai la parola"),
        "do.chair": _("Torna al presidente"),
        "do.verbatim": _("A verbale"),
        "do.door": _("Entra o esce"),
        "do.entry": _("Segna l’ingresso"),
        "do.exit": _("Segna l’uscita"),
        "do.cut": _("Interrompi tutto adesso"),
    }


def _console_questions() -> dict[str, str]:
    return {
        "ask.door": _("Chi entra o esce?"),
        "ask.conflict": _("Astensione obbligatoria (TUEL art. 78)"),
        "ask.preside": _("Chi presiede da adesso?"),
        "ask.scrutineers": _("Scrutatori"),
        "ask.leave": _("Chiudere il punto {number}?"),
        "ask.amend": _("Nuovo emendamento"),
        "ask.opinion": _("Parere (TUEL art. 49)"),
        "ask.floor": _("A chi la parola?"),
        "ask.verbatim": _("«Chiedo a verbale»"),
        "ask.vote": _("Che cosa si vota?"),
        "ask.hands": _("Conta delle mani"),
        "ask.papers": _("Scrutinio delle schede"),
        "ask.void": _("Annullare la votazione?"),
        "ask.suspend": _("Sospendere la seduta?"),
        "ask.end": _("Chiudere la seduta?"),
        "ask.note": _("Nota del segretario"),
        "note.hands": _(
            "Possono votare in {count}. Chi non è indicato qui sotto è favorevole. Scrivi l’inizio "
            "del cognome e premi Invio; Tab passa all’elenco successivo."
        ),
        "note.papers": _("Possono votare in {count}: la somma delle schede deve tornare."),
        "note.void": _("Resta nel registro come annullata; poi si può ripetere."),
        "note.end": _("La diretta si chiude dalla regia."),
        "note.secret": _(
            "Entro un secondo si fermano diretta, registrazione, sottotitoli e testo. "
            "Di quel momento non resta nulla."
        ),
        "option.exits": _("{name} — presente: esce"),
        "option.enters": _("{name} — assente: entra"),
        "option.discussed": _("Discusso, senza voto"),
        "option.suppress": _("Sopprime"),
        "option.replace": _("Sostituisce"),
        "option.add": _("Aggiunge"),
        "option.technical": _("tecnica"),
        "option.accounting": _("contabile"),
        "option.favourable": _("Favorevole"),
        "option.contrary": _("Contrario"),
        "option.waived": _("Si procede senza, per un motivo"),
        "option.noQuorum": _("Deserta: manca il numero legale"),
        "option.adjourned": _("Aggiornata ad altra data"),
        "option.ballot": _("Votazione: {title}"),
        "option.secretAlready": _("Punto già convocato in segreta, o il voto segue"),
        "subject.proposal": _("la proposta"),
        "subject.as_amended": _("la proposta come emendata"),
        "subject.immediate": _("l’immediata eseguibilità"),
        "subject.amendment": _("un emendamento"),
        "subject.procedural": _("una questione procedurale"),
        "subject.secret_sitting": _("la seduta segreta"),
        "subject.own": _("la proposta (maggioranza propria)"),
    }


def _console_fields() -> dict[str, str]:
    return {
        "field.surname": _("Scrivi l’inizio del cognome"),
        "field.surnameEnter": _("Scrivi l’inizio del cognome, poi Invio"),
        "field.surnames": _("Scrivi un cognome e premi Invio, per ciascuno"),
        "field.abstains": _("Chi si astiene"),
        "field.why": _("Perché (facoltativo)"),
        "field.leaves": _("lascia l’aula"),
        "field.outcome": _("Com’è finito"),
        "field.title": _("Titolo"),
        "field.titleHelp": _("Per esempio: Emendamento 1, gruppo Lista Ponte"),
        "field.proposer": _("Proponente"),
        "field.effect": _("Che cosa fa"),
        "field.text": _("Testo"),
        "field.substance": _("cambia la sostanza: serve di nuovo il parere tecnico"),
        "field.spending": _("tocca la spesa: serve il parere contabile"),
        "field.about": _("Su"),
        "field.regularity": _("Regolarità"),
        "field.verdict": _("Esito"),
        "field.by": _("Chi lo esprime, o il motivo"),
        "field.speech": _("A che titolo"),
        "field.guest": _("Oppure il nome di un ospite"),
        "field.asks": _("Chi lo chiede"),
        "field.what": _("Che cosa (facoltativo)"),
        "field.subject": _("Si vota"),
        "field.method": _("Modo"),
        "field.choices": _("Nomi tra cui si elegge, uno per riga (solo per le nomine)"),
        "field.seats": _("Quanti se ne eleggono"),
        "field.repeats": _("ripete una votazione annullata o in parità"),
        "field.silent": _("Chi non ha ritirato la scheda"),
        "field.reason": _("Motivo"),
        "field.reasonMaybe": _("Motivo (facoltativo)"),
        "field.endWhy": _("Perché"),
        "field.secretHelp": _("Il motivo deve essere tra quelli del regolamento."),
        "field.requester": _("Chiesta da"),
        "field.decided": _("Decisa con"),
    }


def _console_help() -> dict[str, str]:
    return {
        "help.roll": _("appello, o verifica del numero legale"),
        "help.open": _("dichiara aperta la seduta"),
        "help.call": _("chiama il prossimo punto"),
        "help.leave": _("chiudi il punto"),
        "help.stage": _("passa alla fase successiva del punto"),
        "help.request": _("dai la parola a chi è in coda"),
        "help.floor": _("dai la parola a chi vuoi"),
        "help.heard": _("dai la parola a chi parla secondo microfoni o parole"),
        "help.chair": _("la parola torna al presidente"),
        "help.door": _("entra o esce qualcuno"),
        "help.vote": _("apri una votazione"),
        "help.hands": _("conta le mani o le schede"),
        "help.close": _("chiudi la votazione"),
        "help.proclaim": _("proclama l’esito"),
        "help.conflict": _("astensione obbligatoria (art. 78)"),
        "help.amend": _("emendamento"),
        "help.opinion": _("parere (art. 49)"),
        "help.verbatim": _("«chiedo a verbale»"),
        "help.preside": _("presiede un altro"),
        "help.scrutineers": _("nomina gli scrutatori"),
        "help.suspend": _("sospendi o riprendi"),
        "help.end": _("fine della seduta"),
        "help.note": _("nota del segretario"),
        "help.undo": _("annulla l’ultima operazione"),
        "help.secret": _("seduta segreta"),
        "help.theme": _("tema chiaro o scuro"),
        "help.keys": _("questo aiuto"),
        "help.present": _("presente"),
        "help.remote": _("presente da remoto"),
        "help.absent": _("assente"),
        "help.justified": _("assente giustificato"),
        "help.mission": _("in missione"),
        "help.rollBack": _("torna al nome prima"),
        "help.rollEnd": _("appello concluso"),
        "help.favour": _("favorevole"),
        "help.against": _("contrario"),
        "help.abstained": _("astenuto"),
        "help.not_voting": _("presente non votante"),
        "help.closeVote": _("chiudi"),
    }


def screen_sentences() -> dict[str, str]:
    """Return the words of the hall's screen and of the overlay."""
    return {
        **board_sentences(),
        **_trouble_sentences(),
        "before.starts": _("Inizio previsto: {time}"),
        "roll.opening": _("Appello"),
        "roll.verification": _("Verifica del numero legale"),
        "roll.resumption": _("Appello per la ripresa"),
        "roll.done": _("Appello concluso"),
        "roll.answered": _("{count} su {all} hanno risposto"),
        "roll.present": _("{count} su {all} presenti"),
        "quorum.waiting": _("Per il numero legale ne servono {needed}"),
        "item.number": _("Punto {number}"),
        "item.none": _("Nessun punto in trattazione"),
        "speech.limit": _("di {time}"),
        "speech.free": _("senza limite di tempo"),
        "speech.warn": _("ancora {time}"),
        "speech.over": _("tempo superato di {time}"),
        "requests.next": _("Prossimi interventi"),
        "requests.more": _("e altri {count}"),
        "vote.method": _("Votazione {method}"),
        "vote.needed": _("{majority}: {needed} voti favorevoli, se votano tutti"),
        "vote.secretOpen": _("Voto segreto: il conteggio si conosce alla proclamazione"),
        "vote.counting": _("Si contano le mani"),
        "result.secret": _("Voto segreto: non si conosce chi ha votato che cosa"),
        "suspended.for": _("Motivo: {reason}"),
        "suspended.wait": _("La seduta riprende a breve"),
        "ended.points": _("Punti trattati: {done} su {all}"),
        "seats.label": _("Seggi: {here} presenti su {all}"),
        "seats.voted": _("Seggi: {count} hanno votato su {all}"),
        "seats.result": _("Seggi per voto espresso"),
        "group.none": _("Altri componenti"),
        "group.noVote": _("Senza diritto di voto"),
        "group.here": _("{here} su {all}"),
        "standing.voted": _("ha votato"),
        "standing.waiting": _("non ancora"),
        "standing.speaking": _("sta parlando"),
    }


def record_sentences() -> dict[str, str]:
    """Return the words of the chamber on the citizens' page."""
    return {
        **board_sentences(),
        "item.number": _("Punto {number}"),
        "item.none": _("Nessun punto in trattazione"),
        "agenda.now": _("in trattazione"),
        "agenda.called": _("iniziato"),
        "agenda.waiting": _("da trattare"),
        "speech.limit": _("di {time}"),
        "speech.overShort": _("tempo superato"),
        "record.secret": _("La trascrizione è sospesa: la seduta è segreta."),
        "jump.item": _("Guarda il punto {number} nel video"),
        "jump.vote": _("Guarda la votazione nel video: {title}"),
        "now.then": _("In questo punto del video"),
        "now.voting": _("Votazione in corso: {title}"),
        "now.presidency": _("Presiede"),
        "presence.here": _("{here} presenti su {all}"),
        "presence.group": _("{here} su {all}"),
        "presence.none": _("Altri componenti"),
        "presence.noVote": _("Senza diritto di voto"),
        "vote.at": _("ore {time}"),
        "vote.present": _("presenti {count}"),
        "vote.secret": _("Voto segreto: si conoscono i totali e chi ha partecipato, non i voti."),
        "vote.elected": _("Eletti: {names}"),
        "vote.fresh": _("{title}: {result}"),
        "vote.table": _("Voto di ciascuno: {title}"),
        "vote.tableOpen": _("Tabella dei voti"),
        "vote.name": _("Nome"),
        "vote.group": _("Gruppo"),
        "vote.choice": _("Voto"),
        "cast.favour": _("favorevole"),
        "cast.against": _("contrario"),
        "cast.abstained": _("astenuto"),
        "cast.not_voting": _("presente, non votante"),
    }


def _trouble_sentences() -> dict[str, str]:
    return {
        "trouble.offline": _("Questo schermo è senza rete: si aggiorna da solo appena torna."),
        "trouble.unreachable": _(
            "Collegamento perso: i dati sono di poco fa, si aggiornano da soli."
        ),
        "trouble.loading": _("Caricamento…"),
    }
