"""The verbale: complete, in order, nothing that was undone, nothing that was secret."""

from __future__ import annotations

from datetime import timedelta

import pytest

from arengo.council.engine import events as e
from arengo.council.engine.errors import RuleBroken
from arengo.council.engine.record.account import account
from arengo.council.engine.record.delibere import delibere
from arengo.council.engine.record.document import (
    Document,
    Paragraph,
    Section,
    Speech,
    nodes,
    votes_of,
    words_of,
)
from arengo.council.engine.record.minutes import separate_part, verbale
from arengo.council.engine.record.reports import resoconto_integrale, resoconto_sommario
from arengo.council.engine.record.sheets import attendance_sheet, vote_list
from arengo.council.engine.tests.record.made import (
    demo,
    demo_said,
    every_document,
    facts,
    said,
    told,
)
from arengo.council.engine.tests.sittings import ALL, ITEMS, START, Chamber, begun, on_item, opened


def text_of(chamber: Chamber, *heard: object, **over: object) -> str:
    return words_of(verbale(told(chamber.entries, heard, **over)))  # type: ignore[arg-type]  # for brevity


def approved(chamber: Chamber, ballot: str = "b1", **over: object) -> None:
    """Hold a vote by show of hands on item 1 and proclaim it."""
    opening = {
        "ballot": ballot,
        "item": "i1",
        "subject": "proposal",
        "title": "T",
        "method": "hands",
    }
    chamber.ask("ballot_opened", **opening | over)
    chamber.write(
        e.HandsCounted(ballot, against=("m2",), abstained=("m3",)), e.BallotClosed(ballot)
    )
    chamber.ask("proclaimed", ballot=ballot)


# --- what it contains -------------------------------------------------------------------------


def test_the_demonstration_is_told_from_the_opening_to_the_signatures() -> None:
    text = words_of(verbale(demo()))
    in_order = (
        "L'anno duemilaventisei, il giorno ventitré del mese di novembre, alle ore ventuno e minuti "
        "trentuno, in Pero, sala consiliare, si riunisce il Consiglio comunale",
        "La seduta è convocata con avviso del 17 novembre 2026 per il 23 novembre 2026 alle ore 21:30.",
        "Presiede Ambrogio Colnaghi (Presidente del Consiglio comunale).",
        "Cura la verbalizzazione Loredana Ripamonti.",
        "Teresa Ronchi | assente giustificata",
        "Roberto Tagliabue | assente giustificato",
        "è presente il numero legale: 14 consiglieri presenti",
        "dichiara aperta la seduta alle ore 21:31",
        "il parere favorevole di regolarità tecnica (art. 49 del TUEL)",
        "Interviene la consigliera Lucia Brambilla",
        "contrari 3 (Andrea Mantegazza, Salvatore Cannizzaro e Giulia Pirovano)",
        "astenute 2 (Federica Beretta e Nadia Benali)",
        "la proposta è approvata [10 favorevoli su 13 votanti",
        "dichiara chiusa la seduta alle ore 21:35",
        "Verbalizzazione: Loredana Ripamonti",
    )
    places = [text.find(one) for one in in_order]
    assert -1 not in places, in_order[places.index(-1)]
    assert places == sorted(places)


def test_every_document_says_what_it_is_and_a_demonstration_says_so_first() -> None:
    documents = every_document(demo())
    assert all(one.label.startswith("Seduta dimostrativa") for one in documents)
    labels = {one.kind: one.label for one in documents}
    assert "Bozza del verbale" in labels["verbale"]
    assert "Non è il verbale" in labels["resoconto_integrale"]
    assert "Non è il verbale" in labels["resoconto_sommario"]


def test_the_main_points_are_sentences_that_were_said() -> None:
    heard = demo_said()
    quotes = [one for one in nodes(verbale(demo())) if isinstance(one, Paragraph) and one.spans]
    assert len(quotes) > 10
    for quote in quotes:
        (span,) = quote.spans
        assert quote.text in heard[span.utterance].text
        assert (
            heard[span.utterance].start_s
            <= span.start_s
            < span.end_s
            <= heard[span.utterance].end_s
        )


def test_coming_and_going_stand_in_their_place() -> None:
    chamber = on_item(present=ALL[:14])
    chamber.write(e.FloorGiven("m4"), e.PresenceSet("m15", "present", "entry"))
    chamber.write(e.PresenceSet("m3", "absent", "exit"), e.ItemLeft("i1", "discussed"))
    text = text_of(chamber)
    assert "entra in aula Nome Cognome15; sono presenti 15 componenti con diritto di voto" in text
    assert "esce dall'aula Nome Cognome3; sono presenti 14 componenti con diritto di voto" in text
    assert text.index("Interviene Nome Cognome4") < text.index("esce dall'aula Nome Cognome3")


