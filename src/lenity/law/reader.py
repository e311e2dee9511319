"""Reads rulebooks: provisions as dated data, with their sources.

A provision is one YAML file below a place (`cn/`, `us/`, ...); `house/` holds the lender's own stricter
rules, which apply everywhere or where they say. A rulebook is the law of one place and the house rules.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from importlib import resources
from importlib.abc import Traversable
from typing import Any

import yaml

from lenity.base import canonical
from lenity.base.outcomes import InputRefused, Problem

FORCES = ("statute", "regulation", "standard", "self_discipline", "house")
CONFIDENCES = ("P", "S", "M")
REQUIRED = ("id", "instrument", "article", "says", "force", "confidence", "source", "checked_on", "values")
OPTIONAL = (
    "kind",
    "applies",
    "lifted_by",
    "unconfirmed",
    "places",
    "note",
    "not_enforced",
    "within",
    "proved_by",
)
DAY = "$day"
KEPT = (
    *("id", "place", "instrument", "article", "says", "force", "confidence", "source", "kind", "applies"),
    *("lifted_by", "places", "unconfirmed"),
)
"""Fields of a provision that a kept rulebook holds as they are."""
APPLIES = ("channels", "purposes", "roles", "profiles")


@dataclass(frozen=True)
class Dated:
    """A value and the days on which it holds (`until` is the last one).

    `memory` names those of its days (`from`, `to`) that no source was read for.
    """

    since: date
    until: date | None
    unit: str
    value: Any
    memory: tuple[str, ...] = ()


@dataclass(frozen=True)
class Provision:
    """One provision. `kind` names the gate's rule for it; without one it is data for other rooms.

    `not_enforced` says why nothing keeps to it; `within` names the provisions that carry its content; `proved_by`
    names tests of a principle that the code keeps without reading a value (`file::test`).
    """

    id: str
    place: str
    instrument: Mapping[str, str]
    article: str
    says: Mapping[str, str]
    force: str
    confidence: str
    source: str
    checked_on: date
    kind: str
    applies: Mapping[str, tuple[str, ...]]
    lifted_by: tuple[str, ...]
    places: tuple[str, ...]
    unconfirmed: bool
    values: tuple[Dated, ...]
    not_enforced: Mapping[str, str] = field(default_factory=dict)
    within: tuple[str, ...] = ()
    proved_by: tuple[str, ...] = ()

    def on(self, day: date) -> Dated | None:
        """The value that holds on `day`, if any."""
        for dated in self.values:
            if dated.since <= day and (dated.until is None or day <= dated.until):
                return dated
        return None

    @property
    def is_gap(self) -> bool:
        """Known from memory only: never presented as law, never enforced."""
        return self.confidence == "M" and not self.unconfirmed


@dataclass(frozen=True)
class InForce:
    """A provision with the value that holds on the day asked for."""

    provision: Provision
    value: Any


@dataclass(frozen=True, eq=False)
class Rulebook:
    """The law of one place and the house rules that apply there."""

    place: str
    provisions: tuple[Provision, ...]
    digest: str
    law_of: date | None = None
    text: str = field(default="", repr=False)
    """The whole of it as canonical JSON, named by its digest; `read_back` makes a rulebook of it again."""

    def on(self, day: date) -> tuple[InForce, ...]:
        """The provisions with a rule for the gate that are in force on `day`, in a fixed order.

        A rulebook with `law_of` gives the law of that day, whatever the day.
        """
        return _in_force(self, self.law_of or day)

    def value(self, provision_id: str, on_date: date) -> Any:
        """The value of one provision on a day; raises `LookupError` when none holds."""
        for provision in self.provisions:
            if provision.id == provision_id and (dated := provision.on(on_date)):
                return dated.value
        raise LookupError(f"{provision_id} has no value on {on_date.isoformat()} in {self.place}")


@lru_cache(maxsize=512)
def _in_force(book: Rulebook, day: date) -> tuple[InForce, ...]:
    found = []
    for provision in book.provisions:
        dated = provision.on(day)
        if provision.kind and not provision.is_gap and dated is not None:
            found.append(InForce(provision, _with_calendar(book, dated.value, day)))
    return tuple(found)


@lru_cache(maxsize=64)
def narrowed(book: Rulebook, *, house: bool = True, law_of: date | None = None) -> Rulebook:
    """A rulebook without its house rules, or with the law of one day: to ask what the law alone says."""
    kept = tuple(one for one in book.provisions if house or one.place != "HOUSE")
    chosen = f"{book.digest} house={house} law_of={law_of}"
    digest = book.digest if house and law_of is None else hashlib.sha256(chosen.encode()).hexdigest()
    return Rulebook(book.place, kept, digest, law_of)


def _with_calendar(book: Rulebook, value: Any, day: date) -> Any:
    """A value that names a calendar takes its days from that provision, whatever the day asked for.

    Past the calendar's last day its `valid_until` tells the rule that nobody knows.
    """
    if not isinstance(value, dict) or "calendar" not in value:
        return value
    for provision in book.provisions:
        if provision.id == value["calendar"]:
            known = {**provision.values[-1].value, **value}
            return {**known, "days": frozenset(known.get("days", ()))}
    return value


def listed() -> tuple[str, ...]:
    """The places that have a folder, as two letters: open ones and those whose law is only listed."""
    names = (entry.name for entry in _root().iterdir() if entry.is_dir() and not entry.name.startswith("_"))
    return tuple(sorted(name.upper() for name in names if name != "house"))


@cache
def places() -> tuple[str, ...]:
    """The places whose law is enforced; everywhere else the gate is closed."""
    return tuple(place for place in listed() if any(one.kind for one in rulebook(place).provisions))


@cache
def rulebook(place: str) -> Rulebook:
    """The rulebook of a place. One that is unknown or only listed has no rules: the gate stays closed."""
    return read(_root(), place)


def read(root: Traversable, place: str) -> Rulebook:
    """Read a rulebook from a folder laid out like `lenity/law`."""
    law = _folder(root.joinpath(place.lower()), place)
    house = _folder(root.joinpath("house"), "HOUSE")
    is_open = any(one.kind for one in law)
    provisions = (*law, *(one for one in house if is_open and (not one.places or place in one.places)))
    return of(place, provisions)


def of(place: str, provisions: Iterable[Provision]) -> Rulebook:
    """A rulebook of these provisions, each of them once, named by all that it says."""
    ordered = tuple(sorted(provisions, key=lambda one: one.id))
    doubled = {one.id for one in ordered if sum(other.id == one.id for other in ordered) > 1}
    if doubled:
        raise InputRefused([Problem("law", f"More than one file for {', '.join(sorted(doubled))}.")])
    text = canonical.text({"place": place, "provisions": [_plain(one) for one in ordered]})
    return Rulebook(place, ordered, _named(text), text=text)


def _root() -> Traversable:
    return resources.files("lenity.law")


def _folder(folder: Traversable, place: str) -> tuple[Provision, ...]:
    if not folder.is_dir():
        return ()
    found: list[Provision] = []
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.is_dir():
            found += _folder(entry, place)
        elif entry.name.endswith(".yaml"):
            found.append(parse(entry.read_text("utf-8"), entry.name, place))
    return tuple(found)


def parse(text: str, name: str, place: str) -> Provision:
    """Read one provision file; `InputRefused` names the file and the key."""
    try:
        raw = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise InputRefused([Problem("law", f"{name} is not YAML: {error}")]) from error
    problems = _problems(raw, name)
    if problems:
        raise InputRefused(problems)
    return Provision(
        id=raw["id"],
        place=place,
        instrument=raw["instrument"],
        article=str(raw["article"]),
        says=raw["says"],
        force=raw["force"],
        confidence=raw["confidence"],
        source=raw["source"],
        checked_on=raw["checked_on"],
        kind=raw.get("kind", ""),
        applies={key: tuple(value) for key, value in raw.get("applies", {}).items()},
        lifted_by=tuple(raw.get("lifted_by", ())),
        places=tuple(raw.get("places", ())),
        unconfirmed=bool(raw.get("unconfirmed", False)),
        values=tuple(_dated(one) for one in raw["values"]),
        not_enforced=raw.get("not_enforced", {}),
        within=tuple(raw.get("within", ())),
        proved_by=tuple(raw.get("proved_by", ())),
    )


def _dated(raw: Mapping[str, Any]) -> Dated:
    memory = tuple(raw.get("memory", ()))
    return Dated(raw["from"], raw.get("to"), str(raw.get("unit", "")), raw["value"], memory)


def _problems(raw: Any, name: str) -> list[Problem]:
    if not isinstance(raw, dict):
        return [Problem("law", f"{name} holds no provision.")]
    problems = [Problem("law", f"{name}: {key} is missing.") for key in REQUIRED if not raw.get(key)]
    unknown = set(raw) - set(REQUIRED) - set(OPTIONAL)
    problems += [Problem("law", f"{name}: {key} is not a key of a provision.") for key in sorted(unknown)]
    if problems:
        return problems
    if raw["force"] not in FORCES:
        problems.append(Problem("law", f"{name}: force must be one of {', '.join(FORCES)}."))
    if raw["confidence"] not in CONFIDENCES:
        problems.append(Problem("law", f"{name}: confidence must be one of {', '.join(CONFIDENCES)}."))
    if not isinstance(raw["checked_on"], date):
        problems.append(Problem("law", f"{name}: checked_on must be a day, YYYY-MM-DD."))
    for key in ("instrument", "says", "not_enforced"):
        if key in raw and (not isinstance(raw[key], dict) or set(raw[key]) != {"zh", "en"}):
            problems.append(Problem("law", f"{name}: {key} needs zh and en."))
    for key in raw.get("applies", {}):
        if key not in APPLIES:
            problems.append(Problem("law", f"{name}: applies.{key} is not one of {', '.join(APPLIES)}."))
    return [*problems, *_value_problems(raw["values"], name)]


def _value_problems(values: Any, name: str) -> list[Problem]:
    problems = []
    for dated in values:
        if not isinstance(dated, dict) or not isinstance(dated.get("from"), date) or "value" not in dated:
            problems.append(Problem("law", f"{name}: each of values needs from (a day) and value."))
        elif not set(dated.get("memory", ())) <= {"from", "to"}:
            problems.append(Problem("law", f"{name}: memory names from, to or both."))
    return problems


def _named(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache(maxsize=64)
def read_back(text: str, digest: str) -> Rulebook:
    """A rulebook that was kept when it decided, to decide again by it; a changed text is refused."""
    if _named(text) != digest:
        raise ValueError(f"the rulebook {digest} was changed")
    raw = json.loads(text)
    return Rulebook(raw["place"], tuple(_provision(one) for one in raw["provisions"]), digest, text=text)


def _plain(one: Provision) -> dict[str, Any]:
    """What a provision says and what a decision by it depends on; not where the code keeps to it."""
    same = {name: getattr(one, name) for name in KEPT}
    return same | {
        "checked_on": one.checked_on.isoformat(),
        "values": [
            {"from": _in(dated.since), "to": _in(dated.until), "unit": dated.unit, "value": _in(dated.value)}
            for dated in one.values
        ],
    }


def _provision(raw: Mapping[str, Any]) -> Provision:
    """The provision that `_plain` wrote down."""
    same: dict[str, Any] = {name: raw[name] for name in KEPT}
    same["applies"] = {key: tuple(value) for key, value in raw["applies"].items()}
    same["lifted_by"], same["places"] = tuple(raw["lifted_by"]), tuple(raw["places"])
    values = (
        Dated(_out(one["from"]), _out(one["to"]), one["unit"], _out(one["value"])) for one in raw["values"]
    )
    return Provision(**same, checked_on=date.fromisoformat(raw["checked_on"]), values=tuple(values))


def _in(value: Any) -> Any:
    """A value without days: a day is written as an object with one key that no provision uses."""
    if isinstance(value, date):
        return {DAY: value.isoformat()}
    if isinstance(value, Mapping):
        return {key: _in(inner) for key, inner in value.items()}
    return [_in(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def _out(value: Any) -> Any:
    if isinstance(value, Mapping):
        return (
            date.fromisoformat(value[DAY])
            if DAY in value
            else {key: _out(inner) for key, inner in value.items()}
        )
    return [_out(inner) for inner in value] if isinstance(value, list) else value
