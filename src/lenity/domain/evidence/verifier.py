"""Check a receipt without Lenity, a database or a network: `python verifier.py receipt.json [public key]`.

One file, Python's standard library only. Exit code 0: the event is in the log whose head was signed; 1: not.
A file of `lenity audit consistency` is checked the same way: that an old signed head is a beginning of a new one.
Ed25519 as in RFC 8032, section 5.1; the tree as in RFC 6962, section 2.1. Compare the public key with the one
that the lender publishes: a receipt carries its own, which alone proves nothing about who signed.
"""

from __future__ import annotations

import hashlib
import json
import sys
from typing import Any

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
TITLE = "lenity evidence checkpoint v1"
Point = tuple[int, int, int, int]


def _recover(y: int, sign: int) -> int | None:
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    return P - x if x & 1 != sign else x


def _add(a: Point, b: Point) -> Point:
    one, two = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    three, four = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = two - one, four - three, four + three, two + one
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(number: int, point: Point) -> Point:
    total: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = _add(total, point)
        point, number = _add(point, point), number >> 1
    return total


def _read(raw: bytes) -> Point | None:
    value = int.from_bytes(raw, "little")
    sign, y = value >> 255, value & ((1 << 255) - 1)
    x = _recover(y, sign) if y < P else None
    return None if x is None else (x, y, 1, x * y % P)


def is_signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature holds."""
    if len(key) != 32 or len(signature) != 64:
        return False
    public, commitment = _read(key), _read(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if public is None or commitment is None or scalar >= L:
        return False
    base_y = 4 * pow(5, P - 2, P) % P
    base_x = _recover(base_y, 0) or 0
    base: Point = (base_x, base_y, 1, base_x * base_y % P)
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    left, right = _times(scalar, base), _add(commitment, _times(challenge, public))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (
        left[1] * right[2] - right[1] * left[2]
    ) % P == 0


def is_included(leaf: bytes, position: int, size: int, proof: list[bytes], root: bytes) -> bool:
    """Whether the audit path leads from the leaf to the root (RFC 9162, 2.1.3.2)."""
    node, at, last = leaf, position, size - 1
    for sibling in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            node = hashlib.sha256(b"\x01" + sibling + node).digest()
            while not at & 1 and at != 0:
                at, last = at >> 1, last >> 1
        else:
            node = hashlib.sha256(b"\x01" + node + sibling).digest()
        at, last = at >> 1, last >> 1
    return 0 <= position < size and last == 0 and node == root


def is_beginning(old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: list[bytes]) -> bool:
    """Whether the old tree is a beginning of the new one (RFC 9162, 2.1.4.2)."""
    if not 0 < old_size <= new_size:
        return False
    if old_size == new_size:
        return not proof and old_root == new_root
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    at, last = old_size - 1, new_size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0] if path else b""
    for sibling in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old = hashlib.sha256(b"\x01" + sibling + old).digest()
            new = hashlib.sha256(b"\x01" + sibling + new).digest()
            while not at & 1 and at != 0:
                at, last = at >> 1, last >> 1
        else:
            new = hashlib.sha256(b"\x01" + new + sibling).digest()
        at, last = at >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root


def _is_head(head: dict[str, Any], key: bytes) -> bool:
    """Whether `key` signed a head of the log."""
    lines = [TITLE, head["origin"], str(head["size"]), head["root"], head["sealed_at"]]
    return is_signed(key, ("\n".join(lines) + "\n").encode(), bytes.fromhex(head["signature"]))


def check(receipt: dict[str, Any], key: bytes) -> bool:
    """Whether the event of a receipt is in the log whose head `key` signed, or one head continues another."""
    if "old" in receipt:
        return check_consistency(receipt, key)
    head = receipt["checkpoint"]
    event = json.dumps(receipt["event"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    leaf = hashlib.sha256(b"\x00" + event.encode()).digest()
    proof = [bytes.fromhex(step) for step in receipt["proof"]]
    return _is_head(head, key) and is_included(
        leaf, receipt["position"], head["size"], proof, bytes.fromhex(head["root"])
    )


def check_consistency(told: dict[str, Any], key: bytes) -> bool:
    """Whether `key` signed both heads of one log, and nothing of the old one was changed in the new one."""
    old, new = told["old"], told["new"]
    proof = [bytes.fromhex(step) for step in told["proof"]]
    roots = bytes.fromhex(old["root"]), bytes.fromhex(new["root"])
    return (
        old["origin"] == new["origin"]
        and _is_head(old, key)
        and _is_head(new, key)
        and is_beginning(old["size"], roots[0], new["size"], roots[1], proof)
    )


USAGE = """\
python verifier.py receipts/FILE.json [KEY]
Checks that an event is in the log whose head KEY signed, or that an old signed head is a beginning of a new one;
compare KEY with the one that the lender publishes.
核实一条记录是否在经 KEY 签名的日志中；请将 KEY 与机构公布的公钥核对。
"""
UNREADABLE = "This receipt or key cannot be read: {}\n无法读取该凭证或公钥：{}\n"


def main(arguments: list[str]) -> int:
    """Check the receipt named on the command line: 0 it holds, 1 it does not, 2 it cannot be read."""
    if len(arguments) not in (1, 2) or arguments[0].startswith("-"):
        sys.stdout.write(USAGE)
        return 0 if arguments in (["--help"], ["-h"]) else 2
    try:
        with open(arguments[0], encoding="utf-8") as file:
            receipt = json.load(file)
        holds = check(receipt, bytes.fromhex(arguments[1] if len(arguments) > 1 else receipt["public_key"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        sys.stdout.write(UNREADABLE.format(error, error))
        return 2
    sys.stdout.write("It holds.\n" if holds else "It does not hold.\n")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