def test_who_presides_suspends_and_must_abstain_is_told() -> None:
    chamber = on_item()
    chamber.write(
        e.ConflictDeclared("m5", "i1", "interesse di un parente", leaves=True),
        e.ChairTaken("m6", "assenza del Presidente"),
        e.SittingSuspended("verifica tecnica"),
        e.SittingResumed(),
        e.SecretaryReplaced("Ugo Vice", "incompatibilità"),
    )
    text = text_of(chamber)
    assert "(art. 78, comma 2, del TUEL): interesse di un parente; lascia l'aula." in text
    assert "assume la presidenza Nome Cognome6: assenza del Presidente." in text
    assert "la seduta è sospesa: verifica tecnica." in text
    assert "la seduta riprende." in text
    assert "Verbalizzazione: Ugo Vice" in text


def test_the_immediate_enforceability_is_a_vote_apart() -> None:
    chamber = on_item()
    approved(chamber)
    approved(chamber, "b2", subject="immediate")
    found = votes_of(verbale(told(chamber.entries)))
    assert [(one.ballot, one.subject, one.result) for one in found] == [
        ("b1", "proposal", "approved"),
        ("b2", "immediate", "approved"),
    ]
    assert "immediatamente eseguibile (art. 134, comma 4, del TUEL)" in found[1].result_words
    (made,) = delibere(told(chamber.entries))
    decision = next(one for one in made.sections if one.kind == "deliberation")
    assert [type(one) for one in decision.blocks] == [Paragraph, Paragraph]


def test_an_amendment_is_voted_before_and_its_text_is_whole() -> None:
    chamber = on_item()
    chamber.write(e.AmendmentFiled("i1", "a1", "Più verde", "m7", "add", "Comma 1.\nComma 2."))
    approved(chamber, amendment="a1", subject="amendment")
    approved(chamber, "b2", subject="as_amended")
    text = text_of(chamber)
    assert "l'emendamento aggiuntivo «Più verde», a firma di Nome Cognome7." in text
    assert "Comma 1.\nComma 2." in text
    assert "l'emendamento «Più verde» è approvato" in text
    (made,) = delibere(told(chamber.entries))
    assert (
        "DELIBERA di approvare la proposta come emendata «Variazione di bilancio», con l'emendamento approvato: «Più verde»."
        in words_of(made)
    )


def test_the_text_of_a_proposal_is_in_the_verbale_not_in_the_resoconti() -> None:
    found = told(on_item().entries, proposals={"i1": "Di variare il bilancio come segue."})
    assert "Di variare il bilancio come segue." in words_of(verbale(found))
    assert "Di variare" not in words_of(resoconto_integrale(found))


def test_opinions_filed_before_the_sitting_are_told_with_their_item() -> None:
    chamber = begun()
    chamber.write(e.OpinionGiven("i4", "technical", "contrary", by="Ing. Rossi"))
    chamber.write(e.RollCallBegan(), *(e.PresenceSet(m, "present") for m in (*ALL, "ext")))
    chamber.write(e.RollCallEnded(), e.SittingOpened(), e.ItemCalled("i4"))
    text = text_of(chamber)
    assert (
        "il parere contrario di regolarità tecnica (art. 49 del TUEL), espresso da: Ing. Rossi."
        in text
    )
    assert text.index("si passa alla trattazione del punto n. 4") < text.index("parere contrario")


def test_a_public_delibera_tells_nothing_of_a_secret_discussion() -> None:
    chamber = on_item()
    chamber.ask("secret_began", requester="T", reason="persone")
    chamber.write(e.ConflictDeclared("m5", "i1", "parentela riservata", leaves=False))
    approved(chamber, "b0", subject="procedural", title="Questione riservata")
    chamber.write(e.SecretEnded())
    approved(chamber)
    (made,) = delibere(told(chamber.entries))
    assert not made.is_reserved
    assert "riservata" not in words_of(made)
    assert [one.ballot for one in votes_of(made)] == ["b1"]


def test_a_voided_vote_and_one_without_end_are_told_once() -> None:
    chamber = on_item()
    chamber.ask(
        "ballot_opened", ballot="b1", item="i1", subject="proposal", title="T", method="hands"
    )
    chamber.write(e.BallotVoided("b1", "errore di conteggio"))
    chamber.ask(
        "ballot_opened", ballot="b2", item="i1", subject="proposal", title="T", method="hands"
    )
    found = votes_of(verbale(told(chamber.entries)))
    assert [(one.ballot, one.stage) for one in found] == [("b1", "voided"), ("b2", "open")]
    assert "La votazione è annullata: errore di conteggio." in text_of(chamber)


