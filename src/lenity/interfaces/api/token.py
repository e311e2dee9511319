"""Who calls: a program with a bearer token that has the scope; a borrower; a helper she lets read for her."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer

from lenity.gateways import clock
from lenity.operations.note_helper_reading import note_helper_reading
from lenity.records.arrangements import helper_queries
from lenity.records.intake import queries as intake


class Token(HttpBearer):
    """A bearer token of a program that has a scope."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The program's name, or nothing."""
        client = intake.client_by_token(_digest(token))
        return client.name if client and self.scope in client.scopes else None


class Helper(HttpBearer):
    """A bearer token that a borrower gave to a helper, for a part of what she sees."""

    scope = "own"

    def __init__(self, part: str) -> None:
        super().__init__()
        self.part = part

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The public id of the borrower, or nothing. The reading is noted before anything is given."""
        given = helper_queries.by_key(_digest(token), clock.business_day)
        if given is None or self.part not in given.parts:
            return None
        note_helper_reading(helper_id=given.helper.public_id, part=self.part)
        return given.helper.borrower.public_id


class Session(APIKeyCookie):
    """The borrower herself, signed in; a change needs the CSRF token besides."""

    scope = "own"
    param_name = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        """The public id of the borrower, or nothing."""
        return getattr(request, "borrower_id", "") or None


def own(part: str) -> list[Any]:
    """The borrower, or a helper with this part."""
    return [Helper(part), Session()]


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
