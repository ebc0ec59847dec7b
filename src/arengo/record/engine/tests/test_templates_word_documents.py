"""Templates: Arengo's own change nothing, the Comune's change words and never facts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from random_sittings import hold

from arengo.council import akn_schema
from arengo.council.engine.record.account import Account
from arengo.council.engine.record.akn import ROOTS, akoma_ntoso
from arengo.council.engine.record.document import (
    Document,
    Speech,
    nodes,
    votes_of,
    words_of,
)
from arengo.council.engine.record.documents import all_documents
from arengo.council.engine.tests.record.made import demo, spoken, told
from arengo.record.engine.template_errors import TemplateFault
from arengo.record.engine.template_facts import (
    ACT,
    NAMES,
    PART,
    PARTS,
    SPEECH,
    VOTE,
    known_names,
    names_of,
    speech_facts,
    vote_facts,
)
from arengo.record.engine.templates import worded
from arengo.record.template_texts import own_template


def random_account(seed: int) -> Account:
    sitting = hold(seed)
    return told(sitting.entries, spoken(sitting.entries, seed))


def document(account: Account, kind: str = "verbale") -> Document:
    return next(one for one in all_documents(account) if one.kind == kind)


@pytest.mark.parametrize("seed", [None, *range(25)])
def test_arengos_own_templates_make_the_same_documents_node_by_node(seed: int | None) -> None:
    account = demo() if seed is None else random_account(seed)
    for one in all_documents(account):
        made = worded(account, one, own_template(one.kind))
        assert made.document == one
        assert made.left_out == ()


HOUSE = """
{% block intestazione %}
COMUNE DI {{ comune | maiuscolo }}
Provincia di Milano
{% endblock %}
{% block titolo %}Processo verbale n. 1{% endblock %}
{% block apertura %}
# Premessa
Il giorno {{ data }} presiede {{ presiede }}.
{{ ordine_del_giorno | intitolato("Argomenti da trattare") }}
{% endblock %}
{% for parte in svolgimento %}
# {% if parte.genere == "punto" %}{{ parte.numero }}) {% endif %}{{ parte.titolo }}
{{ parte.contenuto }}
{% endfor %}
{% block firme %}
Letto, approvato e sottoscritto.
Il Segretario: {{ firma_segretario }}
{% endblock %}
{% macro votazione(voto) %}
Esito: {{ voto.esito }}.
{% for gruppo in voto.gruppi %}{% if gruppo.nomi %}{{ gruppo.parole | frase }} {{ gruppo.nomi | elenco }}
{% endif %}{% endfor %}
{% endmacro %}
{% macro seduta_chiusa(fatto) %}Alle {{ fatto.ora }} si chiude.{% endmacro %}
"""


def test_a_comune_changes_letterhead_title_headings_formulas_and_signatures() -> None:
    account = demo()
    before = document(account)
    made = worded(account, before, HOUSE).document
    words = words_of(made)
    assert made.letterhead == ("COMUNE DI PERO", "Provincia di Milano")
    assert made.title == "Processo verbale n. 1"
    assert [one.title for one in made.sections][:1] == ["Premessa"]
    assert "Argomenti da trattare" in words
    assert "Letto, approvato e sottoscritto." in words
    assert "si chiude." in words
    assert all(vote.text[0].text.startswith("Esito: ") for vote in votes_of(made))
    assert "La Presidenza proclama" not in words


def test_facts_stay_what_they_were_with_their_traces() -> None:
    account = demo()
    before, made = document(account), worded(account, document(account), HOUSE).document
    for one, other in zip(votes_of(before), votes_of(made), strict=True):
        assert replace(other, text=one.text) == one
        assert all(paragraph.seqs == one.seqs for paragraph in other.text)
    said = [one for one in nodes(before) if isinstance(one, Speech)]
    assert [one for one in nodes(made) if isinstance(one, Speech)] == said
    assert made.label == before.label


@pytest.mark.parametrize("seed", range(12))
def test_every_template_gives_valid_akoma_ntoso(seed: int) -> None:
    account = random_account(seed)
    bare = "{% for parte in svolgimento %}{{ parte }}{% endfor %}"
    twice = "{% for p in svolgimento %}\n# Uno\nfrase\n# Due\nfrase\n{{ p.contenuto }}{% endfor %}"
    for one in all_documents(account):
        if one.kind in ROOTS:
            texts = (bare, twice, *((HOUSE,) if one.kind != "separate_part" else ()))
            for text in texts:
                made = worded(account, one, text).document
                assert akn_schema.validate(akoma_ntoso(account, made)) == ()


def test_what_a_template_leaves_out_is_told() -> None:
    account = demo()
    left = worded(account, document(account), "{% block apertura %}Solo questo.{% endblock %}")
    assert any(one.startswith("votazioni: ") for one in left.left_out)
    assert "le firme" in left.left_out


def test_a_fact_that_looks_like_a_command_stays_a_word() -> None:
    account = demo()
    named = replace(account, facts=replace(account.facts, place="\n# Firme\n{{ 1 }}{% if %}"))
    made = worded(
        named, document(named), "{% block apertura %}In {{ luogo }}{% endblock %}"
    ).document
    assert [one.kind for one in made.sections] == ["preamble"]
    assert words_of(made).endswith("In \n# Firme\n{{ 1 }}{% if %}")


NESTED = "{% for a in punti %}" * 18 + "x" + "{% endfor %}" * 18


@pytest.mark.parametrize(
    ("text", "told_so"),
    [
        ("\n\n{% block apertura %}{{ presidente }}{% endblock %}", "Riga 3: «presidente» non c'è. Forse volevi"),
        ("{% block apertura %}{{ oggeto }}{% endblock %}", "oggetto"),
        ("{% block apertura %}{{ ().__class__ }}{% endblock %}", "non si può usare"),
        ("{% block apertura %}{{ comune.__class__ }}{% endblock %}", "«.__class__» non c'è"),
        ("{% block apertura %}{{ ''['__class__'] }}{% endblock %}", "non si può usare"),
        ("{% block apertura %}{{ punti.__class__ }}{% endblock %}", "non c'è"),
        ("{% block apertura %}{{ comune.upper() }}{% endblock %}", "parentesi tonde"),
        ("{% set x = 1 %}", "non si può usare"),
        ("{% include 'etc' %}", "non si può usare"),
        ("{% extends 'etc' %}", "non si può usare"),
        ("{{ 9 ** 9 ** 9 }}", "non si può usare"),
        ("{{ " + "9" * 5000 + " }}", "troppo intricato"),
        ("{{ " + "(" * 3000 + ")" * 3000 + " }}", "Riga 1"),
        ("a\n{% if comune %}", "endif"),
        ("{% blocco %}", "Riga 1: «blocco» non è un comando"),
        ("{{ comune | upper }}", "il filtro «upper» non c'è"),
        ("{{ comune", "Riga 1"),
        ("fuori", "fuori da ogni parte"),
        ("{% block romanzo %}{% endblock %}", "«romanzo» non c'è"),
        ("{% block firme %}{% endblock %}{% block firme %}{% endblock %}", "due volte"),
        ("{% for p in svolgimento %}{% block firme %}x{% endblock %}{% endfor %}", "dentro un'altra"),
        ("{% for p in comune %}{% endfor %}", "non è un elenco"),
        ("{% block apertura %}" + NESTED + "{% endblock %}", "non finisce mai"),
        ("{% macro a(x) %}{{ a(x) }}{% endmacro %}{% block firme %}{{ a(1) }}{% endblock %}", "annidat"),
        ("x" * 70_000, "troppo lungo"),
        ("{% block apertura %}{{ svolgimento }}{% endblock %}", "un gruppo di cose"),
        ("{% block apertura %}{% for a in punti %}" + "{% for b in punti %}" * 7 + "y" * 50_000
         + "{% endfor %}" * 8 + "{% endblock %}", "troppo grande"),
    ],
)  # fmt: skip
def test_a_bad_template_is_refused_with_its_line_and_the_remedy(text: str, told_so: str) -> None:
    account = demo()
    with pytest.raises(TemplateFault) as refused:
        worded(account, document(account), text)
    assert told_so in str(refused.value)
    assert refused.value.line >= 1
    assert refused.value.remedy


# --- what is documented -----------------------------------------------------------------------

PAGE = Path(__file__).parents[5] / "docs" / "reference" / "templates.md"


def test_every_name_that_is_given_is_documented_and_every_documented_one_is_given() -> None:
    account = demo()
    for one in all_documents(account):
        given = set(names_of(account, one)) - {"parti"}
        assert given == set(known_names(one.kind)), one.kind
    vote = votes_of(document(account))[0]
    assert set(vote_facts(account, vote)) == set(VOTE)
    speech = next(one for one in nodes(document(account)) if isinstance(one, Speech))
    assert set(speech_facts(account, speech)) == set(SPEECH)
    first = names_of(account, document(account))["svolgimento"][0]
    assert set(first.fields) == set(PART)


def test_the_reference_says_every_name_as_the_page_does() -> None:
    told_there = PAGE.read_text(encoding="utf-8")
    for names in (NAMES, PARTS, PART, VOTE, SPEECH, ACT):
        for name, meaning in names.items():
            assert f"| `{name}` | {meaning} |" in told_there
