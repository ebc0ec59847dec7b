"""What changes the council, by aggregate."""

from arengo.council.operations.people import add_councillors, replace_roll
from arengo.council.operations.sitting import close_sitting, convene_sitting, open_sitting

__all__ = [
    "add_councillors",
    "close_sitting",
    "convene_sitting",
    "open_sitting",
    "replace_roll",
]
