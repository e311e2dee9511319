"""A certificate as it is kept: what the law says once for all, what was found each time, the whole by its digest.

Contacts of one kind under one law rest on the same provisions. Their words are the bulk of a certificate and
the same for everybody, so they are written once (the wording); a contact keeps what was found of it (the
answers). Put together again they are the certificate's canonical text, byte for byte; its digest is in the
evidence log.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from lenity.base import canonical, dates
from lenity.domain.debt_collection.certificate import Certificate, Finding

Pairs = tuple[tuple[str, str], ...]
Told = tuple[str, str, str, str, Pairs, Pairs]
"""What is said of a provision whatever the facts: id, article, force, confidence, instrument, what it says."""


class Wording(NamedTuple):
    """What the provisions of a certificate say, as canonical text with its digest; `frames` are for joining."""

    digest: str
    text: str
    frames: tuple[tuple[str, str], ...]


class Kept(NamedTuple):
    """A certificate taken apart. `digest` is the SHA-256 of its whole canonical text."""

    wording: Wording
    answers: str
    digest: str


def keep(certificate: Certificate) -> Kept:
    """Take a certificate apart. `whole` is the way back."""
    wording = _wording(tuple([_told(finding) for finding in certificate.findings]))
    found = [_found(one.effect, one.earliest, tuple(one.facts_used.items())) for one in certificate.findings]
    before, after = _around(certificate)
    answers = "".join((before, ",".join([f"{{{one}}}" for one in found]), after))
    framed = [f"{left}{one}{right}" for (left, right), one in zip(wording.frames, found, strict=True)]
    text = "".join((before, ",".join(framed), after))
    return Kept(wording, answers, hashlib.sha256(text.encode()).hexdigest())


def whole(answers: str, wording: str) -> dict[str, Any]:
    """The certificate's plain values. Without a wording the answers are the whole."""
    plain: dict[str, Any] = json.loads(answers)
    if wording:
        pairs = zip(json.loads(wording), plain["provisions"], strict=True)
        plain["provisions"] = [{**said, **found} for said, found in pairs]
    return plain


def _around(certificate: Certificate) -> tuple[str, str]:
    """The canonical text before and after the provisions."""
    counts = canonical.text([one.to_plain() for one in certificate.counts_toward])
    before = (
        f'{{"counts_toward":{counts},"decided_at":"{dates.instant_text(certificate.decided_at)}",'
        f'"earliest":{_instant(certificate.earliest)},"provisions":['
    )
    rulebook, verdict = canonical.text(certificate.rulebook_digest), canonical.text(certificate.verdict)
    return before, f'],"rulebook":{rulebook},"verdict":{verdict}}}'


def _told(finding: Finding) -> Told:
    return (
        finding.provision_id,
        finding.article,
        finding.force,
        finding.confidence,
        tuple(finding.instrument.items()),
        tuple(finding.says.items()),
    )


@lru_cache(maxsize=1024)
def _wording(told: tuple[Told, ...]) -> Wording:
    plain = [
        {
            "id": provision_id,
            "article": article,
            "force": force,
            "confidence": confidence,
            "instrument": dict(instrument),
            "says": dict(says),
        }
        for provision_id, article, force, confidence, instrument, says in told
    ]
    text = canonical.text(plain)
    frames = tuple(_frame(one) for one in plain)
    return Wording(hashlib.sha256(text.encode()).hexdigest(), text, frames)


def _frame(plain: Mapping[str, object]) -> tuple[str, str]:
    """A provision's canonical text up to its findings (`earliest`, `effect`, `facts_used`), and after them."""
    before = canonical.text({name: plain[name] for name in ("article", "confidence")})
    after = canonical.text({name: plain[name] for name in ("force", "id", "instrument", "says")})
    return f"{before[:-1]},", f",{after[1:]}"


@lru_cache(maxsize=8192)
def _found(effect: str, earliest: datetime | None, facts: Pairs) -> str:
    told = canonical.text(dict(facts))
    return f'"earliest":{_instant(earliest)},"effect":{canonical.text(effect)},"facts_used":{told}'


def _instant(at: datetime | None) -> str:
    return f'"{dates.instant_text(at)}"' if at else "null"
