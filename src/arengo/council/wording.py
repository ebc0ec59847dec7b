"""What the scripts of the chamber's pages say, in the language of the page."""

from __future__ import annotations

from django.utils.translation import gettext as _


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
    """Return the words of the console."""
    return board_sentences()


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
