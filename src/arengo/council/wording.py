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


def seat_sentences() -> dict[str, str]:
    """Return the words of a councillor's page."""
    return board_sentences()


def console_sentences() -> dict[str, str]:
    """Return the words of the console."""
    return board_sentences()
