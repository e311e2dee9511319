"""Personal data at rest: AES-256-GCM bound to lender, table, column and row; HMAC for look-up.

A sealed value is `1.<key id>.<base64 of nonce + ciphertext + tag>`. Moving it to another row, column,
table or lender makes it unreadable. The blind index is keyed, because an unkeyed hash of a mobile number
is the number.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

FORMAT = "1"
GONE = "0.gone"
"""What stands where a sealed value was made unreadable for good: it opens to nothing (`erase_expired`)."""


def seal(plain: str, *, table: str, column: str, row: str) -> str:
    """Encrypt `plain` for one cell; `row` is the row's public id."""
    keys = settings.LENITY_FIELD_KEYS
    key_id = _newest(tuple(keys))
    nonce = os.urandom(12)
    cipher = _cipher(keys[key_id])
    sealed = cipher.encrypt(nonce, plain.encode(), _place(table, column, row))
    return f"{FORMAT}.{key_id}.{base64.b64encode(nonce + sealed).decode()}"


def unseal(sealed: str, *, table: str, column: str, row: str) -> str:
    """Decrypt a cell; raises `cryptography.exceptions.InvalidTag` if it was moved or changed.

    What went for good (`GONE`) is empty.
    """
    if sealed == GONE:
        return ""
    form, key_id, body = sealed.split(".", 2)
    keys = settings.LENITY_FIELD_KEYS
    if form == FORMAT and key_id not in keys:
        read_keys()
        keys = settings.LENITY_FIELD_KEYS
    if form != FORMAT or key_id not in keys:
        raise ValueError(f"sealed value of form {form!r} needs key {key_id!r}, which is not installed")
    raw = base64.b64decode(body)
    cipher = _cipher(keys[key_id])
    return cipher.decrypt(raw[:12], raw[12:], _place(table, column, row)).decode()


def newest_key() -> str:
    """The number of the key that seals."""
    return _newest(tuple(settings.LENITY_FIELD_KEYS))


def read_keys() -> None:
    """Read the field keys anew: a process that runs while another one makes a key learns of it here."""
    settings.LENITY_FIELD_KEYS = settings.LENITY_READ_FIELD_KEYS()


def blind_index(plain: str, *, purpose: str) -> str:
    """A keyed fingerprint for equality look-up of `plain` within `purpose`."""
    message = f"{settings.LENITY_LENDER}|{purpose}|{plain.strip().upper()}".encode()
    return hmac.new(settings.LENITY_INDEX_KEY, message, hashlib.sha256).hexdigest()


def derived_key(purpose: str) -> bytes:
    """A key of its own for one purpose, so that no other code can stand in for what it makes."""
    return hmac.digest(settings.LENITY_CODE_KEY, f"{settings.LENITY_LENDER}|{purpose}".encode(), "sha256")


@lru_cache(maxsize=16)
def _newest(key_ids: tuple[str, ...]) -> str:
    return max(key_ids, key=lambda one: (len(one), one))


@lru_cache(maxsize=16)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def _place(table: str, column: str, row: str) -> bytes:
    return f"{settings.LENITY_LENDER}|{table}|{column}|{row}".encode()
