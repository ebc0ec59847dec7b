"""Short-lived signed tokens: a right to one thing, for one purpose, until a moment.

They carry no secret and are stored nowhere; the studio checks them without a
database. `<subject in base64url>.<expiry, Unix s>.<HMAC-SHA256 in base64url>`,
the MAC keyed for the purpose, so that a token of one purpose is void for another.
Imports no Django.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode


class TokenRefused(Exception):
    """The token is malformed, forged, expired or made for another purpose."""


def issue(secret: bytes, *, purpose: str, subject: str, expires_at: int) -> str:
    """Return a token that names `subject` until `expires_at` (Unix time, s)."""
    body = f"{_encode(subject.encode())}.{int(expires_at)}"
    return f"{body}.{_mac(secret, purpose, body)}"


def verify(secret: bytes, token: str, *, purpose: str, now: int) -> str:
    """Return the subject of a good token; `now` is Unix time, s.

    Raises
    ------
    TokenRefused
        Whatever is wrong; the reason is not told, and comparing takes constant time.
    """
    body, _, mac = token.encode(errors="replace").decode().rpartition(".")
    expected = _mac(secret, purpose, body)
    if not hmac.compare_digest(mac.encode(), expected.encode()):
        raise TokenRefused
    subject, _, expires_at = body.partition(".")
    if now >= int(expires_at):
        raise TokenRefused
    return _decode(subject).decode()


def _mac(secret: bytes, purpose: str, body: str) -> str:
    key = hmac.digest(secret, b"arengo token " + purpose.encode(), hashlib.sha256)
    return _encode(hmac.digest(key, body.encode(), hashlib.sha256))


def _encode(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
