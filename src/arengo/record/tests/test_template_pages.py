"""The page of the templates: what is saved, what is used, and what is refused with its line."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from django.test import Client
from spoken_sitting import hold

from arengo.council.engine.record.document import words_of
from arengo.council.models import Sitting
from arengo.kernel.models import AuditEntry, Comune, User
from arengo.record.drafts import account_of, drafts_of, find, write
from arengo.record.engine.template_facts import known_names
from arengo.record.errors import TemplateAbsent, TemplateTooLong
from arengo.record.models import DocumentTemplate, TemplateKind
from arengo.record.template_texts import own_template
from arengo.record.templating import (
    fault_in,
    in_use,
    restore_template,
    save_template,
    versions,
)

GOOD = """{% block intestazione %}COMUNE DI {{ comune | maiuscolo }}{% endblock %}
{% block apertura %}Il giorno {{ data }}.{% endblock %}
{% for parte in svolgimento %}{{ parte }}{% endfor %}
{% block firme %}Il Segretario{% endblock %}
"""
BAD = "{% block apertura %}\n{{ presidente }}\n{% endblock %}"
HOME = "/consiglio/pero/modelli/"


@pytest.fixture
def held(pero: Comune, make_sitting: Callable[..., Sitting]) -> Sitting:
    """Return a sitting in which Beretta spoke and a vote was proclaimed."""
    return hold(pero, make_sitting)


@pytest.fixture
def clerk(client: Client, anna: User) -> Client:
    """Return Anna's browser."""
    client.force_login(anna)
    return client


def verbale_of(sitting: Sitting) -> str:
    account = account_of(comune=sitting.comune, sitting=sitting)
    return words_of(find(account, "verbale").document)


def save(comune: Comune, text: str, by: User) -> DocumentTemplate:
    return save_template(comune=comune, kind=TemplateKind.VERBALE, text=text, by=by)


def test_a_saved_template_words_the_documents_in_every_format(
    held: Sitting, pero: Comune, anna: User
) -> None:
    save(pero, GOOD, anna)
    account = account_of(comune=pero, sitting=held)
    draft = find(account, "verbale")
    assert draft.document.letterhead == ("COMUNE DI PERO",)
    assert b"COMUNE DI PERO" in write(account, draft, "akn").data
    assert write(account, draft, "pdf").data.startswith(b"%PDF")
    for format_, inside in (("docx", "word/document.xml"), ("odt", "content.xml")):
        found = zipfile.ZipFile(io.BytesIO(write(account, draft, format_).data))
        assert b"COMUNE DI PERO" in found.read(inside)


def test_the_other_documents_and_the_other_comuni_keep_their_words(
    held: Sitting, pero: Comune, rho: Comune, anna: User, make_sitting: Callable[..., Sitting]
) -> None:
    elsewhere = hold(rho, make_sitting)
    save(pero, GOOD, anna)
    assert "Apertura" in verbale_of(elsewhere)
    others = drafts_of(account_of(comune=pero, sitting=held))[1:]
    assert all(not one.document.letterhead for one in others)


def test_one_with_an_error_is_kept_and_the_last_good_one_is_used(
    held: Sitting, pero: Comune, anna: User
) -> None:
    save(pero, GOOD, anna)
    bad = save(pero, BAD, anna)
    assert not bad.is_valid
    assert verbale_of(held).startswith("COMUNE DI PERO")
    now = in_use(comune=pero)[0]
    assert (now.used and now.used.version, now.last and now.last.version) == (1, 2)
    assert now.is_held_back


def test_one_that_only_fails_on_a_sitting_gives_way_there_and_it_is_said(
    held: Sitting, pero: Comune, anna: User
) -> None:
    save(pero, GOOD, anna)
    trap = "{% block apertura %}{% if comune == 'Pero' %}{{ tipo.x }}{% endif %}a{% endblock %}"
    assert save(pero, trap, anna).is_valid
    draft = find(account_of(comune=pero, sitting=held), "verbale")
    assert draft.document.letterhead == ("COMUNE DI PERO",)
    assert "Riga 1" in draft.note


def test_going_back_is_a_version_too(held: Sitting, pero: Comune, anna: User) -> None:
    before = verbale_of(held)
    save(pero, GOOD, anna)
    restore_template(comune=pero, kind=TemplateKind.VERBALE, version=0, by=anna)
    assert verbale_of(held) == before
    restore_template(comune=pero, kind=TemplateKind.VERBALE, version=1, by=anna)
    assert verbale_of(held).startswith("COMUNE DI PERO")
    kept = versions(comune=pero, kind=TemplateKind.VERBALE)
    assert [one.version for one in kept] == [3, 2, 1]
    assert AuditEntry.across.filter(action="record.template_saved").count() == 3


