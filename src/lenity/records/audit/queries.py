"""What the audit trail and the evidence log say, and whether they still say what was signed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from lenity.base import dates
from lenity.domain.evidence import checkpoints, merkle
from lenity.records.audit import envelopes
from lenity.records.audit.models import AuditEvent, Checkpoint, EvidenceLeaf
from lenity.records.audit.row_queries import SLOW, RowCheck


@dataclass
class Report:
    """What a verification found. `faults` is empty when everything holds."""

    size: int = 0
    root: str = ""
    unsealed: int = 0
    rows: int = 0
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


def origin() -> str:
    """Whose log it is, as every signed head says."""
    return settings.LENITY_LENDER


def public_key() -> Ed25519PublicKey:
    """The key that checkpoints are verified with."""
    return Ed25519PrivateKey.from_private_bytes(settings.LENITY_CHECKPOINT_KEY).public_key()


def verify(folder: Path | None = None) -> Report:
    """Recompute everything from the event rows and hold it against every signed checkpoint.

    Finds changed, removed, inserted and swapped events, a truncated tail and a rewritten chain (the last two
    by the checkpoints outside the database), and rows that are not what their event says of them.
    """
    report, written = Report(unsealed=unsealed()), RowCheck()
    heads = _heads(report, folder or Path(settings.LENITY_CHECKPOINT_DIR))
    told, kept, times = merkle.Range(), merkle.Range(), Times({one.size: one.sealed_at for one in heads})
    roots = {0: (merkle.EMPTY.hex(), merkle.EMPTY.hex())}
    wanted, before = {one.size for one in heads}, 0
    rows = EvidenceLeaf.objects.select_related("event").order_by("position")
    for leaf in rows.iterator(chunk_size=2000):
        if leaf.position != told.size:
            report.faults.append(f"position {told.size} is missing (next is {leaf.position})")
            break
        computed = merkle.leaf_hash(envelopes.envelope(leaf.event))
        if computed.hex() != leaf.event.leaf_hash or computed.hex() != leaf.leaf_hash:
            report.faults.append(f"position {leaf.position}: event {leaf.event_id} was changed or swapped")
        if leaf.event_id < before:
            report.faults.append(
                f"position {leaf.position}: event {leaf.event_id} stands behind a later one (inserted or moved)"
            )
        before = leaf.event_id
        written.take(leaf.event)
        report.faults += times.take(leaf.event, leaf.position)
        told.append(computed)
        kept.append(_hash(leaf.leaf_hash))
        if told.size in wanted:
            roots[told.size], before = (told.root().hex(), kept.root().hex()), 0
    report.size, report.root = told.size, told.root().hex()
    _hold_against(report, heads, roots)
    report.faults += _changed_unsealed(written, times, report.size)
    report.faults += written.finish()
    report.rows = written.rows
    return report


class Times:
    """Whether events come in the order in which they say they happened, and none from before a sealed head."""

    def __init__(self, sealed: Mapping[int, datetime]) -> None:
        self._sealed = sorted(sealed.items(), reverse=True)
        self._head: tuple[int, datetime] | None = None
        self._latest: datetime | None = None

    def take(self, event: AuditEvent, position: int) -> list[str]:
        """What is wrong with the time of the event at a position (of the next one, where it waits for a seal)."""
        while self._sealed and self._sealed[-1][0] <= position:
            self._head = self._sealed.pop()
        at, latest = event.happened_at, self._latest
        self._latest = max(at, latest or at)
        says = f"event {event.pk} says {at:%Y-%m-%d %H:%M}Z"
        if self._head and at < self._head[1] - SLOW:
            size, sealed = self._head
            return [
                f"{says}, but the {size} events sealed at {sealed:%Y-%m-%d %H:%M}Z lack it: it is backdated"
            ]
        if latest and at < latest - SLOW:
            return [f"{says}, but an event before it says {latest:%Y-%m-%d %H:%M}Z: it is backdated"]
        return []


def _hash(text: str) -> bytes:
    """A stored hash, or that of nothing where it is no hash at all."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return merkle.EMPTY


def _hold_against(
    report: Report, heads: Sequence[checkpoints.Head], roots: Mapping[int, tuple[str, str]]
) -> None:
    """Compare with every signed head; the first that does not fit says between which positions to look."""
    good = 0
    for place, one in enumerate(heads):
        if place and heads[place - 1].size == one.size:
            report.faults.append(f"two different heads of {one.size} events are signed: the log was forked")
        if one.size > report.size:
            report.faults.append(f"the log ends at {report.size}, a signed checkpoint covers {one.size}")
        elif one.size in roots and one.root not in roots[one.size]:
            report.faults.append(
                f"the first {one.size} events do not give the root that was signed: "
                f"look at positions {good} to {one.size - 1}"
            )
        elif one.size in roots and one.root == roots[one.size][0]:
            good = max(good, one.size)
    if heads and report.size > max(one.size for one in heads):
        report.faults.append("there are positions after the last signed checkpoint")


