"""The gate's answer: a verdict with the provisions that were looked at, and why, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from lenity.base import dates


class Finding(NamedTuple):
    """What one provision said of the contact, and on which facts."""

    provision_id: str
    instrument: Mapping[str, str]
    article: str
    force: str
    confidence: str
    effect: str  # allows | defers | refuses
    says: Mapping[str, str]
    facts_used: Mapping[str, str]
    earliest: datetime | None = None


class Count(NamedTuple):
    """An allowance the contact would use: how much of it is used, and the window it is counted in.

    `slot` is true where every allowed contact of the window is counted, so that a unique place in the
    database can be a second wall.
    """

    allowance: str
    window: str
    used: int
    at_most: int
    slot: bool

    def to_plain(self) -> dict[str, str | int]:
        """Plain values for canonical JSON."""
        return {
            "allowance": self.allowance,
            "window": self.window,
            "used": self.used,
            "at_most": self.at_most,
        }


@dataclass(frozen=True, slots=True)
class Certificate:
    """A verdict (`allowed`, `deferred`, `refused`) with everything it rests on."""

    verdict: str
    findings: tuple[Finding, ...]
    earliest: datetime | None
    counts_toward: tuple[Count, ...]
    rulebook_digest: str
    decided_at: datetime

    @property
    def leading(self) -> Finding:
        """The finding that decides: the first refusal, else the latest deferral, else the first."""
        for finding in self.findings:
            if finding.effect == "refuses":
                return finding
        deferring = [finding for finding in self.findings if finding.effect == "defers"]
        if deferring:
            return max(
                deferring, key=lambda finding: (finding.earliest or self.decided_at, finding.provision_id)
            )
        return self.findings[0]

    def to_plain(self) -> dict[str, Any]:
        """Plain values for canonical JSON."""
        return {
            "verdict": self.verdict,
            "earliest": dates.instant_text(self.earliest) if self.earliest else None,
            "decided_at": dates.instant_text(self.decided_at),
            "rulebook": self.rulebook_digest,
            "provisions": [_finding(finding) for finding in self.findings],
            "counts_toward": [count.to_plain() for count in self.counts_toward],
        }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.provision_id,
        "instrument": dict(finding.instrument),
        "article": finding.article,
        "force": finding.force,
        "confidence": finding.confidence,
        "effect": finding.effect,
        "says": dict(finding.says),
        "facts_used": dict(finding.facts_used),
        "earliest": dates.instant_text(finding.earliest) if finding.earliest else None,
    }


def in_words(plain: Mapping[str, Any], language: str) -> list[str]:
    """A stored certificate in plain sentences, in `zh-hans` or `en`: first the verdict, then each reason."""
    chinese = language.startswith("zh")
    opening = {
        "allowed": ("我们此刻可以联系您，依据如下:", "We may contact you at this time, because:"),
        "deferred": ("我们此刻不可以联系您，须等到稍后:", "We may not contact you at this time, only later:"),
        "refused": ("我们不可以这样联系您:", "We may not contact you in this way:"),
    }[plain["verdict"]]
    return [opening[0 if chinese else 1], *(_sentence(one, chinese=chinese) for one in reasons(plain))]


def reasons(plain: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The findings of a stored certificate that tell its verdict: what stopped it, or what it rests on."""
    stopping = [one for one in plain["provisions"] if one["effect"] != "allows"]
    return stopping or _telling(plain["provisions"])


def _telling(findings: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Of what allowed a contact, the findings that rest on facts, one for each fact told."""
    told: dict[str, Mapping[str, Any]] = {}
    for finding in findings:
        if finding["facts_used"]:
            told.setdefault(finding["facts_used"]["en"], finding)
    return list(told.values()) or findings


def _sentence(finding: Mapping[str, Any], *, chinese: bool) -> str:
    why = finding["says"]["zh" if chinese else "en"]
    name = finding["instrument"]["zh" if chinese else "en"]
    facts = finding["facts_used"].get("zh" if chinese else "en", "")
    told = f"{facts} " if facts else ""
    if chinese:
        return f"{told}{why}（{name}，{finding['article']}）"
    return f"{told}{why} ({name}, {finding['article']})"
