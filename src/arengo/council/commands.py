"""`arengo rules`: the rules of a council from the command line."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from arengo.council import profiles
from arengo.council.engine.cases import CaseUnusable, evaluate_case
from arengo.council.engine.errors import ProfileUnusable
from arengo.council.engine.profile import Profile
from arengo.council.profiles import ProfileUnreadable

Subparsers = argparse._SubParsersAction

DONE, REFUSED, ASKED_WRONGLY = 0, 1, 2
EXAMPLES = """esempi / examples:
  arengo rules profiles                               i profili pronti / the ready profiles
  arengo rules profile consiglio-16 > regole.toml     da completare / a start of one's own
  arengo rules evaluate --profile regole.toml --case caso.json
  arengo rules evaluate --case caso.json              col profilo scritto nel caso / the case's own

Il formato dei due file è in docs/reference/rules.md. / Both files: docs/reference/rules.md.
stato d'uscita / exit status: 0 bene / well, 1 rifiutato o diverso dall'atteso / refused or not as
expected, 2 file o comando sbagliato / a wrong file or command
"""


def add_parsers(commands: Subparsers[argparse.ArgumentParser]) -> None:
    """Register `rules` on the whole command."""
    rules = _parser(commands, "rules", "le regole del Consiglio / the council's rules")
    actions = rules.add_subparsers(metavar="azione", required=True)
    listed = _parser(actions, "profiles", "elenca i profili pronti / list the ready profiles")
    listed.set_defaults(run=list_profiles)
    printed = _parser(actions, "profile", "stampa un profilo pronto / print a ready profile")
    printed.add_argument("name", metavar="NOME", help="per esempio / such as consiglio-16")
    printed.set_defaults(run=print_profile)
    tried = _parser(actions, "evaluate", "prova le regole su un caso / try the rules on a case")
    tried.add_argument(
        "--profile", metavar="TOML|NOME", help="senza, quello del caso / without, the case's own"
    )
    tried.add_argument("--case", metavar="JSON", type=Path, required=True, help="il caso / a case")
    tried.set_defaults(run=evaluate)


def _parser(
    commands: Subparsers[argparse.ArgumentParser], name: str, title: str
) -> argparse.ArgumentParser:
    return commands.add_parser(
        name,
        help=title,
        description=title,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def list_profiles(arguments: argparse.Namespace) -> int:
    """Print each ready profile: its name, how many it assigns, whom it is for."""
    for name, profile in profiles.ready_profiles().items():
        sys.stdout.write(f"{name:14} {profile.name}\n{'':14} {profile.article}\n")
    return DONE


def print_profile(arguments: argparse.Namespace) -> int:
    """Print a ready profile as TOML; 2 when there is none of that name."""
    return _answered(lambda: _print(profiles.profile_text(arguments.name)))


def evaluate(arguments: argparse.Namespace) -> int:
    """Print as JSON what the rules make of a case."""
    return _answered(lambda: _evaluate(arguments.profile, arguments.case))


def _evaluate(given: str | None, path: Path) -> int:
    case = read_case_file(path)
    try:
        profile = _profile(given, case)
    except ProfileUnreadable:
        raise
    except ProfileUnusable as error:
        _print_json({"refused": {"sentence": str(error), "rule": error.facts["where"]}})
        return REFUSED
    found = evaluate_case(profile, case)
    _print_json(found)
    return REFUSED if found["is_refused"] or not found["is_as_expected"] else DONE


def _profile(given: str | None, case: Mapping[str, Any]) -> Profile:
    return profiles.load_profile(given) if given else profiles.profile_of_case(case)


def read_case_file(path: Path) -> dict[str, Any]:
    """Return the facts of a case's file.

    Raises
    ------
    CaseUnusable
        The file is not there, not readable, or is not a JSON object.
    """
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CaseUnusable(str(path), f"non si legge: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise CaseUnusable(str(path), f"non è un file JSON valido: {error}.") from error
    if not isinstance(facts, dict):
        raise CaseUnusable(str(path), "serve un oggetto JSON, fra parentesi graffe.")
    return facts


def _answered(act: Callable[[], int]) -> int:
    try:
        return act()
    except (ProfileUnusable, CaseUnusable) as error:
        sys.stderr.write(f"{error}\n")
        return ASKED_WRONGLY


def _print(text: str) -> int:
    sys.stdout.write(text)
    return DONE


def _print_json(facts: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(facts, ensure_ascii=False, indent=2) + "\n")
