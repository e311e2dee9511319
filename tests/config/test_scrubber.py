"""Canaries never leave the log, in a message, an argument or an exception."""

from __future__ import annotations

import io
import logging

import pytest
from django.conf import settings

from lenity.config.scrubber import Scrubber, scrubbed

CANARIES = [
    "+8613800138000",
    "13800138000",
    "138 0013 8000",
    "11010519491231002X",
    "078-05-1120",
    "wang.xiaoming@example.com",
]


@pytest.mark.parametrize("canary", CANARIES)
def test_canaries_leave_messages_arguments_and_exceptions(canary: str) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(Scrubber())
    log = logging.getLogger("test.scrubber")
    log.propagate = False
    log.addHandler(handler)
    log.error("from %s", canary)
    log.error(f"a message about {canary}.")
    try:
        raise ValueError(canary)
    except ValueError:
        log.exception("failed")
    log.removeHandler(handler)
    assert canary not in written.getvalue()
    assert written.getvalue().count("[") >= 3


@pytest.mark.parametrize(
    "secret",
    ["code=482913", "'password': 'correct-horse'", "Authorization: ABCDEF", "sessionid=abc123", "Bearer XYZ"],
)
def test_secrets_are_hidden(secret: str) -> None:
    word = secret.replace("'", "").split("=")[-1].split(" ")[-1]
    assert word not in scrubbed(f"request with {secret}")


def test_what_helps_stays() -> None:
    line = (
        "2026-11-24T10:12:00.000000Z GET /loans/23456789ABCDEFGHJKLM/ answered 500 after 1234 ms on line 421"
    )
    assert scrubbed(line) == line


def test_every_handler_scrubs() -> None:
    assert all("scrubber" in one["filters"] for one in settings.LOGGING["handlers"].values())
