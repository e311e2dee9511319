"""What the audit trail and the evidence log say, and whether they still say what was signed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from lenity.base import dates
from lenity.domain.evidence import checkpoints, merkle
from lenity.records.audit import envelopes
from lenity.records.audit.models import AuditEvent, Checkpoint, EvidenceLeaf


@dataclass
class Report:
    """What a verification found. `faults` is empty when everything holds."""

    size: int = 0
    root: str = ""
    unsealed: int = 0
    checkpoints: int = 0
    files: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.faults


def head() -> Checkpoint | None:
    """The newest checkpoint."""
    return Checkpoint.objects.order_by("-tree_size").first()


def leaf_hashes() -> Iterator[str]:
    """All leaf hashes by position."""
    rows = EvidenceLeaf.objects.order_by("position").values_list("leaf_hash", flat=True)
    return rows.iterator(chunk_size=5000)


def unsealed() -> int:
    """How many events have no position yet."""
    return AuditEvent.objects.filter(leaf__isnull=True).count()


def public_key() -> Ed25519PublicKey:
    """The key that checkpoints are verified with."""
    return Ed25519PrivateKey.from_private_bytes(settings.LENITY_CHECKPOINT_KEY).public_key()


def verify(folder: Path | None = None) -> Report:
    """Recompute everything from the event rows and hold it against every signed checkpoint.

    Finds changed, removed, inserted and swapped events, a truncated tail and a rewritten chain: the last two
    by the checkpoints outside the database.
    """
    report = Report(unsealed=unsealed())
    heads = _heads(report, folder or Path(settings.LENITY_CHECKPOINT_DIR))
    edge = merkle.Range()
    roots = {0: merkle.EMPTY.hex()}
    wanted = {one.size for one in heads}
    rows = EvidenceLeaf.objects.select_related("event").order_by("position")
    for leaf in rows.iterator(chunk_size=2000):
        if leaf.position != edge.size:
            report.faults.append(f"position {edge.size} is missing (next is {leaf.position})")
            break
        computed = merkle.leaf_hash(envelopes.envelope(leaf.event))
        if computed.hex() != leaf.event.leaf_hash or computed.hex() != leaf.leaf_hash:
            report.faults.append(f"position {leaf.position}: event {leaf.event_id} was changed or swapped")
        edge.append(computed)
        if edge.size in wanted:
            roots[edge.size] = edge.root().hex()
    report.size, report.root = edge.size, edge.root().hex()
    for one in heads:
        if one.size > edge.size:
            report.faults.append(f"the log ends at {edge.size}, a signed checkpoint covers {one.size}")
        elif one.size in roots and roots[one.size] != one.root:
            report.faults.append(f"the first {one.size} events do not give the root that was signed")
    if heads and edge.size > max(one.size for one in heads):
        report.faults.append("there are positions after the last signed checkpoint")
    return report


def receipt(subject_id: str) -> dict[str, Any]:
    """A receipt for the first sealed event about a subject: event, proof, signed checkpoint."""
    found = receipts([subject_id])
    if subject_id not in found:
        raise LookupError(f"{subject_id} is not in the sealed log yet; it will be after the next seal")
    return found[subject_id]


def receipts(subject_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Receipts by subject, of those that are sealed; the log is read once for all of them."""
    newest = head()
    leaves: dict[str, EvidenceLeaf] = {}
    for start in range(0, len(subject_ids), 500):
        rows = EvidenceLeaf.objects.filter(event__subject_id__in=subject_ids[start : start + 500])
        for leaf in rows.select_related("event").order_by("position"):
            leaves.setdefault(leaf.event.subject_id, leaf)
    if newest is None or not leaves:
        return {}
    hashes = [bytes.fromhex(one) for one in leaf_hashes()][: newest.tree_size]
    return {subject: _receipt(leaf, newest, hashes) for subject, leaf in leaves.items()}


def _receipt(leaf: EvidenceLeaf, newest: Checkpoint, hashes: Sequence[bytes]) -> dict[str, Any]:
    return {
        "event": envelopes.plain(leaf.event),
        "position": leaf.position,
        "proof": [step.hex() for step in merkle.inclusion_proof(hashes, leaf.position)],
        "checkpoint": {
            "origin": settings.LENITY_LENDER,
            "size": newest.tree_size,
            "root": newest.root_hash,
            "sealed_at": dates.instant_text(newest.sealed_at),
            "signature": newest.signature,
        },
        "public_key": public_key().public_bytes_raw().hex(),
    }


def _heads(report: Report, folder: Path) -> list[checkpoints.Head]:
    """Every checkpoint whose signature holds, from the table and from the folder outside the database."""
    key = public_key()
    heads: dict[tuple[int, str], checkpoints.Head] = {}
    for row in Checkpoint.objects.order_by("tree_size"):
        one = checkpoints.Head(settings.LENITY_LENDER, row.tree_size, row.root_hash, row.sealed_at)
        report.checkpoints += 1
        if _signed(key, one.note(), row.signature):
            heads[(one.size, one.root)] = one
        else:
            report.faults.append(f"the checkpoint at {row.tree_size} is not signed by our key")
    for path in sorted(folder.glob("*.checkpoint")):
        report.files += 1
        try:
            one, signature = checkpoints.parse(path.read_bytes())
        except ValueError:
            report.faults.append(f"{path.name} is not a checkpoint")
            continue
        if not _signed(key, one.note(), signature):
            report.faults.append(f"{path.name} is not signed by our key")
        else:
            heads[(one.size, one.root)] = one
    return sorted(heads.values(), key=lambda one: one.size)


def _signed(key: Ed25519PublicKey, note: bytes, signature: str) -> bool:
    try:
        key.verify(bytes.fromhex(signature), note)
    except (InvalidSignature, ValueError):
        return False
    return True