def test_a_deserted_sitting_was_convened_not_held() -> None:
    chamber = begun()
    chamber.write(e.RollCallBegan(), *(e.PresenceSet(m, "absent") for m in (*ALL, "ext")))
    chamber.write(e.RollCallEnded(), e.SittingEnded("no_quorum"))
    text = text_of(chamber)
    assert "è convocato il Consiglio comunale" in text
    assert "manca il numero legale" in text
    assert "dichiara deserta la seduta" in text


def test_a_sitting_under_way_has_its_draft_already() -> None:
    chamber = begun()
    assert all(words_of(one) for one in every_document(told(chamber.entries)))


def test_an_empty_journal_is_refused() -> None:
    with pytest.raises(RuleBroken, match="non è ancora iniziato"):
        account([], facts())


# --- «a verbale» ------------------------------------------------------------------------------


def test_a_text_asked_for_goes_in_word_for_word() -> None:
    chamber = on_item()
    chamber.write(e.VerbatimAsked("m4", "  Voto contro,\nperché manca lo studio  d'impatto"))
    found = [
        one
        for one in nodes(verbale(told(chamber.entries)))
        if isinstance(one, Paragraph) and one.kind == "verbatim"
    ]
    assert [one.text for one in found] == ["  Voto contro,\nperché manca lo studio  d'impatto"]


@pytest.mark.parametrize("after_s", [1, 40], ids=["before it is heard", "after"])
def test_asked_without_a_text_the_whole_speech_is_quoted(after_s: float) -> None:
    chamber = on_item()
    chamber.write(e.FloorGiven("m4"))
    words = (
        "Prima cosa. Seconda cosa che dico. Terza cosa che dico io. Quarta. Quinta cosa qui. Sesta."
    )
    heard = said(chamber.at, "m4", words, 20)
    chamber.wait(after_s)
    chamber.write(e.VerbatimAsked("m4"))
    chamber.wait(60)
    chamber.write(e.FloorEnded())
    speech = next(
        one for one in nodes(verbale(told(chamber.entries, [heard]))) if isinstance(one, Speech)
    )
    assert speech.is_whole
    assert speech.paragraphs[0].text == words


# --- what must not be there -------------------------------------------------------------------


def test_what_was_undone_is_in_no_document() -> None:
    chamber = on_item()
    chamber.write(e.Noted("parola-annullata"), e.FloorGiven("m7"))
    chamber.write(e.Undone(chamber.state.seq - 1), e.Undone(chamber.state.seq - 0))
    undone = {chamber.entries[-1].event.seq, chamber.entries[-2].event.seq}  # type: ignore[attr-defined]  # both are Undone
    for document in every_document(told(chamber.entries)):
        assert "parola-annullata" not in words_of(document)
        assert "Cognome7 (" not in words_of(document)
        assert not undone & seqs_in(document)


def seqs_in(document: Document) -> set[int]:
    return {seq for one in nodes(document) for seq in getattr(one, "seqs", ())}


def secret_sitting() -> Chamber:
    """Return a sitting that is secret for a while: a speech, a note, a vote, then public again."""
    chamber = on_item()
    chamber.ask("secret_began", requester="Tizia Prudente", reason="giudizio su Caio")
    chamber.write(
        e.FloorGiven("m4"), e.Noted("nota riservata"), e.VerbatimAsked("m4", "testo riservato")
    )
    approved(chamber, title="Titolo riservato")
    chamber.write(e.SecretEnded(), e.ItemLeft("i1", "decided"), e.SittingEnded())
    return chamber


RESERVED = (
    "Prudente",
    "Caio",
    "nota riservata",
    "testo riservato",
    "Titolo riservato",
    "Cognome4 (",
)


def test_the_secret_part_stands_apart() -> None:
    chamber = secret_sitting()
    secret_at = next(one.at for one in chamber.entries if isinstance(one.event, e.SecretBegan))
    heard = [said(secret_at + timedelta(seconds=1), "m4", "parole dette in segreto")]
    found = told(chamber.entries, heard)
    public = [
        verbale(found),
        resoconto_integrale(found),
        resoconto_sommario(found),
        vote_list(found),
        attendance_sheet(found),
    ]
    for document in public:
        assert not [one for one in (*RESERVED, "dette in segreto") if one in words_of(document)]
    apart = separate_part(found)
    assert apart is not None
    assert apart.is_reserved
    for one in RESERVED[:-1]:
        assert one in words_of(apart)
    assert "dette in segreto" not in words_of(apart)
    assert "riportato nella parte separata" in words_of(public[0])
    assert "la seduta torna pubblica" in words_of(public[0])
    assert [one.ballot for one in votes_of(apart)] == ["b1"]
    assert votes_of(public[0]) == ()
    assert all(one.is_reserved for one in delibere(found))


