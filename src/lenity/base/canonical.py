"""One way to write a value as bytes, so that equal facts have equal digests."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from json.encoder import encode_basestring

_REFUSED = "canonical text holds text, whole numbers, truth values, null, lists and objects; not {}"


_WRITER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def text(value: object) -> str:
    """Canonical JSON: sorted keys, no spaces, UTF-8, and no floats (RFC 8785 without numbers' grey zone)."""
    _check(value)
    return _WRITER.encode(value)


def quoted(value: str) -> str:
    """The canonical text of a text."""
    return encode_basestring(value)


def flat(fields: Mapping[str, str]) -> str:
    """The canonical text of an object that holds nothing but texts, the quick way.

    >>> flat({"b": "2", "a": "1"})
    '{"a":"1","b":"2"}'
    """
    write = encode_basestring
    return "{" + ",".join([f"{write(name)}:{write(fields[name])}" for name in sorted(fields)]) + "}"


def digest(value: object) -> str:
    """SHA-256 of the canonical text, in hex."""
    return hashlib.sha256(text(value).encode()).hexdigest()


def flat_digest(fields: Mapping[str, str]) -> str:
    """SHA-256 of the canonical text of an object that holds nothing but texts."""
    return hashlib.sha256(flat(fields).encode()).hexdigest()


PLAIN = frozenset({str, int, bool, type(None)})
TEXT = frozenset({str})


def _check(value: object) -> None:
    kind = type(value)
    if kind in PLAIN:
        return
    if kind is dict or isinstance(value, Mapping):
        inner = _values(value)  # type: ignore[arg-type]
    elif kind is list or (isinstance(value, Sequence) and not isinstance(value, (str, bytes, bytearray))):
        inner = value  # type: ignore[assignment]
    elif isinstance(value, str):
        return
    else:
        raise TypeError(_REFUSED.format(kind.__name__))
    for item in inner:
        if type(item) not in PLAIN:
            _check(item)


def _values(value: Mapping[object, object]) -> Iterable[object]:
    if not set(map(type, value)) <= TEXT and not all(isinstance(key, str) for key in value):
        raise TypeError("canonical keys are text")
    return value.values()
