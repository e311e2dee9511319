"""Message templates are data; a message is a template with values put into fixed places.

The grammar is `{name}` with names from a closed list, and nothing else: no expressions, no nesting. A value
cannot bring a place of its own, because values are put in once, after the template was cut up.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from lenity.base.outcomes import InputRefused, Problem

PLACES = frozenset(
    {"lender", "name", "account", "amount", "code", "verify_page", "one_time_code"}
    | {"complain_at", "complain_where", "agency", "former", "dispute_address"}
    | {"itemised_on", "owed_then", "interest_since", "fees_since", "paid_since", "owed_now", "dispute_by"}
    | {"effective"}
)
LANGUAGES = ("zh-hans", "en")
ANYWHERE = "*"
LONGEST_VALUE = 200
NEUTRAL = {
    "cn-reminder-email": "cn-neutral-email",
    "cn-second-reminder-email": "cn-neutral-email",
    "us-reminder-email": "us-neutral-email",
    "us-second-reminder-email": "us-neutral-email",
}
"""What is sent instead to somebody who wants no word of a debt where others may look. Text messages have none."""
_PLACE = re.compile(r"\{([a-z_]+)\}")
_CONTROL = re.compile(r"[\x00-\x1f]")


@dataclass(frozen=True)
class Template:
    """One message in both languages; `version` is a digest of its text.

    `profile` is who it speaks for where it may speak for nobody else: an outside collector.
    """

    id: str
    channel: str
    purpose: str
    place: str
    texts: Mapping[str, tuple[str, str]]
    version: str
    profile: str = ""


@dataclass(frozen=True)
class Rendered:
    """A message ready to be sent."""

    subject: str
    body: str
    template: str
    version: str


def render(template_id: str, language: str, values: Mapping[str, str]) -> Rendered:
    """Put values into a template; a place without a value, or a value that is no text line, is refused."""
    template = get(template_id)
    subject, body = _cut(template_id, language)
    return Rendered(_fill(subject, values), _fill(body, values), template.id, template.version)


@cache
def places(template_id: str, language: str) -> frozenset[str]:
    """The places of a template for which values are needed."""
    return frozenset(name for parts in _cut(template_id, language) for name in parts[1::2])


def get(template_id: str) -> Template:
    """One template that comes with Lenity."""
    try:
        return shipped()[template_id]
    except KeyError:
        known = ", ".join(sorted(shipped()))
        problem = Problem("template", f"There is no template {template_id!r}.", f"Known: {known}.")
        raise InputRefused([problem]) from None


@cache
def shipped() -> Mapping[str, Template]:
    """All templates that come with Lenity."""
    folder = resources.files(__package__).joinpath("templates")
    files = sorted(
        (entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda e: e.name
    )
    read_all = [read(entry.read_text("utf-8")) for entry in files]
    return {template.id: template for template in read_all}


def read(text: str) -> Template:
    """Read a template file; `InputRefused` names what is wrong."""
    try:
        raw: dict[str, Any] = tomllib.loads(text)
        texts = {
            language: (raw[language]["subject"], raw[language]["body"].strip()) for language in LANGUAGES
        }
        template = Template(
            id=raw["id"],
            channel=raw["channel"],
            purpose=raw["purpose"],
            place=raw["place"],
            texts=texts,
            version=hashlib.sha256(text.encode()).hexdigest()[:16],
            profile=raw.get("profile", ""),
        )
    except (tomllib.TOMLDecodeError, KeyError, AttributeError) as error:
        raise InputRefused([Problem("template", f"The template cannot be read: {error}.")]) from error
    problems = [
        Problem(
            "template", f"{template.id}: {{{name}}} is not a place.", f"Use: {', '.join(sorted(PLACES))}."
        )
        for pair in texts.values()
        for part in pair
        for name in re.findall(r"\{([^}]*)\}?", part)
        if name not in PLACES
    ]
    if problems:
        raise InputRefused(problems)
    return template


@cache
def _cut(template_id: str, language: str) -> tuple[list[str], list[str]]:
    """Subject and body, each cut up into text and place in turns."""
    texts = get(template_id).texts
    subject, body = texts[language if language in texts else "en"]
    return _PLACE.split(subject), _PLACE.split(body)


def _fill(parts: list[str], values: Mapping[str, str]) -> str:
    filled = list(parts)
    filled[1::2] = [_value(name, values) for name in parts[1::2]]
    return "".join(filled)


def _value(name: str, values: Mapping[str, str]) -> str:
    value = values.get(name, "")
    if not value or len(value) > LONGEST_VALUE or _CONTROL.search(value):
        problem = Problem(
            "template.value", f"The value for {{{name}}} is missing, too long or has line breaks."
        )
        raise InputRefused([problem])
    return value
