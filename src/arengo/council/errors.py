"""What the council refuses.

DomainError
├── Conflict
│   ├── SittingAlreadyOpen
│   ├── SittingNotOpen
│   ├── SittingClosed
│   ├── Overtaken
│   ├── NothingToUndo
│   ├── AgendaFrozen
│   ├── ItemAnnounced
│   ├── NoticeAlreadySent
│   ├── NothingToConvene
│   ├── NobodyToConvene
│   └── NoticeSettled
└── Invalid
    ├── TitleMissing
    ├── RollUnreadable
    ├── ItemTitleMissing
    ├── DocumentEmpty
    ├── DocumentTooLarge
    ├── DocumentRefused
    ├── PlaceMissing
    ├── SecondCallTooEarly
    └── AddressMissing
"""

from __future__ import annotations

from arengo.kernel.errors import Conflict, Invalid


class SittingAlreadyOpen(Conflict):
    """Refuse to open a sitting twice."""

    code = "sitting_already_open"
    message = "La seduta «{title}» è già aperta: non serve riaprirla."


class SittingNotOpen(Conflict):
    """Refuse to close what was never opened."""

    code = "sitting_not_open"
    message = "La seduta «{title}» non è ancora aperta: aprila prima di chiuderla."


class SittingClosed(Conflict):
    """Refuse to touch a closed sitting."""

    code = "sitting_closed"
    message = "La seduta «{title}» è conclusa e non si può modificare: per continuare, convocane una nuova."


class TitleMissing(Invalid):
    """Refuse a sitting without a title."""

    code = "sitting_title_missing"
    message = "Manca il titolo della seduta: scrivi per esempio «Consiglio comunale del 3 marzo»."


class RollUnreadable(Invalid):
    """Refuse a roll with a bad line."""

    code = "roll_unreadable"
    message = (
        "Riga {line} dell'elenco: manca il nome. Scrivi una riga per persona: nome;carica;gruppo."
    )


class Overtaken(Conflict):
    """Refuse what a console asks while looking at an old state."""

    code = "overtaken"
    title = "Nel frattempo è cambiato qualcosa"
    message = "Nel frattempo {who} ha registrato un'altra operazione: guarda com'è adesso e, se serve, ripeti."


class NothingToUndo(Conflict):
    """Refuse to undo when the last operation is none, or final."""

    code = "nothing_to_undo"
    message = "Non c'è nulla da annullare."


class HomonymKnown(Conflict):
    """Refuse a second person of the same name without what tells them apart."""

    code = "homonym_known"
    message = "C’è già {name}. Se è la stessa persona, apri la sua scheda; se è un’altra, scrivi che cosa la distingue, per esempio l’anno di nascita."


class MandateOverlaps(Conflict):
    """Refuse two mandates of one person on the same day."""

    code = "mandate_overlaps"
    message = "{name} è già in carica dal {starts_on} ({until}): i due mandati si sovrappongono. Correggi le date o termina prima il mandato in corso."


class MandateOver(Conflict):
    """Refuse to end a mandate twice."""

    code = "mandate_over"
    message = "Il mandato di {name} è già cessato il {ends_on}. Se la data è sbagliata, correggi il mandato."


class MayorThere(Conflict):
    """Refuse a second mayor."""

    code = "mayor_there"
    message = "Il Sindaco in carica il {day} è {name}: termina il suo mandato prima di inserirne un altro."


class SeatsFull(Conflict):
    """Refuse more councillors in force than those assigned."""

    # law: TUEL (d.lgs. 267/2000) art. 37: the number assigned is in the rule profile
    code = "seats_full"
    message = "Il {day} sarebbero in carica {count} consiglieri, ma al Comune ne sono assegnati {assigned}, oltre al Sindaco ({article}). Termina prima il mandato di chi cessa, oppure controlla la classe del Comune in «Regole»."


class OfficeTaken(Conflict):
    """Refuse a second holder of an office of one person."""

    code = "office_taken"
    message = "La carica di {office} è di {name} dal {starts_on}: falla terminare prima di darla ad altri."


class GroupHasMembers(Conflict):
    """Refuse to end a group that still has members."""

    code = "group_has_members"
    message = (
        "Nel gruppo «{group}» c’è ancora {name}: sposta i suoi componenti prima di scioglierlo."
    )


class AccountTaken(Conflict):
    """Refuse to link one account to two people."""

    code = "account_taken"
    message = "L’indirizzo {email} è già l’accesso di {name}: scollegalo prima dalla sua scheda."


class RegisterStale(Conflict):
    """Refuse an import whose preview no longer tells the truth."""

    code = "register_stale"
    message = "Nel frattempo il Consiglio è cambiato: l’anteprima è stata rifatta. Controllala e conferma di nuovo."


class RulesNotChosen(Conflict):
    """Refuse to guess the rules of a council."""

    code = "rules_not_chosen"
    message = "Le regole del Consiglio non sono ancora state scelte: apri «Consiglio», poi «Regole», e indica la classe di popolazione del Comune."


class NameMissing(Invalid):
    """Refuse a person without a family name."""

    code = "person_name_missing"
    message = "Manca il cognome: scrivilo come deve apparire nel verbale."


