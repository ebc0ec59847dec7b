"""What the script of a councillor's page says, in the language of the page."""

from __future__ import annotations

from django.utils.translation import gettext as _

from arengo.council.wording import board_sentences


def seat_sentences() -> dict[str, str]:
    """Return the words of a councillor's page."""
    return board_sentences() | _line() | _vote() | _floor() | _presence()


def _line() -> dict[str, str]:
    return {
        "line.loading": _("Collegamento in corso…"),
        "line.ok": _("In linea. Tutto è stato inviato."),
        "line.slow": _(
            "In linea, ma senza avvisi immediati: la pagina si aggiorna ogni pochi secondi."
        ),
        "line.sending": _("In linea. In partenza: {what}."),
        "line.lost": _("Senza linea dalle {time}. Non c’è nulla in attesa."),
        "line.lostWaiting": _("Senza linea dalle {time}. In attesa di partire: {what}."),
        "line.busy": _("Il server non risponde dalle {time}. Non c’è nulla in attesa."),
        "line.busyWaiting": _("Il server non risponde dalle {time}. In attesa di partire: {what}."),
        "line.expired": _("L’accesso è scaduto. Entra di nuovo: poi tornerai qui."),
        "line.expiredWaiting": _(
            "L’accesso è scaduto. Entra di nuovo per far partire: {what}. Poi tornerai qui."
        ),
        "what.vote_cast": _("il voto ({choice})"),
        "what.floor_asked": _("la richiesta di parola ({speech})"),
        "what.floor_forgone": _("la rinuncia alla parola"),
        "what.verbatim_asked": _("la richiesta a verbale"),
        "refused.vote_cast": _("Il tuo voto ({choice}) non è stato registrato."),
        "refused.floor_asked": _("La richiesta di parola non è stata accolta."),
        "refused.floor_forgone": _("La rinuncia alla parola non è stata registrata."),
        "refused.verbatim_asked": _(
            "La richiesta a verbale non è stata registrata. Il testo è ancora qui sotto."
        ),
        "refused.paper": _("La scheda non è entrata nell’urna."),
        "refused.other": _("Il server non ha accettato la richiesta."),
    }


def _vote() -> dict[str, str]:
    return {
        "vote.favour": _("favorevole"),
        "vote.against": _("contrario"),
        "vote.abstained": _("astenuto"),
        "vote.not_voting": _("presente non votante"),
        "vote.blank": _("scheda bianca"),
        "button.favour": _("Favorevole"),
        "button.against": _("Contrario"),
        "button.abstained": _("Astenuto"),
        "button.not_voting": _("Presente non votante"),
        "button.blank": _("Scheda bianca"),
        "confirm.none": _("Scegli, poi conferma"),
        "confirm.vote": _("Conferma il voto: {choice}"),
        "confirm.paper": _("Metti nell’urna: {choice}"),
        "confirm.sending": _("Invio in corso…"),
        "confirm.waiting": _("In attesa della linea…"),
        "what.item": _("Punto {number}: {title}"),
        "what.immediate": _("Immediata eseguibilità della deliberazione"),
        "what.as_amended": _("Proposta come emendata"),
        "what.amendment": _("Emendamento: {title}"),
        "what.secret_sitting": _("Proseguire in seduta segreta"),
        "what.effect.suppress": _("soppressivo"),
        "what.effect.replace": _("modificativo"),
        "what.effect.add": _("aggiuntivo"),
        "what.proposer": _("presentato da {name}"),
        "what.repeats": _("Votazione ripetuta: la precedente non vale."),
        "what.noText": _("Il testo dell’emendamento non è stato inserito: chiedine lettura."),
        "you.voted": _("Hai votato: {choice}, ore {time}"),
        "you.counted": _("Il tuo voto risulta: {choice}"),
        "you.silent": _("Non hai votato: risulti presente non votante."),
        "you.pending": _("Il voto ({choice}) non è ancora registrato: attendi la conferma."),
        "you.paperIn": _(
            "La tua scheda è nell’urna. Questa pagina non conserva che cosa hai scelto."
        ),
        "you.paperUnsure": _(
            "Non sappiamo se la scheda è arrivata: ripeti quando torna la linea. Se era già arrivata, "
            "non conta due volte."
        ),
        "you.notEntitled": _("Non puoi votare in questa votazione."),
        "you.identity": _("Il segretario deve prima riconoscerti: tieni accesa la telecamera."),
        "you.hands": _("Si vota per alzata di mano, quando il presidente lo chiede."),
        "you.roll_call": _("Si vota per appello: rispondi a voce quando senti il tuo nome."),
        "you.secret_papers": _("Si vota con le schede di carta: ritirala dagli scrutatori."),
        "vote.open": _("Votazione aperta"),
        "vote.closed": _("Votazione chiusa, si attende la proclamazione"),
        "vote.majority": _("{majority} ({article})."),
        "vote.needed": _("Se votano tutti servono {needed} voti favorevoli."),
        "said.opened": _("Votazione aperta. {what}"),
        "said.closed": _("Votazione chiusa. Si attende la proclamazione."),
        "said.result": _("Proclamato l’esito: {result}. {title}"),
        "said.item": _("Si tratta il punto {number}: {title}"),
        "said.noItem": _("Nessun punto in trattazione."),
        "said.floor": _("Hai la parola."),
        "said.device": _("Hai già votato: vale il voto mostrato qui."),
        "result.count": _("{label}: {count}"),
        "result.yours": _("Il tuo voto: {choice}"),
        "result.secret": _("Scrutinio segreto: i nomi non esistono."),
        "result.elected": _("Eletti: {names}"),
    }


