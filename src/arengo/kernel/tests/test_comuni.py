"""All the Comuni of Italy are there, each with an address of its own."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from arengo.kernel.access import get_comune
from arengo.kernel.comuni import load_comuni, read_comuni
from arengo.kernel.errors import NotFound
from arengo.kernel.models import Comune


def test_all_7896_are_loaded_by_migrate(db: None) -> None:
    assert Comune.objects.count() == 7896


def test_pero_is_as_istat_has_it(pero: Comune) -> None:
    assert (pero.istat_code, pero.name, pero.province_code, pero.region, pero.cadastral_code) == (
        "015170",
        "Pero",
        "MI",
        "Lombardia",
        "C013",
    )


def test_namesakes_carry_their_province(db: None) -> None:
    assert get_comune("livo-co").province_code == "CO"
    assert get_comune("livo-tn").province_code == "TN"
    with pytest.raises(NotFound):
        get_comune("livo")


def test_every_address_is_plain_and_different() -> None:
    slugs = [row[2] for row in read_comuni()]
    assert len(set(slugs)) == len(slugs) == 7896
    assert all(slug.isascii() and slug == slug.lower() for slug in slugs)


def test_loading_again_writes_nothing(db: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert load_comuni() == 0
    assert len(queries) == 1


def test_a_changed_name_is_corrected(pero: Comune) -> None:
    Comune.objects.filter(pk=pero.pk).update(name="Pèro")
    assert load_comuni() == 1
    pero.refresh_from_db()
    assert pero.name == "Pero"
