"""What is asked about the council, by aggregate."""

from arengo.council.queries.people import council_on, list_names
from arengo.council.queries.sitting import get_sitting, list_sittings

__all__ = ["council_on", "get_sitting", "list_names", "list_sittings"]
