"""Where mail goes out, from one setting. Imports no Django.

Without a server, messages are written into a folder: nothing is lost, and nobody receives them.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

_SMTP = re.compile(
    r"(?P<scheme>smtps?|smtp\+plain)://(?:(?P<user>[^:@/]*)(?::(?P<password>[^@/]*))?@)?"
    r"(?P<host>[^:/?@]+)(?::(?P<port>\d{1,5}))?/?"
)
PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}


def mail_settings(url: str, *, folder: Path) -> dict[str, Any]:
    """Return Django's settings of outgoing mail.

    Parameters
    ----------
    url : `smtp://user:password@host:587` (STARTTLS), `smtps://…:465` (TLS) or
        `smtp+plain://…:25` (a relay on the same machine), parts percent-encoded.
        Empty: messages are written into `folder`.

    Raises
    ------
    SystemExit
        The URL is none of them.
    """
    if not url:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": folder,
        }
    found = _SMTP.fullmatch(url)
    if found is None:
        message = "ARENGO_SMTP_URL must be smtp://user:password@host:port or smtps://…"
        raise SystemExit(message)
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": found["host"],
        "EMAIL_PORT": int(found["port"] or PORTS[found["scheme"]]),
        "EMAIL_HOST_USER": unquote(found["user"] or ""),
        "EMAIL_HOST_PASSWORD": unquote(found["password"] or ""),
        "EMAIL_USE_TLS": found["scheme"] == "smtp",
        "EMAIL_USE_SSL": found["scheme"] == "smtps",
        "EMAIL_TIMEOUT": 30,
    }
