"""What is asked about the council, by aggregate."""

from arengo.council.queries.people import (
    benches,
    council_on,
    former_mandates,
    get_group,
    get_mandate,
    get_office,
    group_history,
    groups_on,
    list_names,
    people_outside,
    person_file,
)
from arengo.council.queries.register import plan_register
from arengo.council.queries.rulebook import (
    assigned_on,
    get_rulebook,
    rulebooks,
    rules_in_force,
    rules_on,
)
from arengo.council.queries.sitting import get_sitting, list_sittings

__all__ = [
    "assigned_on",
    "benches",
    "council_on",
    "former_mandates",
    "get_group",
    "get_mandate",
    "get_office",
    "get_rulebook",
    "get_sitting",
    "group_history",
    "groups_on",
    "list_names",
    "list_sittings",
    "people_outside",
    "person_file",
    "plan_register",
    "rulebooks",
    "rules_in_force",
    "rules_on",
]
