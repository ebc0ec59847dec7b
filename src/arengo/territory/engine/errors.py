"""What the engines refuse, each with the place and the remedy.

FigureRefused
└── a figure, a rate or a profile that cannot be reckoned with
"""

from __future__ import annotations


class FigureRefused(ValueError):
    """A figure cannot be reckoned with; `where` names it as the user does, `why` says what to do."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}")
        self.where = where
        self.why = why
