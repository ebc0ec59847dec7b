"""What the rules of the council refuse.

DomainError
├── Conflict
│   └── RuleBroken        a fact that the law, the regulation or the sitting's own state excludes
└── Invalid
    └── ProfileUnusable   a rule profile that contradicts itself or the law
"""

from __future__ import annotations

from arengo.kernel.errors import Conflict, Invalid


class RuleBroken(Conflict):
    """Refuse a fact; `sentence` says why and what to do, `rule` names the article."""

    code = "rule_broken"
    title = "Non ammesso dalle regole della seduta"
    message = "{sentence} ({rule})."

    def __init__(self, sentence: str, rule: str) -> None:
        super().__init__(sentence=sentence, rule=rule)

    @property
    def sentence(self) -> str:
        """Why it is refused, and what to do."""
        return str(self.facts["sentence"])

    @property
    def rule(self) -> str:
        """Name the article or rule."""
        return str(self.facts["rule"])


class ProfileUnusable(Invalid):
    """Refuse a rule profile; `where` is the key of the file, `sentence` says what to correct."""

    code = "profile_unusable"
    title = "Regolamento da correggere"
    message = "{where}: {sentence}"

    def __init__(self, where: str, sentence: str) -> None:
        super().__init__(where=where, sentence=sentence)
