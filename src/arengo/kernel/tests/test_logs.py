"""Keys and tokens never reach a log."""

from __future__ import annotations

import io
import logging

import pytest

from arengo.kernel.logs import WithoutSecrets, without_secrets

KEY = "0f2fcabf-1a813638bfb9d24fe7bdca34cd6c5086"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"publishing with {KEY}", "publishing with 0f2fcabf-…"),
        ("GET /events/x?token=ab.12.cd_-e HTTP/1.1", "GET /events/x?token=… HTTP/1.1"),
        (f"rtmp://h/live/{KEY}", "rtmp://h/live/0f2fcabf-…"),
        ("sitting 7a014ac89a4158b5", "sitting 7a014ac89a4158b5"),
    ],
)
def test_secrets_are_cut_out(text: str, expected: str) -> None:
    assert without_secrets(text) == expected


def test_a_secret_in_the_arguments_is_cut_out_too() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(WithoutSecrets())
    record = logging.LogRecord(
        "studio", logging.ERROR, "", 1, "refused %s for %s", (KEY, "port scan"), None
    )
    handler.handle(record)
    assert stream.getvalue() == "refused 0f2fcabf-… for port scan\n"
