"""Reads a message before anybody else does: no threat, shame, false urgency or false authority.

A collection message says how to stop, how to check who wrote and where to complain. The provisions behind each
rule stand with it in `wording.toml` and with what is found, which is quoted, not scored.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from lenity.domain.debt_collection import screening
from lenity.domain.debt_collection.messages import Template

READ_BY = ("CN-CBA-BANS",)
CAPITALS = re.compile(r"\b[A-Z]{4,}\b(?:\s+\b[A-Z]{3,}\b)+")


@dataclass(frozen=True)
class Finding:
    """One thing that a text may not say, or lacks: where it stands and what it is."""

    code: str
    quote: str
    start: int
    end: int
    zh: str
    en: str
    by: tuple[str, ...] = ()
    """The provisions that forbid it, or ask for what is missing."""


def lint(text: str) -> list[Finding]:
    """What is wrong with a text, in the order in which it stands there."""
    found: list[Finding] = []
    for rule in _rules()["banned"]:
        kept = [match.span() for pattern in rule.get("except", ()) for match in _search(pattern, text)]
        for pattern in rule["patterns"]:
            for match in _search(pattern, text):
                inside = any(start <= match.start() and match.end() <= end for start, end in kept)
                if not inside:
                    found.append(_finding(rule, match))
    found += [
        _finding({"code": "capitals", "zh": "全大写", "en": "capitals", "by": ["CN-CBA-BANS"]}, m)
        for m in CAPITALS.finditer(text)
    ]
    return sorted(found, key=lambda finding: (finding.start, finding.code))


def lint_draft(text: str) -> list[Finding]:
    """What is wrong with a text that somebody drafts: what may not be said, and how screening reads the rest."""
    found = lint(text)
    read = [
        Finding(
            f"reads_as_{one.category}",
            one.quote,
            one.start,
            one.end,
            "读起来像催收禁语",
            "reads as abuse",
            READ_BY,
        )
        for one in screening.screen(text)
        if not one.is_distress and not any(one.start < other.end and other.start < one.end for other in found)
    ]
    return sorted([*found, *read], key=lambda finding: (finding.start, finding.code))


def lint_template(template: Template) -> list[Finding]:
    """What is wrong with a template in either language, and what it lacks for its purpose."""
    found: list[Finding] = []
    for subject, body in template.texts.values():
        found += lint_draft(f"{subject}\n{body}")
        for code, patterns in _needed(template):
            for pattern in patterns:
                needle = re.escape(pattern) if pattern.startswith("{") else pattern
                if not re.search(needle, body):
                    found.append(_lacks(code, pattern))
        if template.channel == "sms" and "{amount}" in body:
            found.append(
                Finding("amount_in_preview", "{amount}", 0, 0, "短信中含金额", "an amount in a text")
            )
        if "{amount}" in subject or "{account}" in subject:
            found.append(Finding("debt_in_subject", subject, 0, 0, "主题中含债务", "a debt in the subject"))
    return found


def _lacks(code: str, pattern: str) -> Finding:
    by = tuple(_rules()["required_by"].get(code, ()))
    return Finding(f"lacks_{code}", pattern, 0, 0, f"缺少:{code}", f"lacks: {code}", by)


def provisions() -> frozenset[str]:
    """Every provision that a rule of the linter rests on."""
    banned = (name for rule in _rules()["banned"] for name in rule["by"])
    required = (name for names in _rules()["required_by"].values() for name in names)
    return frozenset((*banned, *required))


def _needed(template: Template) -> list[tuple[str, list[str]]]:
    """What a template must say by its purpose, and by who speaks where (US-RF-18e)."""
    by_purpose = _rules()["required"].get(template.purpose, {})
    by_speaker = _rules()["required_of"].get(template.profile, {}).get(template.place, {})
    return [*by_purpose.items(), *by_speaker.items()]


@cache
def _rules() -> Mapping[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("wording.toml").read_text("utf-8"))


def _search(pattern: str, text: str) -> list[re.Match[str]]:
    return list(re.finditer(pattern, text, re.IGNORECASE))


def _finding(rule: Mapping[str, Any], match: re.Match[str]) -> Finding:
    return Finding(
        rule["code"],
        match.group(),
        match.start(),
        match.end(),
        rule["zh"],
        rule["en"],
        tuple(rule.get("by", ())),
    )
