"""Italian for counts and lists, as a clerk writes them."""

from __future__ import annotations

from collections.abc import Sequence


def counted(count: int, one: str, many: str) -> str:
    """Return «1 votante», «13 votanti», «0 votanti»."""
    return f"{count} {one if count == 1 else many}"


def joined(words: Sequence[str]) -> str:
    """Return «Bianchi, Neri e Rossi»."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} e {words[-1]}"
