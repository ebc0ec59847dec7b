"""`publiccode.yml` is what Developers Italia's catalogue wants.

Rules and vocabularies of the standard, version 0.4 (yml.publiccode.tools): the
mandatory keys, their values, and agreement with the project.
"""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
STATUSES = {"concept", "development", "beta", "stable", "obsolete"}
TYPES = {"standalone/web", "standalone/backend", "standalone/other", "addon", "library"}
MAINTENANCE = {"internal", "contract", "community", "none"}


@pytest.fixture(scope="module")
def entry() -> dict[str, Any]:
    """Return the file's content."""
    found: dict[str, Any] = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    """Return the package's own description."""
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return found


def test_the_mandatory_keys_have_allowed_values(entry: dict[str, Any]) -> None:
    assert re.fullmatch(r"0\.\d", str(entry["publiccodeYmlVersion"]))
    assert entry["name"] == "Arengo"
    assert entry["url"].startswith("https://")
    assert entry["softwareType"] in TYPES
    assert entry["developmentStatus"] in STATUSES
    assert entry["platforms"]
    assert set(entry["categories"]) <= _vocabulary("categories")
    assert set(entry["intendedAudience"]["scope"]) <= _vocabulary("scopes")


def _vocabulary(name: str) -> set[str]:
    path = ROOT / "tests" / "data" / "publiccode" / f"{name}.txt"
    return set(path.read_text(encoding="utf-8").split())


def test_it_agrees_with_the_package(entry: dict[str, Any], project: dict[str, Any]) -> None:
    assert entry["legal"]["license"] == project["license"] == "EUPL-1.2"
    assert entry["softwareVersion"] == project["version"]
    released = entry["releaseDate"]
    assert isinstance(released, date)
    assert re.search(rf"^## {re.escape(project['version'])}\b", _changelog(), re.MULTILINE)


def _changelog() -> str:
    return (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["it", "en"])
def test_each_description_is_as_long_as_the_catalogue_wants(
    entry: dict[str, Any], language: str
) -> None:
    text = entry["description"][language]
    assert 1 <= len(text["shortDescription"].strip()) <= 150
    assert 150 <= len(text["longDescription"].strip()) <= 10_000
    assert text["features"]
    assert all(len(feature) <= 100 for feature in text["features"])


def test_maintenance_says_who_answers(entry: dict[str, Any]) -> None:
    maintenance = entry["maintenance"]
    assert maintenance["type"] in MAINTENANCE
    assert maintenance["contacts"][0]["name"]


def test_localisation_has_ready_and_available(entry: dict[str, Any]) -> None:
    assert isinstance(entry["localisation"]["localisationReady"], bool)
    assert "it" in entry["localisation"]["availableLanguages"]


def test_the_licence_is_all_there() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert "Québec Free and Open-Source Licence" in text
