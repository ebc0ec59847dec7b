"""What is wrong with a template: on which line, why, and what to do about it."""

from __future__ import annotations


class TemplateFault(Exception):
    """A template that cannot be used; `line` is counted from 1."""

    def __init__(self, line: int, why: str, remedy: str) -> None:
        super().__init__(f"Riga {line}: {why} {remedy}")
        self.line, self.why, self.remedy = line, why, remedy
