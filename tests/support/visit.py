"""A page in a browser, and everything that was noticed while it was open."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import ConsoleMessage, Page, Request


@dataclass
class Visit:
    """A page and everything that was noticed while it was open."""

    page: Page
    origin: str
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = ()

    def go(self, path: str) -> Page:
        """Open an address of the stage."""
        self.page.goto(self.origin + path)
        return self.page

    def request(self, request: Request) -> None:
        """Note a request that leaves the origin."""
        if not request.url.startswith((self.origin, "data:", "blob:")):
            self.foreign.append(request.url)

    def console(self, line: ConsoleMessage) -> None:
        """Note what the browser complains of, among it every breach of the policy."""
        if line.type == "error" and not any(words in line.text for words in self.expected):
            self.complaints.append(line.text[:300])
