"""What changes the council, by aggregate."""

from arengo.council.operations.accounts import link_account, unlink_account
from arengo.council.operations.groups import (
    end_group,
    end_office,
    give_office,
    join_group,
    place_group,
)
from arengo.council.operations.mandates import (
    Substitute,
    correct_mandate,
    end_mandate,
    seat_person,
)
from arengo.council.operations.people import (
    add_councillors,
    add_person,
    correct_person,
    replace_roll,
)
from arengo.council.operations.register import import_register
from arengo.council.operations.rulebook import choose_class, save_rulebook
from arengo.council.operations.sitting import (
    close_sitting,
    convene_sitting,
    open_sitting,
    record_past_sitting,
)

__all__ = [
    "Substitute",
    "add_councillors",
    "add_person",
    "choose_class",
    "close_sitting",
    "convene_sitting",
    "correct_mandate",
    "correct_person",
    "end_group",
    "end_mandate",
    "end_office",
    "give_office",
    "import_register",
    "join_group",
    "link_account",
    "open_sitting",
    "place_group",
    "record_past_sitting",
    "replace_roll",
    "save_rulebook",
    "seat_person",
    "unlink_account",
]