def test_a_secret_item_is_told_without_its_title() -> None:
    items = (
        *ITEMS,
        e.Item("i9", "9", "Giudizio su Caio Segreto", is_secret=True, proposer="Sempronio"),
    )
    chamber = opened(items=items)
    chamber.write(e.ConflictDeclared("m3", "i9", "parentela con Caio"), e.ItemCalled("i9"))
    chamber.write(e.ItemLeft("i9", "deferred"), e.SittingEnded())
    found = told(chamber.entries)
    for document in (verbale(found), resoconto_integrale(found), vote_list(found)):
        assert not [one for one in ("Caio", "Sempronio") if one in words_of(document)]
    assert "Punto n. 9: Argomento da trattare in seduta segreta" in words_of(verbale(found))
    apart = separate_part(found)
    assert apart is not None
    assert "parentela con Caio" in words_of(apart)
    assert "il punto è rinviato" in words_of(apart)


def test_the_vote_that_makes_a_sitting_secret_is_public_without_the_item_s_title() -> None:
    items = (*ITEMS, e.Item("i9", "9", "Giudizio su Caio", is_secret=True))
    chamber = opened(items=items)
    chamber.write(e.ItemCalled("i9"))
    opening = {"ballot": "b1", "item": "i9", "subject": "secret_sitting", "title": "Su Caio"}
    chamber.ask("ballot_opened", **opening, method="hands")
    chamber.write(e.HandsCounted("b1"), e.BallotClosed("b1"))
    chamber.ask("proclaimed", ballot="b1")
    document = verbale(told(chamber.entries))
    (vote,) = votes_of(document)
    assert vote.title == "Argomento da trattare in seduta segreta"
    assert "Caio" not in words_of(document)
    assert "il passaggio alla seduta segreta è approvato" in words_of(document)


def test_a_suspension_is_public_even_from_secret_its_reason_is_not() -> None:
    chamber = on_item()
    chamber.ask("secret_began", requester="T", reason="persone")
    chamber.write(e.SittingSuspended("malore di Caio"), e.SittingResumed())
    text = text_of(chamber)
    assert "la seduta è sospesa." in text
    assert "Caio" not in text


def test_a_sitting_without_secrets_has_no_separate_part() -> None:
    assert separate_part(demo()) is None


def test_of_a_sensitive_item_no_word_is_quoted_and_resoconti_keep_quiet() -> None:
    items = (*ITEMS, e.Item("i8", "8", "Assistenza", is_sensitive=True))
    chamber = opened(items=items)
    chamber.write(e.ItemCalled("i8"), e.FloorGiven("m4"), e.VerbatimAsked("m4", "dato sanitario"))
    heard = said(chamber.at, "m4", "parla di una malattia")
    chamber.write(e.ItemLeft("i8", "discussed"))
    found = told(chamber.entries, [heard])
    assert not [one for one in every_document(found) if "malattia" in words_of(one)]
    assert "dato sanitario" in words_of(verbale(found))
    assert "dato sanitario" not in words_of(resoconto_integrale(found))
    assert any(isinstance(one, Section) and one.is_sensitive for one in nodes(verbale(found)))


def test_a_secret_ballot_has_totals_and_no_names() -> None:
    chamber = opened()
    chamber.write(e.ScrutineersNamed(("m2", "m3", "m4")), e.ItemCalled("i3"))
    chamber.ask(
        "ballot_opened",
        ballot="b1",
        item="i3",
        subject="proposal",
        title="N",
        method="secret_papers",
    )
    chamber.write(e.SecretCounted("b1", ALL[:16], (("favour", 9), ("against", 5), ("blank", 2))))
    chamber.write(e.BallotClosed("b1"))
    chamber.ask("proclaimed", ballot="b1")
    (vote,) = votes_of(verbale(told(chamber.entries)))
    assert [(one.choice, one.count) for one in vote.groups] == [
        ("favour", 9), ("against", 5), ("blank", 2), ("null", 0),
    ]  # fmt: skip
    assert all(one.members == () for one in vote.groups)
    text = " ".join(one.text for one in vote.text)
    assert "voti favorevoli 9; voti contrari 5; schede bianche 2; non hanno preso parte 1" in text
    assert "Cognome" not in text


