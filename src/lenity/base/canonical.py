"""One way to write a value as bytes, so that equal facts have equal digests."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

_REFUSED = "canonical text holds text, whole numbers, truth values, null, lists and objects; not {}"


def text(value: object) -> str:
    """Canonical JSON: sorted keys, no spaces, UTF-8, and no floats (RFC 8785 without numbers' grey zone)."""
    _check(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(value: object) -> str:
    """SHA-256 of the canonical text, in hex."""
    return hashlib.sha256(text(value).encode()).hexdigest()


PLAIN = frozenset({str, int, bool, type(None)})


def _check(value: object) -> None:
    if type(value) in PLAIN:
        return
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str):
                raise TypeError("canonical keys are text")
            if type(item) not in PLAIN:
                _check(item)
    elif isinstance(value, Sequence) and not isinstance(value, (str, bytes, bytearray)):
        for item in value:
            if type(item) not in PLAIN:
                _check(item)
    elif not isinstance(value, str):
        raise TypeError(_REFUSED.format(type(value).__name__))
