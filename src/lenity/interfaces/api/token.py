"""Who calls: a program with a bearer token that has the scope."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from lenity.records.intake import queries as intake


class Token(HttpBearer):
    """A bearer token of a program that has a scope."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The program's name, or nothing."""
        client = intake.client_by_token(hashlib.sha256(token.encode()).hexdigest())
        return client.name if client and self.scope in client.scopes else None
