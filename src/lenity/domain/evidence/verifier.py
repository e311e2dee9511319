"""Check evidence without Lenity, a database or a network: `python verifier.py WHAT [public key]`.

WHAT is a receipt, a file of `lenity audit consistency` (that an old signed head is a beginning of a new one), or an
evidence pack: its folder or its ZIP. Of a pack it checks the digest of every file, every receipt, and each row of
evidence.json against what the log says of it. One file, Python's standard library only. Exit code 0: it holds; 1:
it does not; 2: it cannot be read.
Ed25519 as in RFC 8032, section 5.1; the tree as in RFC 6962, section 2.1. Compare the public key with the one
that the lender publishes: a receipt carries its own, which alone proves nothing about who signed.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import zipfile
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


def canonical_digest(value: object) -> str:
    """SHA-256 of a value's canonical JSON."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def check_pack(files: dict[str, bytes], key: str = "") -> tuple[list[str], list[str]]:
    """What is wrong with a pack, file by file and row by row, and what it says of itself."""
    faults = _listed(files)
    record = json.loads(files["evidence.json"])
    receipts = [
        (name, json.loads(raw))
        for name, raw in sorted(files.items())
        if name.startswith("receipts/") and name.endswith(".json")
    ]
    expected = key or record["log"]["public_key"]
    faults += [
        f"{name}: the receipt does not hold"
        for name, one in receipts
        if not check(one, bytes.fromhex(expected))
    ]
    rows = Rows(record)
    for name, one in receipts:
        faults += [f"{name}: {fault}" for fault in rows.compare(one["event"])]
    waiting, unproved = rows.without_event([one for _, one in receipts])
    faults += [f"contact {one}: its place in the log is told, but no receipt proves it" for one in unproved]
    told = [
        f"{record['person']['id']}, {record['made_at']}, {record['audience']}, {len(receipts)} receipts",
        f"SHA-256 {hashlib.sha256(files['evidence.json']).hexdigest()}",
        f"key {expected}",
    ]
    return faults, [*told, f"not sealed yet: {len(waiting)}"] if waiting else told


def _listed(files: dict[str, bytes]) -> list[str]:
    """Files that are not as the manifest says, or that it does not know."""
    listed = dict(line.split("  ", 1)[::-1] for line in files["MANIFEST.sha256"].decode().splitlines())
    faults = [f"{name}: is missing" for name in sorted(listed) if name not in files]
    for name, raw in sorted(files.items()):
        if name != "MANIFEST.sha256" and listed.get(name) != hashlib.sha256(raw).hexdigest():
            faults.append(f"{name}: was changed" if name in listed else f"{name}: is not in the manifest")
    return faults