class DatesReversed(Invalid):
    """Refuse a period that ends before it starts."""

    code = "dates_reversed"
    message = "La data {later} viene prima del {earlier}: controlla le due date."


class GroupUnknown(Invalid):
    """Refuse a group that is not there on that day."""

    code = "group_unknown"
    message = "Il {day} non c’è un gruppo «{group}»: costituiscilo prima in «Gruppi consiliari»."


class HomonymsUndecided(Invalid):
    """Refuse to import homonyms that nothing tells apart."""

    code = "homonyms_undecided"
    message = "Le righe {lines} hanno lo stesso nome, {name}. Scrivi per ciascuna che cosa la distingue, per esempio l’anno di nascita."


class RegisterUnreadable(Invalid):
    """Refuse a file that is not a list of people."""

    code = "register_unreadable"
    message = "Il file non si può leggere: {why}"


class RegisterWrong(Invalid):
    """Refuse a file because of one of its rows."""

    code = "register_wrong"
    message = "Riga {line}, colonna «{column}»: {sentence}"


class ClassUnknown(Invalid):
    """Refuse a ready profile that is not there."""

    code = "class_unknown"
    message = "Questa classe di popolazione non c’è: scegline una dell’elenco."


class AgendaFrozen(Conflict):
    """Refuse to change the agenda of a sitting that has begun."""

    code = "agenda_frozen"
    message = (
        "La seduta «{title}» è iniziata: l’ordine del giorno si cambia dalla console della seduta."
    )


class ItemAnnounced(Conflict):
    """Refuse to change what the councillors were told of an item."""

    code = "item_announced"
    message = (
        "Il punto «{title}» è già nell’avviso inviato: oggetto, tipo, ordine e segretezza non si "
        "cambiano più. Per trattare altro aggiungi un punto suppletivo; per non trattarlo, il "
        "Consiglio lo ritira o lo rinvia in seduta."
    )


class NoticeAlreadySent(Conflict):
    """Refuse to change what the notice said of the sitting."""

    code = "notice_already_sent"
    message = (
        "L’avviso della seduta «{title}» è già partito: luogo, tipo e convocazione non si cambiano "
        "più. Se sono sbagliati, convoca una nuova seduta."
    )


class NothingToConvene(Conflict):
    """Refuse a notice without items, or a second one without new items."""

    code = "nothing_to_convene"
    message = (
        "Non ci sono punti da comunicare: aggiungi prima almeno un punto all’ordine del giorno."
    )


class NobodyToConvene(Conflict):
    """Refuse a notice that nobody would receive."""

    code = "nobody_to_convene"
    message = "Nessuno siede in Consiglio alla data della seduta: inserisci prima i consiglieri."


class NoticeSettled(Conflict):
    """Refuse to send again what has gone out."""

    code = "notice_settled"
    message = (
        "L’avviso a {name} è già partito o sta partendo: ricarica la pagina per vederne lo stato."
    )


class ItemTitleMissing(Invalid):
    """Refuse an item without a title."""

    code = "item_title_missing"
    message = "Manca l’oggetto del punto: scrivi di che cosa si tratta."


class DocumentEmpty(Invalid):
    """Refuse an empty file."""

    code = "document_empty"
    message = "Il file è vuoto: controllalo e caricalo di nuovo."


class DocumentTooLarge(Invalid):
    """Refuse a file over the limit."""

    code = "document_too_large"
    message = (
        "Il file è di {size_mb} MB: il limite è {limit_mb} MB. Riducilo o dividilo in più parti."
    )


class DocumentRefused(Invalid):
    """Refuse a file that is not a document, whatever its name says."""

    code = "document_refused"
    message = (
        "Il file non è un documento che si può allegare. Carica un PDF (anche firmato P7M), un ODT, "
        "ODS o ODP, un DOCX, XLSX o PPTX senza macro, oppure un’immagine PNG, JPEG o TIFF."
    )


class PlaceMissing(Invalid):
    """Refuse a notice that does not say where."""

    code = "place_missing"
    message = "Manca il luogo della seduta: scrivi dove si riunisce il Consiglio."


class AddressMissing(Invalid):
    """Refuse to send to who has no address."""

    code = "address_missing"
    message = (
        "Manca l’indirizzo di {name}: scrivilo nella scheda della persona, poi riprova; oppure "
        "consegna l’avviso in altro modo e segnalo qui."
    )


class SecondCallTooEarly(Invalid):
    """Refuse a second call before the first, or on the same day."""

    # the different day: TUEL leaves it to the regulation (da verificare)
    code = "second_call_too_early"
    message = "La seconda convocazione deve essere in un giorno successivo alla prima."


class Unreadable(Invalid):
    """Refuse what a page sent and nobody can read."""

    code = "unreadable"
    message = "La richiesta non è leggibile: ricarica la pagina e riprova."


class NotInTheCouncil(Conflict):
    """Refuse a seat to an account that no person of the council has."""

    code = "not_in_the_council"
    message = (
        "Il tuo accesso non è collegato a un componente del Consiglio: chiedi alla segreteria di "
        "collegarlo in «Persone»."
    )
