"""What can be set is documented, and what is documented is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = [*(ROOT / "src").rglob("*.py"), *(ROOT / "scripts").rglob("*.py")]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
SETTING = re.compile(r"\bARENGO_[A-Z][A-Z_]*[A-Z]\b")
OF_PROCESSES = {
    "ARENGO_PUSH_URL",
    "ARENGO_PUSH_STARTED",
}  # between our own processes, nobody sets them
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def _settings(paths: list[Path]) -> set[str]:
    texts = (path.read_text(encoding="utf-8") for path in paths if "tests" not in path.parts)
    return {name for text in texts for name in SETTING.findall(text)}


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    documented = _settings([ROOT / "docs" / "reference" / "settings.md"])
    read = _settings([*CODE, ROOT / "Makefile"]) | {"ARENGO_TEST_DATABASE"}
    assert documented == read - OF_PROCESSES


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_between_documents_leads_somewhere(page: Path) -> None:
    links = LINK.findall(page.read_text(encoding="utf-8"))
    broken = [link for link in links if not (page.parent / link).exists()]
    assert not broken


def test_every_decision_has_its_own_number() -> None:
    numbers = [path.name[:4] for path in (ROOT / "docs" / "decisions").glob("[0-9]*.md")]
    assert len(numbers) == len(set(numbers)) > 0


def test_every_make_target_of_the_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z%-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md"):
        used = set(re.findall(r"`make ([a-z-]+)", page.read_text(encoding="utf-8")))
        assert {name for name in used if not name.startswith("bench-")} <= targets
