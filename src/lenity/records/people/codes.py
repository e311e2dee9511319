"""One-time codes: their limits (OWASP ASVS 5.0, 6.5 and 6.6), and how codes and numbers are stored."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from datetime import timedelta

import phonenumbers
from django.conf import settings

LIFE = timedelta(minutes=5)
TRIES = 5
AN_HOUR_A_PHONE = 5
AN_HOUR_AN_ADDRESS = 20
AN_HOUR = 2000
HOUR = timedelta(hours=1)


def normal(mobile: str) -> str:
    """A number in E.164; empty when it cannot be one. Mainland numbers need no country code."""
    for place in ("CN", "US"):
        try:
            number = phonenumbers.parse(mobile[:40], place)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return ""


def proof(typed: str) -> str:
    """The proof as it is compared: a birth date may be typed 1990-03-07, 1990/3/7, 19900307 or 1990年3月7日."""
    plain = unicodedata.normalize("NFKC", typed).strip().upper()
    parts = re.fullmatch(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?", plain)
    if parts is None or len(plain) < len("1990/3/7"):
        return plain
    return "-".join(part.zfill(2) for part in parts.groups())


def keyed(request_id: str, code: str) -> str:
    """A keyed hash of a code, bound to its request."""
    message = f"{request_id}|{code}".encode()
    return hmac.new(settings.LENITY_CODE_KEY, message, hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Equality that takes as long for a near miss."""
    return hmac.compare_digest(one.encode(), other.encode())
