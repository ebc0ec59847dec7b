"""Keep keys and tokens out of the logs, whoever writes them. Imports no Django."""

from __future__ import annotations

import logging
import re

_SECRET = re.compile(r"(?P<key>\b[0-9a-f]{8}-)[0-9a-f]{32}\b|(?P<name>\btoken=)[\w.~-]+")


def without_secrets(text: str) -> str:
    """Return `text` with stream keys and tokens cut out; the key's public id stays."""
    return _SECRET.sub(lambda found: f"{found['key'] or found['name']}…", text)


class WithoutSecrets(logging.Filter):
    """Rewrite each record before a handler writes it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, cleaned."""
        record.msg = without_secrets(record.getMessage())
        record.args = None
        return True