class Rows:
    """The rows of evidence.json by their ids, and what the event of each has to say of it."""

    def __init__(self, record: dict[str, Any]) -> None:
        self.is_redacted = record["audience"] == "regulator"
        self.contacts = {one["id"]: one for one in record["contacts"]}
        self.concerns = {one["id"]: one for one in record["concerns"]}
        self.wishes = {one["id"]: one for one in record["wishes"]}
        self.agreements = {one["id"]: one for one in record["agreements"]}
        self.payments = {one["id"]: (loan, one) for loan in record["loans"] for one in loan["payments"]}

    def compare(self, event: dict[str, str]) -> list[str]:
        """Where a row is not what its event says; an event that has no row is told too."""
        body, subject = json.loads(event["body"]), event["subject_id"]
        if event["subject_kind"] == "contact" and "certificate" in body:
            return self._contact(subject, body)
        if event["operation"] in ("take_payment", "prepay"):
            return self._payment(subject, body)
        if event["operation"] in ("raise_concern", "answer_concern"):
            return self._concern(subject, body)
        if event["subject_kind"] == "preference":
            return self._wish(event, body)
        if event["subject_kind"] == "agreement" and body.get("signed"):
            return self._agreement(subject, body)
        return []

    def _contact(self, subject: str, body: dict[str, Any]) -> list[str]:
        row = self.contacts.get(subject)
        if row is None:
            return [f"contact {subject} is not in evidence.json"]
        names = ("channel", "purpose", "template", "template_version", "verdict")
        wrong = [name for name in names if row[name] != body[name]]
        if canonical_digest(row["certificate"]) != body["certificate"]:
            wrong.append("certificate")
        message = row["message"]
        shown = bool(message) and not (self.is_redacted or message["is_secret"] or message["is_gone"])
        if body["message"] and shown:
            said = {"subject": message["subject"], "body": message["body"]}
            wrong += ["message"] if canonical_digest(said) != body["message"] else []
        if bool(body["message"]) != bool(message):
            wrong.append("message")
        return [f"contact {subject}: {name} is not what the log says" for name in wrong]

    def _payment(self, subject: str, body: dict[str, Any]) -> list[str]:
        loan, row = self.payments.get(subject, (None, None))
        if loan is None or row is None:
            return [f"payment {subject} is not in evidence.json"]
        wrong = [] if row["amount_minor"] == body["amount_minor"] else ["amount_minor"]
        wrong += [] if loan["id"] == body["loan"] else ["loan"]
        wrong += [] if row["value_date"] == body.get("value_date", row["value_date"]) else ["value_date"]
        return [f"payment {subject}: {name} is not what the log says" for name in wrong]

    def _concern(self, subject: str, body: dict[str, Any]) -> list[str]:
        row = self.concerns.get(subject)
        if row is None:
            return [f"concern {subject} is not in evidence.json"]
        names = [name for name in ("about", "answer_by", "answer") if name in body]
        return [
            f"concern {subject}: {name} is not what the log says" for name in names if row[name] != body[name]
        ]

    def _wish(self, event: dict[str, str], body: dict[str, Any]) -> list[str]:
        """A consent or wish by its id; a switch, which has none, by its instant."""
        subject, at = event["subject_id"], event["happened_at"]
        if "revoked" in body:
            ended = self.wishes.get(body["revoked"], {}).get("taken_back_at")
            return [] if ended == at else [f"wish {body['revoked']}: that it was taken back is not told"]
        if "on" not in body:
            row = self.wishes.get(subject)
            if row is None:
                return [f"wish {subject} is not in evidence.json"]
            wrong = [name for name in ("kind", "channel") if row[name] != body[name]]
            wrong += [] if row["since"] == at else ["since"]
            return [f"wish {subject}: {name} is not what the log says" for name in wrong]
        if not body["changed"]:
            return []
        is_begun = body["on"] if "kind" in body else not body["on"]
        kind, channel = body.get("kind", "channel_opt_out"), body.get("channel", "")
        same = [one for one in self.wishes.values() if (one["kind"], one["channel"]) == (kind, channel)]
        found = any(one["since" if is_begun else "taken_back_at"] == at for one in same)
        return [] if found else [f"wish {kind} {channel} of {at} is not in evidence.json"]

    def _agreement(self, subject: str, body: dict[str, Any]) -> list[str]:
        row = self.agreements.get(subject)
        if row is None:
            return [f"agreement {subject} is not in evidence.json"]
        wrong = [] if row["digest"] == body["digest"] else ["digest"]
        note = f"lenity agreement\n{row['digest']}\n".encode()
        key, signature = bytes.fromhex(row["public_key"]), bytes.fromhex(row["signature"])
        wrong += [] if is_signed(key, note, signature) else ["signature"]
        if row["text"]:
            wrong += [] if canonical_digest(row["text"]) == row["digest"] else ["text"]
            told = ("currency", "total_minor", "more_minor", "new", "old")
            wrong += [name for name in told if row[name] != row["text"][name]]
        return [f"agreement {subject}: {name} is not what the log says" for name in wrong]

    def without_event(self, receipts: list[dict[str, Any]]) -> tuple[list[str], list[str]]:
        """Contacts without a receipt of their decision: those that wait for the seal, and those that do not."""
        proved = {one["event"]["subject_id"] for one in receipts if '"certificate"' in one["event"]["body"]}
        missing = [one for one in self.contacts.values() if one["id"] not in proved]
        waiting = [one["id"] for one in missing if one["position"] is None]
        return waiting, [one["id"] for one in missing if one["position"] is not None]


def read_pack(path: str) -> dict[str, bytes]:
    """The files of a pack, from its folder or its ZIP."""
    if os.path.isdir(path):
        files = {}
        for folder, _, names in os.walk(path):
            for name in names:
                full = os.path.join(folder, name)
                with open(full, "rb") as file:
                    files[os.path.relpath(full, path).replace(os.sep, "/")] = file.read()
        return {name: raw for name, raw in files.items() if "__pycache__/" not in name}
    with zipfile.ZipFile(path) as pack:
        return {name: pack.read(name) for name in pack.namelist()}


USAGE = """\
python verifier.py WHAT [KEY]
WHAT: a receipt (receipts/FILE.json), or a whole evidence pack (its ZIP, its folder, or . for this folder).
Compare KEY with the one that the lender publishes; without it, the pack's own key is used.
核实一份凭证（receipts/文件.json）或整个证据包（ZIP、文件夹，或以 . 表示当前文件夹）。
请将 KEY 与机构公布的公钥核对；不填时使用包内自带的公钥。
"""
UNREADABLE = "This cannot be read: {}\n无法读取：{}\n"
HOLDS = ("It does not hold. 核实不通过。\n", "It holds. 核实通过。\n")


def main(arguments: list[str]) -> int:
    """Check what the command line names: 0 it holds, 1 it does not, 2 it cannot be read."""
    if len(arguments) not in (1, 2) or arguments[0].startswith("-"):
        sys.stdout.write(USAGE)
        return 0 if arguments in (["--help"], ["-h"]) else 2
    path, key = arguments[0], arguments[1] if len(arguments) > 1 else ""
    try:
        if os.path.isdir(path) or zipfile.is_zipfile(path):
            faults, told = check_pack(read_pack(path), key)
            sys.stdout.write("".join(f"{line}\n" for line in (*told, *faults)))
            holds = not faults
        else:
            with open(path, encoding="utf-8") as file:
                receipt = json.load(file)
            holds = check(receipt, bytes.fromhex(key or receipt["public_key"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        sys.stdout.write(UNREADABLE.format(error, error))
        return 2
    sys.stdout.write(HOLDS[holds])
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