def test_what_is_not_there_and_what_is_too_long_is_refused(pero: Comune, anna: User) -> None:
    with pytest.raises(TemplateAbsent):
        restore_template(comune=pero, kind=TemplateKind.VERBALE, version=7, by=anna)
    with pytest.raises(TemplateTooLong):
        save(pero, "x" * 70_000, anna)


def test_control_characters_become_a_mark_that_can_be_seen(pero: Comune, anna: User) -> None:
    made = save(pero, "{% block firme %}a\x00b\x1bc\u202ed{% endblock %}", anna)
    assert (
        made.text
        == "{% block firme %}a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c\N{REPLACEMENT CHARACTER}d{% endblock %}"
    )


@pytest.mark.parametrize("kind", TemplateKind)
def test_arengos_own_templates_have_no_error(kind: TemplateKind) -> None:
    assert fault_in(kind, own_template(kind)) is None


# --- pages ------------------------------------------------------------------------------------


def test_the_list_says_which_template_each_document_uses(
    clerk: Client, pero: Comune, anna: User
) -> None:
    save(pero, GOOD, anna)
    page = clerk.get(HOME).content.decode()
    assert "Modello del Comune, versione 1" in page
    assert "Modello di Arengo" in page
    for kind in TemplateKind:
        assert f"{HOME}{kind}/" in page


@pytest.mark.parametrize("kind", TemplateKind)
def test_the_page_of_a_template_names_every_fact(clerk: Client, pero: Comune, kind: str) -> None:
    page = clerk.get(f"{HOME}{kind}/").content.decode()
    for name in known_names(kind):
        assert f"<code>{name}</code>" in page


def test_a_template_is_saved_from_its_page(clerk: Client, held: Sitting) -> None:
    answer = clerk.post(f"{HOME}verbale/", {"text": GOOD.replace("\n", "\r\n")})
    assert answer.status_code == 302
    assert verbale_of(held).startswith("COMUNE DI PERO")
    assert clerk.post(f"{HOME}verbale/", {"restore": "0"}).status_code == 302
    assert "Apertura" in verbale_of(held)
    assert clerk.post(f"{HOME}verbale/", {"restore": "x"}).status_code == 404


def test_an_error_is_shown_with_its_line_and_the_text_is_not_lost(
    clerk: Client, pero: Comune
) -> None:
    answer = clerk.post(f"{HOME}verbale/", {"text": BAD})
    assert answer.status_code == 422
    for page in (answer.content.decode(), clerk.get(f"{HOME}verbale/").content.decode()):
        assert "Riga 2" in page
        assert "{{ presidente }}" in page
        assert "Verbale della seduta" in page  # the last good preview


def test_the_preview_follows_a_text_that_is_not_saved(clerk: Client, held: Sitting) -> None:
    address = f"{HOME}verbale/anteprima/"
    asked = {"text": GOOD, "sitting": held.uid}
    page = clerk.post(address, asked).content.decode()
    assert "COMUNE DI PERO" in page
    assert "via Sempione" in page
    assert "BORGO D&#x27;ESEMPIO" in clerk.post(address, {"text": GOOD}).content.decode()
    broken = clerk.post(address, {"text": BAD, "sitting": held.uid})
    assert broken.status_code == 422
    assert "Riga 2" in broken.content.decode()
    lacking = clerk.post(address, {"text": "{% block firme %}x{% endblock %}"}).content.decode()
    assert "Il modello tralascia: votazioni: 1" in lacking
    assert not DocumentTemplate.across.exists()


def test_the_preview_of_the_separate_part_shows_no_real_secret(
    clerk: Client, held: Sitting
) -> None:
    asked = {"text": own_template("separate_part"), "sitting": held.uid}
    page = clerk.post(f"{HOME}separate_part/anteprima/", asked).content.decode()
    assert "Borgo d&#x27;Esempio" in page


def test_markup_in_a_template_is_shown_as_words(clerk: Client, pero: Comune) -> None:
    text = "{% block apertura %}<script>alert(1)</script>{% endblock %}"
    page = clerk.post(f"{HOME}verbale/anteprima/", {"text": text}).content.decode()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_strangers_find_no_templates(
    client: Client, pero: Comune, bruno: User, dario: User
) -> None:
    assert client.get(HOME).status_code == 302
    for stranger in (bruno, dario):
        client.force_login(stranger)
        assert client.get(f"{HOME}verbale/").status_code == 404
        assert client.post(f"{HOME}verbale/", {"text": GOOD}).status_code == 404