def test_an_election_says_who_was_elected_with_the_votes() -> None:
    chamber = opened()
    chamber.write(e.ScrutineersNamed(("m2", "m3", "m4")), e.ItemCalled("i3"))
    chamber.ask(
        "ballot_opened", ballot="b1", item="i3", subject="election", title="Revisore",
        method="secret_papers", choices=["Ada Uno", "Ugo Due"], seats=1,
    )  # fmt: skip
    chamber.write(e.SecretCounted("b1", ALL, (("Ada Uno", 12), ("Ugo Due", 4), ("null", 1))))
    chamber.write(e.BallotClosed("b1"))
    chamber.ask("proclaimed", ballot="b1")
    text = text_of(chamber)
    assert "Ada Uno 12; Ugo Due 4" in text
    assert "il Consiglio elegge Ada Uno" in text
    (made,) = delibere(told(chamber.entries, delibere={"i3": 41}))
    assert made.number == 41
    assert "n. 41 del 23 novembre 2026" in made.title
    assert "DELIBERA di eleggere Ada Uno." in words_of(made)


# --- the other documents ----------------------------------------------------------------------


def test_the_resoconto_integrale_has_every_utterance_once() -> None:
    quoted = [
        span.utterance
        for one in nodes(resoconto_integrale(demo()))
        if isinstance(one, Paragraph) and one.kind == "quote"
        for span in one.spans
    ]
    assert quoted == list(range(len(demo_said())))


def test_a_key_pressed_at_the_first_syllable_finds_the_words_on_its_side() -> None:
    item = next(
        one
        for one in nodes(resoconto_integrale(demo()))
        if isinstance(one, Section) and one.item == "i0"
    )
    first = next(one for one in item.blocks if isinstance(one, Speech))
    assert first.paragraphs[0].text.startswith("Primo punto all'ordine del giorno")


def test_an_unknown_voice_is_shown_as_unknown() -> None:
    chamber = on_item()
    chamber.write(e.FloorGiven("m4"))
    heard = said(chamber.at, None, "chi parla non si sa")
    chamber.wait(30)
    chamber.write(e.FloorEnded())
    found = told(chamber.entries, [heard])
    speech = next(one for one in nodes(resoconto_integrale(found)) if isinstance(one, Speech))
    assert (speech.by, speech.name, speech.role) == ("", "voce non identificata", "unknown")
    assert "chi parla" not in words_of(verbale(found))


def test_a_rejected_proposal_is_a_delibera_that_does_not_approve() -> None:
    chamber = on_item()
    chamber.ask(
        "ballot_opened", ballot="b1", item="i1", subject="proposal", title="T", method="hands"
    )
    chamber.write(e.HandsCounted("b1", against=ALL[1:]), e.BallotClosed("b1"))
    chamber.ask("proclaimed", ballot="b1")
    (made,) = delibere(told(chamber.entries, proposals={"i1": "Di variare.\n\nDi pubblicare."}))
    assert (
        "NON APPROVA la proposta «Variazione di bilancio»: la proposta non è approvata."
        in words_of(made)
    )
    proposal = next(one for one in made.sections if one.kind == "proposal")
    texts = [
        one.text for one in proposal.blocks if isinstance(one, Paragraph) and one.kind == "proposal"
    ]
    assert texts == ["Di variare.", "Di pubblicare."]


def test_the_attendance_sheet_counts_minutes_and_lost_connections() -> None:
    chamber = opened(mode="mixed")
    chamber.wait(600)
    chamber.write(e.PresenceSet("m3", "remote", "entry"))
    chamber.wait(299)
    chamber.write(e.ConnectionChanged("m3", False))
    chamber.wait(599)
    chamber.write(e.ConnectionChanged("m3", True))
    chamber.wait(1199)
    chamber.write(e.SittingEnded())
    text = words_of(attendance_sheet(told(chamber.entries)))
    line = next(one for one in text.splitlines() if one.startswith("Nome Cognome3 |"))
    assert line.endswith("| 35")  # 10 in the hall, 5 and 20 connected, without the 10 lost
    assert line.count("presente da remoto") == 2


def test_times_are_those_of_the_sitting_s_own_zone() -> None:
    chamber = on_item()
    chamber.wait(3 * 3600)  # past midnight in Rome, not yet in UTC
    chamber.write(e.ItemLeft("i1", "discussed"))
    chamber.write(e.SittingEnded())
    assert "alle ore 00:30 del 24/11/2026" in text_of(chamber)
    assert START.hour == 20
