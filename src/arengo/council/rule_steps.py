"""The steps of the guided page of the rules: what is asked, in which order, and what the law says.

A question's `path` is the key of the rule profile (docs/reference/rules.md); times are asked in
minutes and kept in seconds. What is said of the law names its article; the rest is the Comune's
own, and its citation is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

Kind = Literal["yes", "number", "minutes", "choice", "text", "lines", "article"]
Choices = tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One thing asked; `path` is where the answer goes in the facts."""

    path: str
    label: Any
    kind: Kind
    choices: Choices = ()
    help_text: Any = ""

    @property
    def name(self) -> str:
        """Return the name of the form's field."""
        return self.path.replace(".", "-")


@dataclass(frozen=True, slots=True)
class Topic:
    """Questions under one heading, with one citation."""

    title: Any
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A step: what the law says of it, and its topics."""

    key: str
    title: Any
    law: Any
    topics: tuple[Topic, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        """Return the questions of every topic."""
        return tuple(one for topic in self.topics for one in topic.questions)


ARTICLE = _("Articolo del regolamento o dello statuto")
MEASURES: Choices = (
    ("absolute", _("più della metà")),
    ("fraction", _("almeno una frazione")),
    ("number", _("un numero fisso")),
)
QUORUM_BASES: Choices = (
    ("assigned", _("degli assegnati, senza Sindaco")),
    ("members", _("dei componenti, col Sindaco")),
)
RULES: Choices = (
    ("simple", _("più favorevoli che contrari")),
    ("absolute", _("più della metà")),
    ("fraction", _("almeno una frazione")),
    ("plurality", _("più voti degli altri (solo nomine)")),
)
BASES: Choices = (
    ("voters", _("dei votanti")),
    ("present", _("dei presenti")),
    ("assigned", _("degli assegnati, senza Sindaco")),
    ("members", _("dei componenti, col Sindaco")),
)
METHODS: Choices = (
    ("open", _("palese")),
    ("roll_call", _("per appello nominale")),
    ("secret", _("segreta")),
)
TIES: Choices = (
    ("rejected", _("la proposta non è approvata")),
    ("repeat", _("la votazione si ripete subito")),
    ("next_sitting", _("la votazione si ripete in un’altra seduta")),
)
ELECTION_TIES: Choices = (
    ("eldest", _("il più anziano di età")),
    ("repeat", _("si ripete fra chi ha lo stesso numero di voti")),
    ("most_voted", _("chi ha la maggiore cifra individuale")),
)
CHAIRS: Choices = (
    ("", _("nessun altro")),
    ("president", _("il Presidente del Consiglio")),
    ("vice_president", _("il Vicepresidente del Consiglio")),
    ("mayor", _("il Sindaco")),
    ("vice_mayor", _("il Vicesindaco")),
    ("eldest", _("il consigliere anziano di età")),
    ("most_voted", _("il consigliere con più voti")),
)
ORDERS: Choices = (
    ("suppress,replace,add", _("soppressivi, modificativi, aggiuntivi")),
    ("suppress,add,replace", _("soppressivi, aggiuntivi, modificativi")),
    ("replace,suppress,add", _("modificativi, soppressivi, aggiuntivi")),
    ("replace,add,suppress", _("modificativi, aggiuntivi, soppressivi")),
    ("add,suppress,replace", _("aggiuntivi, soppressivi, modificativi")),
    ("add,replace,suppress", _("aggiuntivi, modificativi, soppressivi")),
)
SUBJECTS: Choices = (
    ("general", _("Proposte di deliberazione e ogni altro voto")),
    ("secret_sitting", _("Passaggio in seduta segreta")),
    ("president_election", _("Elezione del presidente, primo scrutinio")),
    ("president_election_second", _("Elezione del presidente, scrutini seguenti")),
    ("president_removal", _("Revoca del presidente")),
    ("election", _("Altre nomine")),
    ("immediate", _("Immediata eseguibilità")),
    ("statute", _("Statuto, prima votazione")),
    ("statute_second", _("Statuto, votazioni successive")),
    ("no_confidence", _("Mozione di sfiducia")),
)
SPEECHES: Choices = (
    ("presentation", _("Relazione")),
    ("intervention", _("Primo intervento")),
    ("second_intervention", _("Secondo intervento")),
    ("reply", _("Replica del relatore")),
    ("declaration", _("Dichiarazione di voto")),
    ("point_of_order", _("Mozione d’ordine")),
    ("personal", _("Fatto personale")),
    ("question", _("Illustrazione di un’interrogazione")),
    ("answer", _("Risposta")),
    ("rejoinder", _("Replica dell’interrogante")),
    ("other", _("Ogni altro intervento")),
)


def _article(path: str) -> Question:
    return Question(f"{path}.article", ARTICLE, "article")


def _quorum(call: str, title: Any) -> Topic:
    path = f"quorum.{call}"
    return Topic(
        title,
        (
            Question(f"{path}.measure", _("Devono essere presenti"), "choice", MEASURES),
            Question(f"{path}.fraction", _("Frazione"), "text", help_text=_("Per esempio 1/2")),
            Question(f"{path}.number", _("Numero"), "number"),
            Question(f"{path}.base", _("Calcolata sul numero"), "choice", QUORUM_BASES),
            Question(f"{path}.counts_mayor", _("Il Sindaco conta fra i presenti"), "yes"),
            _article(path),
        ),
    )


def _majority(subject: str, title: Any) -> Topic:
    path = f"majorities.{subject}"
    return Topic(
        title,
        (
            Question(f"{path}.rule", _("È approvata con"), "choice", RULES),
            Question(f"{path}.base", _("Calcolata sul numero"), "choice", BASES),
            Question(f"{path}.fraction", _("Frazione"), "text", help_text=_("Per esempio 2/3")),
            Question(f"{path}.method", _("Votazione"), "choice", METHODS),
            _article(path),
        ),
    )


def _speech(kind: str, title: Any) -> Topic:
    path = f"speaking_times.{kind}"
    return Topic(
        title,
        (
            Question(f"{path}.limit_s", _("Minuti"), "minutes", help_text=_("0: senza limite")),
            Question(f"{path}.turns", _("Volte"), "number", help_text=_("0: senza limite")),
            Question(f"{path}.warn_s", _("Avviso prima della fine (secondi)"), "number"),
            _article(path),
        ),
    )


STEPS: tuple[Step, ...] = (
    Step(
        "numero-legale",
        _("Numero legale"),
        _(
            "Lo fissa il regolamento, ma non può mai scendere sotto un terzo dei consiglieri assegnati dalla legge, senza contare il Sindaco (TUEL art. 38 c. 2)."
        ),
        (
            _quorum("first", _("Prima convocazione")),
            Topic("", (Question("second", _("È prevista la seconda convocazione"), "yes"),)),
            _quorum("second", _("Seconda convocazione")),
            Topic(
                _("Attesa"),
                (
                    Question(
                        "quorum.wait_s", _("Attesa prima della diserzione (minuti)"), "minutes"
                    ),
                    _article("quorum"),
                ),
            ),
        ),
    ),
    Step(
        "astenuti-e-bianche",
        _("Astenuti, schede bianche e nulle"),
        _(
            "La legge non lo dice. Senza una regola locale gli astenuti contano per il numero legale ma non fra i votanti (Ministero dell’Interno, parere del 18 dicembre 2019)."
        ),
        (
            Topic(
                _("Chi conta fra i votanti"),
                (
                    Question("counting.abstained_vote", _("Gli astenuti"), "yes"),
                    Question("counting.blank_vote", _("Le schede bianche"), "yes"),
                    Question("counting.null_vote", _("Le schede nulle"), "yes"),
                    Question(
                        "counting.secret_abstention",
                        _("Nel voto segreto si registra chi dichiara di astenersi"),
                        "yes",
                    ),
                    _article("counting"),
                ),
            ),
        ),
    ),
    Step(
        "maggioranze",
        _("Maggioranze"),
        _(
            "Sono della legge l’immediata eseguibilità, con la maggioranza dei componenti (TUEL art. 134 c. 4), lo statuto (art. 6 c. 4) e la sfiducia (art. 52 c. 2): il regolamento non può chiedere meno. Le altre sono dello statuto e del regolamento."
        ),
        (
            *(_majority(subject, title) for subject, title in SUBJECTS),
            Topic(
                _("Parità di voti"),
                (
                    Question("ties.follows", _("Se i voti sono pari"), "choice", TIES),
                    _article("ties"),
                ),
            ),
            Topic(
                _("Nomine"),
                (
                    Question("elections.tie", _("A parità è eletto"), "choice", ELECTION_TIES),
                    Question("elections.scrutineers", _("Scrutatori"), "number"),
                    _article("elections"),
                ),
            ),
        ),
    ),
    Step(
        "presidenza",
        _("Chi presiede"),
        _(
            "Sopra i 15.000 abitanti presiede un presidente eletto fra i consiglieri nella prima seduta; sotto presiede il Sindaco, salvo che lo statuto preveda il presidente (TUEL art. 39 c. 1 e 3)."
        ),
        (
            Topic(
                _("In ordine, il primo che è presente"),
                (
                    Question("chair.order.0", _("Presiede"), "choice", CHAIRS),
                    Question("chair.order.1", _("Se manca"), "choice", CHAIRS),
                    Question("chair.order.2", _("Poi"), "choice", CHAIRS),
                    Question("chair.order.3", _("Infine"), "choice", CHAIRS),
                    _article("chair"),
                ),
            ),
            Topic(
                _("Il voto di chi presiede"),
                (Question("voting.chair_votes", _("Chi presiede vota"), "yes"), _article("voting")),
            ),
        ),
    ),
    Step(
        "tempi",
        _("Tempi di parola"),
        _(
            "Il funzionamento del Consiglio, e quindi i tempi, è del regolamento (TUEL art. 38 c. 2)."
        ),
        tuple(_speech(kind, title) for kind, title in SPEECHES),
    ),
    Step(
        "convocazione",
        _("Termini di convocazione"),
        _(
            "Le modalità di convocazione sono del regolamento (TUEL art. 38 c. 2). Il computo dei giorni si vede nella pagina della convocazione."
        ),
        (
            Topic(
                _("Quanto prima arriva l’avviso"),
                (
                    Question("notice.ordinary_days", _("Sedute ordinarie (giorni)"), "number"),
                    Question(
                        "notice.extraordinary_days", _("Sedute straordinarie (giorni)"), "number"
                    ),
                    Question("notice.urgent_hours", _("Sedute urgenti (ore)"), "number"),
                    Question(
                        "notice.supplementary_hours",
                        _("Ordine del giorno suppletivo (ore)"),
                        "number",
                    ),
                    _article("notice"),
                ),
            ),
        ),
    ),
    Step(
        "segretezza",
        _("Voto segreto e seduta segreta"),
        _(
            "Le sedute sono pubbliche, salvo i casi previsti dal regolamento (TUEL art. 38 c. 7), che li deve elencare; decide il Consiglio su richiesta motivata, non il solo Presidente (Ministero dell’Interno, parere 15074/2025)."
        ),
        (
            Topic(
                _("Casi, uno per riga"),
                (
                    Question("secrecy.ballot_grounds", _("Si vota a scrutinio segreto"), "lines"),
                    Question("secrecy.sitting_grounds", _("Si passa in seduta segreta"), "lines"),
                    _article("secrecy"),
                ),
            ),
        ),
    ),
    Step(
        "remoto",
        _("Sedute a distanza"),
        _(
            "Servono regole proprie del Comune, che garantiscano identificazione certa, regolarità, pubblicità e tracciabilità. Base normativa attuale: da verificare."
        ),
        (
            Topic(
                _("Chi si collega da remoto"),
                (
                    Question("remote.is_allowed", _("È ammesso"), "yes"),
                    Question("remote.counts_for_quorum", _("Conta per il numero legale"), "yes"),
                    Question(
                        "remote.checks_identity", _("A ogni voto si riscontra l’identità"), "yes"
                    ),
                    Question("remote.allows_secret", _("Può partecipare al voto segreto"), "yes"),
                    Question(
                        "remote.grace_s",
                        _("Secondi di disconnessione tollerati"),
                        "number",
                    ),
                    _article("remote"),
                ),
            ),
        ),
    ),
    Step(
        "conflitto-ed-emendamenti",
        _("Conflitto d’interessi, emendamenti"),
        _(
            "Chi ha un interesse proprio, o di parenti o affini fino al quarto grado, si astiene dalla discussione e dal voto (TUEL art. 78 c. 2). L’ordine degli emendamenti è del regolamento."
        ),
        (
            Topic(
                _("Chi si deve astenere"),
                (
                    Question("conflict.leaves", _("Lascia l’aula"), "yes"),
                    Question("conflict.counts_for_quorum", _("Conta per il numero legale"), "yes"),
                    _article("conflict"),
                ),
            ),
            Topic(
                _("Emendamenti"),
                (
                    Question("amendments.order", _("Si votano nell’ordine"), "choice", ORDERS),
                    _article("amendments"),
                ),
            ),
        ),
    ),
)
