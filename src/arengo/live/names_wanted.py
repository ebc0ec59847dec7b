"""Whom and what else a sitting will speak of, asked of the rooms above: the hearing expects them.

A receiver returns the names of the Comune, as they are written; `live` knows nobody who answers.
"""

from __future__ import annotations

from typing import Any

from django.dispatch import Signal

from arengo.kernel.models import Comune

MOST = 500  # more would cost the hearing more than they give

names_wanted = Signal()  # comune: who answers returns an iterable of names


def names_known(comune: Comune) -> list[str]:
    """Return every name given, once, in the order of who answers."""
    answers: list[tuple[Any, Any]] = names_wanted.send(Comune, comune=comune)
    return list(dict.fromkeys(name for _, names in answers for name in names))[:MOST]
