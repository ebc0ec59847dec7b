"""What the record refuses.

DomainError
├── NotFound
│   ├── TemplateAbsent
│   └── DraftAbsent
├── Conflict
│   ├── GlossaryTwice
│   ├── NothingToNumber
│   ├── EarlierWithoutNumbers
│   ├── NotSigned
│   ├── SignedWithoutNumber
│   ├── AlreadyPublished
│   ├── PublicationOver
│   ├── CopyMissing
│   ├── ActNotReady
│   ├── ActReleased
│   ├── NothingToTell
│   ├── NothingHeard
│   ├── SittingNotOver
│   ├── OpeningAlone
│   ├── OpeningNotValid
│   ├── NotYetEditable
│   ├── StillHeard
│   ├── ImportRunning
│   ├── RoomMissing
│   └── StepRefused
├── Invalid
│   ├── GlossaryEmpty
│   ├── NothingChosen
│   ├── TemplateTooLong
│   ├── FirstDayPast
│   ├── TermsUnknown
│   ├── ReasonMissing
│   ├── WordsNotFound
│   ├── NothingToLeaveOut
│   ├── NothingToImport
│   ├── FormatAbsent
│   ├── SignatureRefused
│   ├── OmissionUnreasoned
│   ├── OpeningUnreasoned
│   └── StretchWrong
└── Unavailable
    ├── SchemaBroken
    ├── SealBroken
    ├── TranscriptLost
    ├── VersionLost
    └── VersionsUnwritten
"""

from __future__ import annotations

from arengo.kernel.errors import Conflict, Invalid, NotFound, Unavailable


class DraftAbsent(NotFound):
    """There is no such document of the sitting."""

    code = "draft_absent"
    message = "Questa seduta non ha il documento «{name}»: ha {known}."


class TemplateAbsent(NotFound):
    """There is no such template, or no such version of it."""

    code = "template_absent"
    message = "Il modello «{name}» non c'è: scegline uno dall'elenco dei modelli."


class TemplateTooLong(Invalid):
    """Refuse a template longer than any need be."""

    code = "template_too_long"
    message = "Il modello è troppo lungo: restane sotto i {most} caratteri."


class NothingToTell(Conflict):
    """Refuse to write the record of a sitting whose journal is empty."""

    code = "nothing_to_tell"
    message = (
        "Il registro della seduta «{title}» è vuoto: il verbale nasce quando il banco fa l'appello."
    )


class NothingHeard(Conflict):
    """Refuse to write the captions of a sitting that has none."""

    code = "nothing_heard"
    message = "La seduta «{title}» non ha sottotitoli: nessuna voce vi è stata riconosciuta."


class SittingNotOver(Conflict):
    """Refuse to put in the archive what is still going on."""

    code = "sitting_not_over"
    message = "La seduta «{title}» non è conclusa: entra nell'archivio dopo la chiusura."


class ImportRunning(Conflict):
    """Refuse a second import beside the first: both would write the same folders."""

    code = "import_running"
    message = (
        "Un'altra importazione di questo Comune è in corso: aspetta che finisca, poi ripeti il "
        "comando."
    )


class RoomMissing(Conflict):
    """Refuse to fill the disk; what was brought in stays, nothing is half done."""

    code = "room_missing"
    message = (
        "Sul disco non c'è posto: servono {needed} e ce ne sono {free}. Libera spazio e ripeti il "
        "comando: riprende da dove si è fermato."
    )


class NothingToImport(Invalid):
    """Refuse a folder without recordings."""

    code = "nothing_to_import"
    message = (
        "In «{folder}» non ci sono registrazioni: indica una cartella con file MP4, MKV, MP3, M4A "
        "o WAV."
    )


class FormatAbsent(Invalid):
    """Refuse a format in which the document is not made."""

    code = "format_absent"
    message = "Il documento non si scrive in formato «{format}»: scegli tra {known}."


