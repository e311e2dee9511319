"""Give every new audit event its place in the Merkle log and sign the new head."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import transaction

from lenity.domain.evidence import checkpoints, merkle
from lenity.gateways import clock, files
from lenity.records.audit import queries, writes
from lenity.records.audit.models import Checkpoint


def seal_evidence(*, actor: str) -> Checkpoint | None:
    """Append all events that have no position, in the order of their ids, and sign the checkpoint.

    The same signed note is written to `LENITY_CHECKPOINT_DIR`, which belongs where the database's
    administrator cannot write. Returns the head; nothing new leaves it as it is, and it is None for an
    empty log. Two seals at once take turns. `actor` is whoever asked; the seal is itself not an event,
    because it would never come to rest. A note that was lost between a commit and its file is written too.
    """
    head = _seal()
    for path, note in queries.lost_checkpoints():
        files.put(path, note)
    return head


def _seal() -> Checkpoint | None:
    with transaction.atomic():
        writes.lock_log()
        edge = merkle.Range()
        for leaf in queries.leaf_hashes():
            edge.append(bytes.fromhex(leaf))
        new = writes.add_leaves(first=edge.size)
        if not new:
            return queries.head()
        for leaf in new:
            edge.append(bytes.fromhex(leaf))
        head = checkpoints.Head(settings.LENITY_LENDER, edge.size, edge.root().hex(), clock.now())
        key = Ed25519PrivateKey.from_private_bytes(settings.LENITY_CHECKPOINT_KEY)
        signature = key.sign(head.note()).hex()
        return writes.add_checkpoint(head, key_id=_key_id(key), signature=signature)


def _key_id(key: Ed25519PrivateKey) -> str:
    return checkpoints.key_id(key.public_key().public_bytes_raw())
