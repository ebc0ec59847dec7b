"""One setting says where mail goes out."""

from __future__ import annotations

from pathlib import Path

import pytest

from arengo.council.smtp import mail_settings


@pytest.mark.parametrize(
    ("url", "port", "tls", "ssl"),
    [
        ("smtp://user:p%40ss@mail.example", 587, True, False),
        ("smtps://user:p%40ss@mail.example:4650/", 4650, False, True),
        ("smtp+plain://user:p%40ss@mail.example", 25, False, False),
    ],
)
def test_each_scheme_has_its_port_and_its_encryption(
    url: str, port: int, tls: bool, ssl: bool
) -> None:
    found = mail_settings(url, folder=Path("/x"))
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == ("mail.example", port)
    assert (found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (tls, ssl)
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("user", "p@ss")


def test_without_a_server_mail_stays_in_a_folder() -> None:
    found = mail_settings("", folder=Path("/x"))
    assert found["EMAIL_FILE_PATH"] == Path("/x")
    assert found["EMAIL_BACKEND"].endswith("filebased.EmailBackend")


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://", "smtp://a:b:c"])
def test_another_address_is_refused_with_what_to_write(url: str) -> None:
    with pytest.raises(SystemExit, match="ARENGO_SMTP_URL must be"):
        mail_settings(url, folder=Path("/x"))