def _floor() -> dict[str, str]:
    return {
        "floor.ask": _("Chiedo la parola: {speech}"),
        "floor.asked": _("Hai chiesto la parola ({speech}): sei al posto {place} su {all}."),
        "floor.free": _("Non hai chiesto la parola."),
        "floor.pending": _("La richiesta di parola non è ancora arrivata."),
        "floor.yours": _("Hai la parola ({speech})."),
        "floor.left": _("Ti restano {time}"),
        "floor.over": _("Tempo scaduto da {time}"),
        "floor.noLimit": _("Parli da {time}, senza limite"),
        "floor.other": _("Parla {name} ({speech})."),
        "floor.chair": _("Parla il presidente."),
        "floor.waiting": _("In attesa: {count}."),
        "floor.notOpen": _("La parola si chiede a seduta aperta."),
        "floor.notHere": _("Risulti assente: per chiedere la parola fatti segnare presente."),
        "floor.voting": _("Durante la votazione si può chiedere solo la mozione d’ordine."),
        "floor.conflict": _("Ti astieni da questo punto: puoi chiedere solo il fatto personale."),
        "floor.usedUp": _("Hai già usato i tuoi interventi su questo punto."),
        "verbatim.written": _("Scritto a verbale: «{text}»"),
        "verbatim.noText": _("Richiesta a verbale registrata, senza testo."),
        "verbatim.notHere": _("Si chiede a verbale quando si è presenti a seduta aperta."),
    }


def _presence() -> dict[str, str]:
    return {
        "here.present": _("Risulti presente."),
        "here.remote": _("Risulti presente, collegato da remoto."),
        "here.lost": _("Il tuo collegamento risulta perso: la pagina prova a ristabilirlo."),
        "here.absent": _("Risulti assente. Se sei in aula, fatti segnare dal segretario."),
        "here.justified": _("Risulti assente giustificato. Se sei in aula, fatti segnare."),
        "here.mission": _("Risulti in missione. Se sei in aula, fatti segnare."),
        "here.notMember": _("Non sei fra i componenti di questa seduta: puoi seguirla da qui."),
        "here.secretOut": _("Seduta segreta: qui non compare nulla finché non torna pubblica."),
        "here.secretIn": _("Seduta segreta: ciò che vedi qui è riservato a chi è in aula."),
        "item.none": _("Nessun punto in trattazione."),
        "item.number": _("Punto {number}"),
        "item.reserved": _("solo per i componenti"),
        "item.noDocuments": _("Nessun documento."),
        "item.rapporteur": _("Relatore: {name}"),
        "item.proposer": _("Proponente: {name}"),
        "item.now": _("in trattazione"),
        "item.amendments": _("Emendamenti"),
        "fate.pending": _("da votare"),
        "fate.approved": _("approvato"),
        "fate.rejected": _("respinto"),
        "fate.withdrawn": _("ritirato"),
        "suspended": _("Seduta sospesa. {reason}"),
        "votes.none": _("Nessun esito ancora proclamato."),
    }