def _changed_unsealed(written: RowCheck, times: Times, size: int) -> list[str]:
    """Events that wait for the next seal and no longer give their own hash."""
    found = []
    for one in AuditEvent.objects.filter(leaf__isnull=True).order_by("id").iterator(chunk_size=2000):
        written.take(one)
        found += times.take(one, size)
        if merkle.leaf_hash(envelopes.envelope(one)).hex() != one.leaf_hash:
            found.append(f"event {one.pk}, not sealed yet, was changed")
    return found


def consistency(old_size: int, new_size: int | None = None) -> dict[str, Any]:
    """That the signed head of `old_size` is a beginning of a later one (the newest without a size)."""
    known = {one.tree_size: one for one in Checkpoint.objects.order_by("tree_size")}
    newest = max(known, default=0) if new_size is None else new_size
    missing = [size for size in (old_size, newest) if size not in known]
    if missing:
        raise LookupError(f"there is no checkpoint at {missing[0]}; there are: {_some(known)}")
    if old_size > newest:
        raise LookupError(f"{old_size} is later than {newest}; give the older size first")
    hashes = [bytes.fromhex(one) for one in leaf_hashes()][:newest]
    return {
        "old": _told_head(known[old_size]),
        "new": _told_head(known[newest]),
        "proof": [step.hex() for step in merkle.consistency_proof(hashes, old_size)],
        "public_key": public_key().public_bytes_raw().hex(),
    }


def _some(known: Iterable[int]) -> str:
    sizes = sorted(known)
    return ", ".join(str(size) for size in sizes[-20:]) or "none"


def _told_head(one: Checkpoint) -> dict[str, Any]:
    return {
        "origin": settings.LENITY_LENDER,
        "size": one.tree_size,
        "root": one.root_hash,
        "sealed_at": dates.instant_text(one.sealed_at),
        "signature": one.signature,
    }


def receipt(subject_id: str) -> dict[str, Any]:
    """A receipt for the first sealed event about a subject: event, proof, signed checkpoint."""
    found = receipts([subject_id])
    if subject_id not in found:
        raise LookupError(f"{subject_id} is not in the sealed log yet; it will be after the next seal")
    return found[subject_id]


def receipts(subject_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Receipts by subject, of those that are sealed; the log is read once for all of them."""
    leaves: dict[str, EvidenceLeaf] = {}
    for start in range(0, len(subject_ids), 500):
        rows = EvidenceLeaf.objects.filter(event__subject_id__in=subject_ids[start : start + 500])
        for leaf in rows.select_related("event").order_by("position"):
            leaves.setdefault(leaf.event.subject_id, leaf)
    return dict(zip(leaves, _receipts(list(leaves.values())), strict=False))


def receipts_of(borrower_id: str) -> list[dict[str, Any]]:
    """A receipt for every sealed event about a borrower, in the order of the log."""
    rows = EvidenceLeaf.objects.filter(event__borrower_id=borrower_id)
    return _receipts(list(rows.select_related("event").order_by("position")))


def _receipts(leaves: Sequence[EvidenceLeaf]) -> list[dict[str, Any]]:
    newest = head()
    if newest is None or not leaves:
        return []
    tree = merkle.Tree([bytes.fromhex(one) for one in leaf_hashes()][: newest.tree_size])
    return [_receipt(leaf, newest, tree) for leaf in leaves]


def _receipt(leaf: EvidenceLeaf, newest: Checkpoint, tree: merkle.Tree) -> dict[str, Any]:
    return {
        "event": envelopes.plain(vars(leaf.event)),
        "position": leaf.position,
        "proof": [step.hex() for step in tree.inclusion_proof(leaf.position)],
        "checkpoint": _told_head(newest),
        "public_key": public_key().public_bytes_raw().hex(),
    }


def lost_checkpoints() -> list[tuple[Path, bytes]]:
    """Signed heads of the table whose file outside is not there, with the very bytes it had.

    A process that died between the commit and the file leaves one. What our key did not sign is none of them.
    """
    key, folder, found = public_key(), Path(settings.LENITY_CHECKPOINT_DIR), []
    for row in Checkpoint.objects.order_by("tree_size"):
        head_of = checkpoints.Head(settings.LENITY_LENDER, row.tree_size, row.root_hash, row.sealed_at)
        path = folder / checkpoints.file_name(row.tree_size)
        if not path.exists() and _signed(key, head_of.note(), row.signature):
            found.append((path, checkpoints.written(head_of, row.signature)))
    return found


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