class StretchWrong(Invalid):
    """Refuse an omission whose seconds are not a stretch."""

    code = "stretch_wrong"
    message = "Il passo da omettere deve finire dopo il suo inizio: controlla i due tempi."


class OmissionUnreasoned(Invalid):
    """Refuse an omission without a reason."""

    code = "omission_unreasoned"
    message = "Scrivi il motivo dell'omissis: resta nel registro di chi l'ha disposto."


class OpeningUnreasoned(Invalid):
    """Refuse to ask for what is sealed without saying why."""

    code = "opening_unreasoned"
    message = "Scrivi perché serve aprire il sigillo: lo leggerà chi deve approvare."


class OpeningAlone(Conflict):
    """Refuse that who asks to open a seal approves it as well."""

    code = "opening_alone"
    message = "Chi ha chiesto di aprire il sigillo non può approvarlo: serve una seconda persona."


class OpeningNotValid(Conflict):
    """Refuse an opening that is not approved, is over, or is somebody else's."""

    code = "opening_not_valid"
    message = (
        "Questa apertura del sigillo non vale, o non vale più: fai una nuova richiesta e falla "
        "approvare da una seconda persona."
    )


class SealBroken(Unavailable):
    """Refuse what was sealed and cannot be read: gone, damaged, or without half of its key."""

    code = "seal_broken"
    message = (
        "«{name}» non si può aprire: il file sigillato o il file seal.key manca o è cambiato. "
        "Recuperali dalla copia di sicurezza."
    )


class SchemaBroken(Unavailable):
    """Refuse to give out what does not follow its schema."""

    code = "schema_broken"
    message = (
        "Il file non rispetta lo schema Akoma Ntoso e non viene consegnato. Segnala questo "
        "messaggio a chi cura il programma: {why}"
    )


class NotYetEditable(Conflict):
    """Refuse to correct the words of a sitting that is still going on."""

    code = "not_yet_editable"
    message = (
        "La seduta «{title}» non è conclusa: la trascrizione si corregge dopo la chiusura, "
        "quando le parole sono arrivate tutte."
    )


class StillHeard(Conflict):
    """Refuse to correct words while the last ones are being recognised."""

    code = "still_heard"
    message = "Il riconoscimento sta scrivendo le ultime parole: riprova tra mezzo minuto."


class TranscriptLost(Unavailable):
    """Refuse to read edits over words that are not those they were made on."""

    code = "transcript_lost"
    message = (
        "Le parole della seduta «{title}» non sono più quelle su cui si è corretto: rimetti il "
        "file transcript.jsonl da una copia di sicurezza. Le correzioni sono al loro posto."
    )


class NothingToNumber(Conflict):
    """Refuse numbers to a sitting that decided nothing."""

    code = "nothing_to_number"
    message = (
        "Nella seduta «{title}» non è stata adottata nessuna delibera: non c'è nulla da numerare."
    )


class EarlierWithoutNumbers(Conflict):
    """Refuse to give numbers out of the order of the sittings."""

    code = "earlier_without_numbers"
    message = (
        "La seduta «{title}» del {day} viene prima e le sue delibere non hanno ancora un numero: "
        "numera prima quella."
    )


class NotSigned(Conflict):
    """Refuse to publish what nobody has signed."""

    code = "not_signed"
    message = (
        "La delibera n. {number} non è ancora firmata: condividila e falla firmare dalla pagina "
        "degli atti della seduta, poi pubblicala."
    )


class SignedWithoutNumber(Conflict):
    """Refuse to publish a file that was signed before its number was given."""

    code = "signed_without_number"
    message = (
        "Il documento firmato è di prima del numero {number}: condividilo e fallo firmare di nuovo, "
        "con il numero scritto dentro."
    )


class AlreadyPublished(Conflict):
    """Refuse a second publication beside the first."""

    code = "already_published"
    message = (
        "La delibera n. {number} è già stata pubblicata: per ricominciare i termini usa «Rettifica e "
        "ripubblica»."
    )


class PublicationOver(Conflict):
    """Refuse to end what has ended."""

    code = "publication_over"
    message = "Questa pubblicazione è già finita: ricarica la pagina per vedere com'è ora."


