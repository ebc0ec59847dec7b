"""A file of people is read however it was saved, previewed, and taken in exactly so."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arengo.council.errors import (
    HomonymsUndecided,
    MayorThere,
    RegisterStale,
    RegisterUnreadable,
    SeatsFull,
)
from arengo.council.models import MandateKind, OfficeKind, Person, Stance
from arengo.council.operations import (
    add_person,
    choose_class,
    import_register,
    place_group,
)
from arengo.council.queries import council_on, plan_register
from arengo.council.queries.register import Choices
from arengo.council.register import (
    MAX_BYTES,
    RegisterRow,
    mandate_in,
    name_key,
    offices_in,
    read_register,
)
from arengo.kernel.models import AuditEntry, Comune
from arengo.kernel.scope import scope

DAY = date(2026, 6, 20)
ELECTED = date(2026, 6, 10)
WHOLE = Choices(day=DAY)

MINISTRY = """"ANAGRAFE DEGLI AMMINISTRATORI LOCALI E REGIONALI"
"Aggiornato al: 20/06/2026"
codice_regione;denominazione_comune;sigla_provincia;popolazione_censita;cognome;nome;sesso;data_nascita;luogo_nascita;descrizione_carica;incarico;data_elezione;data_entrata_in_carica;lista_appartenenza/collegamento;titolo_studio;professione
03;PERO;MI;11000;DELL'ORTO;ANNA;F;01/02/1970;MILANO (MI);Sindaco;;07/06/2026;08/06/2026;INSIEME PER PERO;;
03;PERO;MI;11000;DE ROSSI;NICOLO';M;03/04/1971;RHO (MI);Consigliere;;07/06/2026;10/06/2026;INSIEME PER PERO;;
03;PERO;MI;11000;DE ROSSI;NICOLO';M;03/04/1971;RHO (MI);Assessore;Vicesindaco;07/06/2026;12/06/2026;INSIEME PER PERO;;
03;PERO;MI;11000;FO;UGO;M;05/06/1984;RHO (MI);Consigliere candidato sindaco;;07/06/2026;10/06/2026;LISTA CIVICA | "PERO DOMANI";;
03;PERO;MI;11000;SU;ADA;F;05/06/1990;RHO (MI);Consigliere;Presidente del consiglio;07/06/2026;10/06/2026;INSIEME PER PERO;;
03;RHO;MI;50000;BIANCHI;EVA;F;05/06/1990;RHO (MI);Sindaco;;07/06/2026;08/06/2026;ALTRA;;
"""


def read(text: str, encoding: str = "utf-8") -> tuple[RegisterRow, ...]:
    found = read_register(text.encode(encoding), comune="Pero", province="MI")
    assert found.problems == ()
    return found.rows


# ---- reading


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_a_file_is_read_however_it_was_saved(encoding: str, mark: str) -> None:
    text = 'Cognome;Nome;Carica;Gruppo\r\n"Forlì";Anna;Sindaca;Insieme\r\n\r\n'
    (row,) = read(text.replace(";", mark), encoding)
    assert (row.family_name, row.given_name, row.charge) == ("Forlì", "Anna", "Sindaca")
    assert (row.group, row.is_list, row.line) == ("Insieme", False, 2)


def test_the_public_register_is_read_by_its_columns() -> None:
    rows = read(MINISTRY, "cp1252")
    assert [row.full_name for row in rows] == [
        "Anna Dell'Orto",
        "Nicolò De Rossi",
        "Ugo Fo",
        "Ada Su",
    ]
    assert rows[1].charge == "Consigliere, Assessore, Vicesindaco"
    assert (rows[1].starts_on, rows[1].birth_year) == (ELECTED, "1971")
    assert (rows[2].group, rows[2].is_list) == ('LISTA CIVICA | "PERO DOMANI"', True)


def test_nothing_but_the_year_of_birth_leaves_the_reader() -> None:
    assert "03/04" not in repr(read(MINISTRY))
    assert "RHO (MI)" not in repr(read(MINISTRY))


def test_a_roll_without_headings_is_read_too() -> None:
    rows = read("Maria Teresa De Rossi;Sindaca;Insieme\nUgo Fo;Consigliere;Altra\n")
    assert [(row.family_name, row.group) for row in rows] == [
        ("De Rossi", "Insieme"),
        ("Fo", "Altra"),
    ]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "vuoto"),
        (b"PK\x03\x04xxxx", "foglio di calcolo"),
        (b"a;b\x00c", "non è un testo"),
        (b"parole senza titoli\n", "mancano i titoli"),
        (b"cognome;nome;comune\nBo;Anna;Rho\n", "nessuna persona del Comune di Pero"),
        (b"x" * (MAX_BYTES + 1), "troppo grande"),
        (b"cognome;nome\nBo;" + b"A" * 200_000, "virgolette"),
        (b"cognome;nome\n" + b"".join(b"Bo%d;A\n" % n for n in range(200)), "troppe"),
    ],
    ids=["empty", "spreadsheet", "binary", "prose", "elsewhere", "huge", "long cell", "crowd"],
)
def test_what_is_no_list_is_refused_in_words(data: bytes, why: str) -> None:
    with pytest.raises(RegisterUnreadable, match=why):
        read_register(data, comune="Pero")


@pytest.mark.parametrize(
    ("row", "column", "sentence"),
    [
        (";Anna;Sindaca;", "Cognome", "manca il cognome"),
        ("Bo;Anna;Sindaca;31/02/2026", "Dal", "31/02/2026"),
        ("Bo;Anna;Sindaca;ieri", "Dal", "31/12/2026"),
        ("Bo;Anna;Commissario straordinario;", "Carica", "commissario"),
    ],
)
def test_a_wrong_row_is_named_with_its_column(row: str, column: str, sentence: str) -> None:
    text = f"Cognome;Nome;Carica;Dal\nFo;Ugo;Consigliere;10/06/2026\n{row}\n"
    found = read_register(text.encode(), comune="Pero")
    (problem,) = found.problems
    assert (problem.line, problem.column) == (3, column)
    assert sentence in problem.sentence
    assert len(found.rows) == 1


def test_quotes_left_open_are_told_at_their_line() -> None:
    text = 'cognome;nome\nFo;Ugo\nBo;"Anna\nSu;Ada\n'
    (problem,) = read_register(text.encode(), comune="Pero").problems
    assert "virgolette" in problem.sentence


@given(st.binary(max_size=400))
def test_no_file_breaks_the_reader(data: bytes) -> None:
    try:
        found = read_register(data, comune="Pero")
    except RegisterUnreadable:
        return
    assert found.rows or found.problems


@pytest.mark.parametrize(
    ("charge", "offices", "kind"),
    [
        ("Consigliere", [], "councillor"),
        ("Consigliere candidato sindaco", [], "councillor"),
        ("Sindaco", [(OfficeKind.MAYOR, "")], "mayor"),
        ("Consigliera, Presidente del consiglio", [(OfficeKind.PRESIDENT, "")], "councillor"),
        ("Consigliere - Vicepresidente del Consiglio", [(OfficeKind.VICE, "")], "councillor"),
        (
            "Assessore, Vicesindaco",
            [(OfficeKind.ASSESSORE, ""), (OfficeKind.DEPUTY_MAYOR, "")],
            "councillor",
        ),
        (
            "Assessore non di origine elettiva",
            [(OfficeKind.ASSESSORE, "Assessore non di origine elettiva")],
            "external",
        ),
    ],
)
def test_a_charge_is_understood(
    charge: str, offices: list[tuple[OfficeKind, str]], kind: str
) -> None:
    assert list(offices_in(charge)) == offices
    assert mandate_in(charge, assessors_sit=True) == kind


def test_above_15000_who_is_only_an_assessor_has_no_seat() -> None:
    assert mandate_in("Assessore", assessors_sit=False) == MandateKind.EXTERNAL
    assert mandate_in("Consigliere, Assessore", assessors_sit=False) == MandateKind.COUNCILLOR


def test_names_are_compared_without_accents_and_apostrophes() -> None:
    assert name_key("NICOLO'", "DELL'ORTO") == name_key("Nicolò", "Dell’Orto")
    assert name_key("Ugo", "Fo") != name_key("Uga", "Fo")


# ---- preview and import


def test_an_empty_council_is_filled_and_a_second_import_changes_nothing(pero: Comune) -> None:
    rows = read(MINISTRY)
    plan = plan_register(comune=pero, rows=rows, choices=WHOLE)
    assert [one.full_name for one in plan.added] == [row.full_name for row in rows]
    import_register(comune=pero, rows=rows, choices=WHOLE, digest=plan.digest, by=None)
    seats = {seat.person.full_name: seat for seat in council_on(comune=pero, day=DAY)}
    assert seats["Anna Dell'Orto"].is_mayor
    assert seats["Nicolò De Rossi"].label == "Assessore, Vicesindaco"
    assert seats["Ada Su"].holds(OfficeKind.PRESIDENT)
    assert seats["Ugo Fo"].group == 'LISTA CIVICA | "PERO DOMANI"'
    assert seats["Ugo Fo"].person.distinction == ""
    again = plan_register(comune=pero, rows=rows, choices=WHOLE)
    assert (again.is_empty, len(again.unchanged)) == (True, 4)


def test_who_is_not_in_the_file_leaves_only_when_it_is_the_whole_council(pero: Comune) -> None:
    _seat(pero, "Eva", "Neri")
    rows = read(MINISTRY)
    part = plan_register(comune=pero, rows=rows, choices=Choices(day=DAY, is_whole=False))
    assert part.ended == ()
    plan = import_register(comune=pero, rows=rows, choices=WHOLE, by=None)
    assert [seat.person.full_name for seat in plan.ended] == ["Eva Neri"]
    names = [seat.person.full_name for seat in council_on(comune=pero, day=DAY)]
    assert "Eva Neri" not in names
    before = council_on(comune=pero, day=DAY - timedelta(days=1))
    assert "Eva Neri" in [seat.person.full_name for seat in before]


def test_changes_are_told_in_words_and_made(pero: Comune) -> None:
    import_register(comune=pero, rows=read(MINISTRY), choices=WHOLE, by=None)
    later = Choices(day=DAY + timedelta(days=100))
    changed = MINISTRY.replace("Presidente del consiglio", "").replace(
        "ADA;F;05/06/1990;RHO (MI);Consigliere", "ADA;F;05/06/1990;RHO (MI);Assessore esterno"
    )
    plan = import_register(comune=pero, rows=read(changed), choices=later, by=None)
    (change,) = plan.changed
    assert change.what == (
        "Consigliere → Assessore esterno",
        "Presidente del Consiglio → Assessore esterno",
    )
    seats = {s.person.full_name: s for s in council_on(comune=pero, day=later.day)}
    assert not seats["Ada Su"].votes
    assert seats["Ada Su"].group == "INSIEME PER PERO"
    early = {s.person.full_name: s for s in council_on(comune=pero, day=DAY)}
    assert early["Ada Su"].label == "Presidente del Consiglio"


def test_a_new_term_is_a_new_mandate(pero: Comune) -> None:
    import_register(comune=pero, rows=read(MINISTRY), choices=WHOLE, by=None)
    renewed = MINISTRY.replace("/06/2026", "/06/2031")
    choices = Choices(day=date(2031, 6, 20))
    import_register(comune=pero, rows=read(renewed), choices=choices, by=None)
    starts = {s.mandate.starts_on for s in council_on(comune=pero, day=choices.day) if s.mandate}
    assert starts == {date(2031, 6, 8), date(2031, 6, 10)}
    assert len(council_on(comune=pero, day=date(2031, 6, 7))) == 4


def test_an_earlier_date_corrects_the_mandate(pero: Comune) -> None:
    _seat(pero, "Ugo", "Fo", starts_on=DAY)
    plan = import_register(comune=pero, rows=read(MINISTRY), choices=WHOLE, by=None)
    assert plan.changed[0].what[0] == "in carica dal 20/06/2026 → 10/06/2026"
    seats = council_on(comune=pero, day=ELECTED)
    assert "Ugo Fo" in [seat.person.full_name for seat in seats]


def test_a_list_never_moves_who_is_in_a_group(pero: Comune) -> None:
    place_group(comune=pero, name="Misto", stance=Stance.MIXED, starts_on=ELECTED, by=None)
    _seat(pero, "Ugo", "Fo", group="Misto")
    import_register(comune=pero, rows=read(MINISTRY), choices=WHOLE, by=None)
    groups = {s.person.full_name: s.group for s in council_on(comune=pero, day=DAY)}
    assert groups["Ugo Fo"] == "Misto"
    rows = read("cognome;nome;gruppo\nFo;Ugo;Altra\n")
    import_register(comune=pero, rows=rows, choices=Choices(day=DAY, is_whole=False), by=None)
    groups = {s.person.full_name: s.group for s in council_on(comune=pero, day=DAY)}
    assert groups["Ugo Fo"] == "Altra"


TWO = "cognome;nome;data_nascita;carica\nBO;ANNA;01/01/1971;Consigliere\nBO;ANNA;02/02/1984;Consigliere\n"


def test_homonyms_are_refused_with_both_rows_until_told_apart(pero: Comune) -> None:
    rows = read(TWO)
    plan = plan_register(comune=pero, rows=rows, choices=WHOLE)
    assert [(one.row.line, one.suggestion) for one in plan.homonyms] == [(2, "1971"), (3, "1984")]
    for decisions in ({}, {2: "1971"}, {2: "1971", 3: "1971"}):
        with pytest.raises(HomonymsUndecided, match="righe 2 e 3"):
            import_register(comune=pero, rows=rows, choices=WHOLE, decisions=decisions, by=None)
    with scope(pero):
        assert not Person.objects.exists()
    import_register(
        comune=pero, rows=rows, choices=WHOLE, decisions={2: "1971", 3: "1984"}, by=None
    )
    names = [seat.person.full_name for seat in council_on(comune=pero, day=DAY)]
    assert names == ["Anna Bo (1971)", "Anna Bo (1984)"]
    again = plan_register(comune=pero, rows=rows, choices=WHOLE)
    assert (again.homonyms, again.is_empty) == ((), True)


def test_an_undecided_homonym_is_not_ended_meanwhile(pero: Comune) -> None:
    _seat(pero, "Anna", "Bo")
    plan = plan_register(comune=pero, rows=read(TWO), choices=WHOLE)
    assert plan.ended == ()
    assert len(plan.homonyms) == 2


def test_the_daughter_of_who_sat_is_asked_about(pero: Comune) -> None:
    _seat(pero, "Anna", "Bo", distinction="1950")
    rows = read("cognome;nome;data_nascita\nBO;ANNA;01/01/1984\n")
    plan = plan_register(comune=pero, rows=rows, choices=WHOLE)
    assert [one.known[0].full_name for one in plan.homonyms] == ["Anna Bo (1950)"]


def test_a_preview_gone_stale_does_nothing(pero: Comune) -> None:
    rows = read(MINISTRY)
    plan = plan_register(comune=pero, rows=rows, choices=WHOLE)
    _seat(pero, "Eva", "Neri")
    with pytest.raises(RegisterStale):
        import_register(comune=pero, rows=rows, choices=WHOLE, digest=plan.digest, by=None)


def test_a_council_too_large_or_with_two_mayors_is_refused_whole(pero: Comune) -> None:
    choose_class(comune=pero, key="consiglio-10", valid_from=ELECTED, by=None)
    many = "cognome;nome\n" + "".join(f"Fo{chr(97 + n)};Ugo\n" for n in range(11))
    with pytest.raises(SeatsFull, match="11 consiglieri"):
        import_register(comune=pero, rows=read(many), choices=WHOLE, by=None)
    two = read("cognome;nome;carica\nBo;Anna;Sindaca\nFo;Ugo;Sindaco\n")
    with pytest.raises(MayorThere):
        import_register(comune=pero, rows=two, choices=WHOLE, by=None)
    assert council_on(comune=pero, day=DAY) == ()


def test_offices_change_hands_in_one_import(pero: Comune) -> None:
    text = (
        "cognome;nome;carica\nBo;Anna;Consigliere, Presidente del Consiglio\nFo;Ugo;Consigliere\n"
    )
    import_register(comune=pero, rows=read(text), choices=WHOLE, by=None)
    swapped = (
        "cognome;nome;carica\nBo;Anna;Consigliere\nFo;Ugo;Consigliere, Presidente del Consiglio\n"
    )
    later = Choices(day=DAY + timedelta(days=9))
    import_register(comune=pero, rows=read(swapped), choices=later, by=None)
    seats = {s.person.full_name: s.label for s in council_on(comune=pero, day=later.day)}
    assert seats == {"Anna Bo": "Consigliere", "Ugo Fo": "Presidente del Consiglio"}
    with scope(pero):
        entry = AuditEntry.objects.filter(action="council.import_register").latest("id")
    assert entry.facts == {"added": 0, "changed": 2, "ended": 0}


def _seat(
    comune: Comune,
    given_name: str,
    family_name: str,
    starts_on: date = ELECTED,
    distinction: str = "",
    group: str = "",
) -> Person:
    return add_person(
        comune=comune,
        given_name=given_name,
        family_name=family_name,
        distinction=distinction,
        group=group,
        kind=MandateKind.COUNCILLOR,
        starts_on=starts_on,
        by=None,
    )
