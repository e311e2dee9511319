"""A rulebook of the tests' own with every kind of rule, and random facts close to its edges.

The law in force changes; this one does not, so that what the gate says under it may be recorded.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random  # noqa: TID251 - seeded
from typing import Any

from lenity.domain.debt_collection.contact import Facts, Past, Person, Point, Proposal, Standing
from lenity.law.reader import Dated, Provision, Rulebook

DAYS = tuple(date(2026, 3, day) for day in (5, 9, 10))
LOST = {"calls_in_a_row": 3, "days_in_a_row": 2, "zone": "Asia/Shanghai"}
PERIOD = {"kinds": ["notice"], "days": 1, "assumed_receipt_business_days": 1, "weekend": ["sat", "sun"]}
STOPPED = {kind: {"zh": f"{kind}（停）", "en": f"{kind} (stop)"} for kind in ("cease", "dispute")}
POINTS = {"call": 3, "sms": 1, "visit": 9}
RULES: dict[str, list[dict[str, Any]]] = {
    "quiet_hours": [
        {"zone": "person", "closed_from": "21:00", "closed_until": "08:00"},
        {"zone": "Asia/Shanghai", "closed_from": "12:00", "closed_until": "14:00"},
    ],
    "own_quiet_hours": [{"kinds": ["quiet_hours"]}],
    "closed_days": [
        {"zone": "person", "valid_until": date(2026, 3, 14), "days": DAYS},
        {"zone": "person"},
        {"zone": "person", "valid_from": date(2026, 3, 10), "valid_until": date(2026, 3, 14), "days": DAYS},
    ],
    "at_most_in_days": [
        {"name": "day", "at_most": 1, "days": 1, "zone": "person"},
        {"name": "week", "at_most": 2, "days": 7, "zone": "person", "per": "debt", "channels": ["call"],
         "not_counted": ["busy"], "excused_by": ["direct_consent"], "excused_days": 3},
        {"name": "point", "at_most": 2, "days": 1, "zone": "Asia/Shanghai", "per": "point",
         "outcomes": ["no_answer", "busy"], "purposes": ["collection"], "started_by": "anyone"},
    ],
    "wait_after": [
        {"days": 7, "zone": "person", "per": "debt", "outcomes": ["conversation"], "started_by": "anyone",
         "excused_days": 7},
        {"days": 1, "zone": "Asia/Shanghai", "channels": ["call"]},
    ],
    "points_budget": [
        {"budget": 6, "days": 7, "zone": "person", "points": POINTS, "lowered_by": ["stress_budget"]},
    ],
    "waits_for": [
        {"kinds": ["notice"], "days": 4, "spoiled_by": ["undeliverable"], "or_outcomes": ["conversation"],
         "per": "debt"},
    ],
    "stops": [
        {"kinds": ["cease", "dispute"], "names": STOPPED, "except_templates": ["named"]},
        {"kinds": ["cease", "dispute"], "names": STOPPED, "in_writing": True, "period": PERIOD, "days": DAYS[1:],
         "valid_until": date(2026, 3, 11)},
    ],
    "needs": [{"kinds": ["notice"]}],
    "known_purpose": [{"purposes": ["collection", "locate"]}],
    "known_source": [{"sources": ["contract"]}],
    "enough_people": [{"at_least": 2}],
    "old_enough": [{"years": 18}],
    "roles": [
        {"roles": ["borrower"], "locate_purposes": ["locate"], "lost_kinds": ["missing"], "lost": LOST},
        {"roles": ["borrower"], "locate_purposes": ["locate"]},
    ],
    "place": [{"kinds": ["place"]}, {"kinds": ["employer"], "use": "work"},
              {"kinds": ["place"], "media": ["call"], "known_at": ["employer"]}],
    "at_most_ever": [{"at_most": 2, "per": "point", "purposes": ["locate"]},
                     {"at_most": 1, "per": "who", "not_counted": ["busy"]}],
}  # fmt: skip
LIFTED = {
    "quiet_hours": ("hours_consent", "reply"),
    "wait_after": ("direct_consent",),
    "stops": ("reply",),
    "own_quiet_hours": ("reply_then",),
}
TOGETHER = ("quiet_hours", "own_quiet_hours", "closed_days", "at_most_in_days", "wait_after", "stops", "place",
            "enough_people")  # fmt: skip
SINCE = date(2020, 1, 1)


def alone(kind: str) -> list[Rulebook]:
    """For each way in which a kind is used, a rulebook with nothing else."""
    return [Rulebook("TEST", (one,), "test") for one in _provisions(kind)]


def together() -> Rulebook:
    """Kinds that often allow the same contact, in one rulebook, one of them for visits only."""
    chosen = [one for kind in TOGETHER for one in _provisions(kind)[:1]]
    return Rulebook("TEST", tuple(chosen), "test")


def _provisions(kind: str) -> list[Provision]:
    return [
        Provision(
            id=f"T-{kind}-{number}",
            place="TEST",
            instrument={"zh": f"试验 {kind}", "en": f"Test of {kind}"},
            article=f"art. {number}",
            says={"zh": f"试验 {number}。", "en": f"Test {number}."},
            force="house",
            confidence="P",
            source="",
            checked_on=SINCE,
            kind=kind,
            applies={"channels": ("visit",)} if kind == "enough_people" else {},
            lifted_by=LIFTED.get(kind, ()),
            places=(),
            unconfirmed=False,
            values=(Dated(SINCE, None, "", value),),
        )
        for number, value in enumerate(RULES[kind])
    ]


ZONES = ["Asia/Shanghai", "Asia/Shanghai", "America/New_York", "America/Los_Angeles"]
MIDNIGHT = datetime(2026, 3, 9, 16, tzinfo=UTC)
"""Midnight of 10 March in Shanghai, two days after the American change of clocks."""
HOURS = (0, 0, 0, 4, 6, 8, 8, 13, 15, 16, 24, 25)
MINUTES = (-1, 0, 0, 1, 12)
KINDS = ["quiet_hours", "quiet_hours", "hours_consent", "direct_consent", "direct_consent", "notice", "notice",
         "undeliverable", "cease", "dispute", "missing", "place", "employer", "stress_budget"]  # fmt: skip
DETAILS = [
    {}, {"points": "2"}, {"points": "9"}, {"points": "?"}, {"use": "work"}, {"use": "home"}, {"words": "上课"},
    {"closed_from": "15:00", "closed_until": "17:00"}, {"closed_from": "20:00", "closed_until": "10:00"},
    {"in_writing": "no"}, {"received": "2026-03-08"}, {"given": "to_another"},
    {"ended_at": "2026-03-09T16:00:00.000000Z"},
    {"weekdays": "mon,Tue"}, {"weekdays": "someday"}, {"zone": "Asia/Shanghai", "weekdays": "tue, "},
]  # fmt: skip


def facts(seed: str, number: int) -> Iterator[Facts]:
    """So many random facts, the same ones for the same seed."""
    chance = Random(seed)
    return (_facts(chance) for _ in range(number))


def _facts(chance: Random) -> Facts:
    at = MIDNIGHT + _offset(chance, 0)
    zones = tuple(chance.sample(ZONES, chance.randint(0, 2)))
    point = Point(
        id=chance.choice("PQ"),
        kind="mobile",
        role=chance.choice(["borrower"] * 5 + ["contact_person", "contact_person", "neighbour"]),
        use=chance.choice(["unknown", "home", "work"]),
        source=chance.choice(["contract", "contract", "bought"]),
        zones=tuple(chance.sample(ZONES, chance.randint(0, 1))),
        who=chance.choice(["", "", "", "w"]),
    )
    born = chance.choice([None, date(2008, 3, 9), date(2008, 3, 10), date(2008, 3, 11), date(1990, 4, 1)])
    proposal = Proposal(
        contact_id="C",
        at=at,
        channel=chance.choice(["call", "call", "call", "sms", "visit", "letter"]),
        purpose=chance.choice(["collection", "collection", "locate", "marketing"]),
        point=point,
        debts=_debts(chance),
        collectors=chance.randint(1, 3),
        template=chance.choice(["", "", "named"]),
    )
    history = [_past(chance, at) for _ in range(chance.randint(0, 9))]
    if chance.randint(0, 9):
        history.sort(key=lambda one: one.at)
    standings = tuple(_standing(chance, at) for _ in range(chance.randint(0, 3)))
    return Facts(Person("B", "TEST", zones, born), proposal, tuple(history), standings)


def _offset(chance: Random, days: int) -> timedelta:
    return timedelta(days=-days, hours=chance.choice(HOURS), minutes=chance.choice(MINUTES))


def _debts(chance: Random) -> tuple[str, ...]:
    return tuple(chance.sample("LM", chance.choice([0, 1, 1, 1, 2])))


def _past(chance: Random, at: datetime) -> Past:
    days = chance.choice([0, 0, 1, 1, 2, 3, 6, 7, 8])
    return Past(
        contact_id="c",
        at=chance.choice([MIDNIGHT + _offset(chance, days), at - timedelta(days=days)]),
        channel=chance.choice(["call", "call", "call", "sms", "visit"]),
        purpose=chance.choice(["collection", "collection", "locate"]),
        point_id=chance.choice("PQ"),
        role=chance.choice(["borrower"] * 5 + ["contact_person"]),
        debts=_debts(chance),
        outcome=chance.choice(["no_answer", "no_answer", "not_connected", "busy", "conversation"]),
        initiated_by=chance.choice(["lender", "lender", "lender", "person"]),
        who=chance.choice(["", "", "", "w"]),
    )


def _standing(chance: Random, at: datetime) -> Standing:
    return Standing(
        kind=chance.choice(KINDS),
        since=chance.choice([at, MIDNIGHT + _offset(chance, chance.randint(0, 8))]),
        until=chance.choice([None, None, date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 11)]),
        channel=chance.choice(["", "", "call"]),
        point_id=chance.choice(["", "", "P"]),
        debts=_debts(chance) if chance.randint(0, 1) else (),
        detail=tuple(chance.choice(DETAILS).items()),
    )
