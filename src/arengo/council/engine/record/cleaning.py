"""Text that any XML or CSV reader can hold: what it cannot is replaced by one visible mark."""

from __future__ import annotations

import re

MARK = "\N{REPLACEMENT CHARACTER}"
# Controls that XML 1.0 forbids (section 2.2) or discourages, lone surrogates, non-characters, and
# the marks of direction, with which a name could be made to read otherwise than it is written.
UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff"
    "\ufdd0-\ufdef\ufeff\ufffe\uffff]+"
)
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def clean(text: str) -> str:
    """Return a text fit for XML; each run of unfit characters is one mark."""
    return UNFIT.sub(MARK, text)


def cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: an apostrophe before it, if need be."""
    made = clean(text)
    bare = made.lstrip(" \u00a0'\"")
    return f"'{made}" if made.startswith(FORMULA) or bare.startswith(FORMULA) else made
