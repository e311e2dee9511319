"""What a reader of evidence may see: the borrower all of her own, a lawyer the facts too, a regulator no person.

A regulator sees no name, number, address, account or free text of the borrower: how contacts were made can be
judged without knowing whom. Those who made contacts are named to everybody, as on the page that verifies them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

AUDIENCES = ("borrower", "lawyer", "regulator")
MARK = "***"
SHORTEST = 2
"""Texts shorter than this are not looked for: they would blot out half a page."""


def redacted(record: Mapping[str, Any], audience: str) -> dict[str, Any]:
    """The record for one of `AUDIENCES`, which it names."""
    if audience not in AUDIENCES:
        raise ValueError(f"an audience is one of {', '.join(AUDIENCES)}")
    plain: dict[str, Any] = {**record, "audience": audience}
    if audience != "lawyer":
        plain["contacts"] = [_without(one, "facts") for one in plain["contacts"]]
    return _for_regulator(plain) if audience == "regulator" else plain


def _for_regulator(plain: dict[str, Any]) -> dict[str, Any]:
    secrets = sorted({one for one in _secrets(plain) if len(one) >= SHORTEST}, key=len, reverse=True)
    person = {**plain["person"], "name": MARK}
    person["points"] = [{**one, "mask": ""} for one in person["points"]]
    return {
        **plain,
        "person": person,
        "loans": [{**one, "account": MARK} for one in plain["loans"]],
        "contacts": [_contact(one, secrets) for one in plain["contacts"]],
        "told": [{**one, "from": _mark(one["from"]), "who": _mark(one["who"])} for one in plain["told"]],
        "wishes": [{**one, "to": "", "detail": {}} for one in plain["wishes"]],
        "concerns": [
            {**one, "account_ending": "", "words": _withheld(one["words"])} for one in plain["concerns"]
        ],
        "agreements": [{**one, "account_ending": "", "text": {}} for one in plain["agreements"]],
        "promises": [{**one, "account_ending": ""} for one in plain["promises"]],
        "looks": [{**one, "who": MARK} if one["how"] == "helper" else one for one in plain["looks"]],
    }


def _secrets(plain: Mapping[str, Any]) -> Iterable[str]:
    """What may not stand in a message as a regulator reads it."""
    yield plain["person"]["name"]
    for one in plain["person"]["points"]:
        yield one["mask"]
    for loan in plain["loans"]:
        yield loan["account"]
        yield loan["account"][-4:]


def _contact(one: Mapping[str, Any], secrets: Iterable[str]) -> dict[str, Any]:
    message = dict(one["message"])
    for part in ("subject", "body"):
        text = message.get(part, "")
        for secret in secrets:
            text = text.replace(secret, MARK)
        if message:
            message[part] = text
    return {**one, "to": "", "message": message, "notes": _withheld(one["notes"])}


def _withheld(words: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{**one, "words": MARK} for one in words]


def _mark(text: str) -> str:
    return MARK if text else ""


def _without(one: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in one.items() if name != key}
