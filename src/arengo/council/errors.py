"""What the council refuses.

DomainError
├── Conflict
│   ├── SittingAlreadyOpen
│   ├── SittingNotOpen
│   ├── SittingClosed
│   ├── Overtaken
│   └── NothingToUndo
└── Invalid
    ├── TitleMissing
    └── RollUnreadable
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