class CopyMissing(Conflict):
    """Refuse to publish in full what may only be shown with omissis."""

    code = "copy_missing"
    message = (
        "Questo atto si può pubblicare solo con omissis: prepara prima la copia, segnando le parole da "
        "togliere."
    )


class FirstDayPast(Invalid):
    """Refuse a publication that would begin in the past."""

    code = "first_day_past"
    message = (
        "La pubblicazione non può cominciare prima di oggi, {day}: scegli oggi o un giorno dopo."
    )


class TermsUnknown(Invalid):
    """Refuse a day whose terms cannot be reckoned."""

    code = "terms_unknown"
    message = "I termini non si possono contare: {why}."


class ReasonMissing(Invalid):
    """Refuse to end a publication without saying why."""

    code = "publication_reason_missing"
    message = "Scrivi il motivo: resta nel registro, accanto alla pubblicazione."


class WordsNotFound(Invalid):
    """Refuse to leave out what is not there: a name mistyped would stay."""

    code = "words_not_found"
    message = "Nel testo non c'è «{text}»: scrivilo come sta nel documento, parola per parola."


class NothingToLeaveOut(Invalid):
    """Refuse a copy with omissis that leaves nothing out."""

    code = "nothing_to_leave_out"
    message = "Scrivi almeno una parola da togliere, una per riga."


class StepRefused(Conflict):
    """Refuse a step of an act; `why` says what is missing, `law` where the rule is."""

    code = "step_refused"
    title = "Passo non possibile adesso"
    message = "{why} ({law})."


class VersionLost(Unavailable):
    """Refuse to give a file of an act that is not the one that was frozen."""

    code = "version_lost"
    message = (
        "Il file «{name}» manca o non è più quello fissato, e non viene consegnato: recuperalo dalla "
        "copia di sicurezza della cartella della seduta."
    )


class VersionSealed(Conflict):
    """Refuse a file in which a passage is that was omitted since."""

    code = "version_sealed"
    title = "File chiuso da un omissis"
    message = (
        "«{name}» contiene un passo della seduta che è stato omesso e non si consegna più: apri la "
        "copia con omissis, nella stessa pagina."
    )


class OmittedWords(Conflict):
    """Refuse to change words that nobody may read any more."""

    code = "omitted_words"
    message = "Queste parole sono omesse: non si leggono e non si correggono più."


class VersionsUnwritten(Unavailable):
    """Refuse a step whose files the disk does not take."""

    code = "versions_unwritten"
    message = (
        "I file dell’atto non si riescono a scrivere ({why}): nulla è cambiato. Libera spazio e "
        "riprova."
    )


class SignatureRefused(Invalid):
    """Refuse a signed file; `why` says what is wrong with it and what to do."""

    code = "signature_refused"
    title = "Firma non accettata"
    message = "{why}."


class GlossaryEmpty(Invalid):
    """Refuse an entry of the glossary without words, or with too many."""

    code = "glossary_empty"
    message = "Scrivi la voce del glossario, al più {most} caratteri."


class GlossaryTwice(Conflict):
    """Refuse to correct one thing into two."""

    code = "glossary_twice"
    message = "«{heard}» è già nel glossario in un'altra voce: correggi quella."


class NothingChosen(Invalid):
    """Refuse to replace nowhere."""

    code = "nothing_chosen"
    message = "Segna almeno un punto in cui sostituire."


class ActNotReady(Conflict):
    """Refuse to give everyone what is not signed, is reserved or was closed by an omission."""

    code = "act_not_ready"
    message = (
        "Questo atto non si può dare a tutti: dev'essere firmato, non riservato e senza omissis in "
        "corso. Controlla come sta nella pagina degli atti della seduta."
    )


class ActReleased(Conflict):
    """Refuse a second release beside the first."""

    code = "act_released"
    message = "Questo atto è già pubblico: per sostituirlo ritira prima quello che c'è."
