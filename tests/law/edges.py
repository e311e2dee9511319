"""The last allowed and the first forbidden situation of each number that the gate keeps."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from lenity.domain.debt_collection.contact import Facts, Past, Person, Point, Proposal, Standing

ZONES = {"CN": "Asia/Shanghai", "HK": "Asia/Hong_Kong", "UK": "Europe/London", "US": "America/New_York"}
DAY = date(2026, 11, 10)


class Edge(NamedTuple):
    """One number: where it lies, and the facts on both sides of it."""

    provision: str
    place: str
    what: str
    allowed: Facts
    forbidden: Facts


def at(place: str, clock: str, days_before: int = 0) -> datetime:
    day = DAY - timedelta(days=days_before)
    local = datetime.fromisoformat(f"{day.isoformat()}T{clock}").replace(tzinfo=ZoneInfo(ZONES[place]))
    return local.astimezone(UTC)


def facts(place: str, clock: str = "12:00", channel: str = "call", **more: Any) -> Facts:
    point = Point("P", "mobile", more.pop("role", "borrower"), "unknown", more.pop("source", "contract"))
    person = Person("B", place, (ZONES[place],), more.pop("born", None), more.pop("profile", "creditor"))
    purpose, collectors = more.pop("purpose", "collection"), more.pop("collectors", 1)
    when = at(place, clock, -more.pop("later", 0))
    proposal = Proposal("C", when, channel, purpose, point, ("D",), collectors)
    return Facts(person, proposal, tuple(more.pop("history", ())), tuple(more.pop("standings", ())))


def past(place: str, number: int, channel: str = "call", before: int = 0, **more: Any) -> list[Past]:
    one = at(place, "09:30", before)
    outcome, purpose = more.get("outcome", "no_answer"), more.get("purpose", "collection")
    return [Past("X", one, channel, purpose, "P", more.get("role", "borrower"), ("D",), outcome)] * number


def hours(provision: str, place: str, opens: str, closes: str, **more: Any) -> list[Edge]:
    """`opens` and `closes`: the first open minute of the day, and the last."""

    def minute(clock: str, by: int) -> str:
        moved = datetime.fromisoformat(f"2026-01-01T{clock}") + timedelta(minutes=by)
        return f"{moved:%H:%M}"

    return [
        Edge(provision, place, "opens", facts(place, opens, **more), facts(place, minute(opens, -1), **more)),
        Edge(
            provision, place, "closes", facts(place, closes, **more), facts(place, minute(closes, 1), **more)
        ),
    ]


def times(
    provision: str, place: str, at_most: int, days: int, channel: str = "call", **more: Any
) -> list[Edge]:
    """At most so many in so many days: by number, and by the day on which the window moves on."""

    def asked(number: int, before: int) -> Facts:
        return facts(place, channel=channel, history=past(place, number, channel, before, **more))

    return [
        Edge(provision, place, "at most", asked(at_most - 1, 0), asked(at_most, 0)),
        Edge(provision, place, "days", asked(at_most, days), asked(at_most, days - 1)),
    ]


def lost(provision: str, place: str = "CN") -> list[Edge]:
    """Three calls in a row, from the next day; a fourth person is asked only then."""

    def asked(*history: list[Past]) -> Facts:
        calls = [one for part in history for one in part]
        return facts(place, role="contact_person", purpose="locate", history=calls)

    return [
        Edge(provision, place, "calls", asked(past(place, 3, before=1)), asked(past(place, 2, before=1))),
        Edge(provision, place, "next day", asked(past(place, 3, before=1)), asked(past(place, 3))),
        Edge(
            provision,
            place,
            "answered since",
            asked(past(place, 3, before=1)),
            asked(past(place, 3, before=2), past(place, 1, before=1, outcome="conversation")),
        ),
    ]


def unless(provision: str, place: str, kind: str, **more: Any) -> Edge:
    """A standing state stops it; without it the contact is free."""
    stands = Standing(kind, at(place, "08:00", 1))
    stopped = facts(place, standings=[stands], **more)
    return Edge(provision, place, kind, facts(place, **more), stopped)


def only_with(provision: str, place: str, kind: str, **more: Any) -> Edge:
    """A notice has to stand; without it the contact is not free."""
    stands = Standing(kind, at(place, "08:00", 1))
    return Edge(provision, place, kind, facts(place, standings=[stands], **more), facts(place, **more))


def only(provision: str, place: str, what: str, allowed: dict[str, Any], forbidden: dict[str, Any]) -> Edge:
    return Edge(provision, place, what, facts(place, **allowed), facts(place, **forbidden))


def talked(before: int) -> Facts:
    return facts("US", history=past("US", 1, before=before, outcome="conversation"))


def spent(calls: int, before: int = 0) -> Facts:
    return facts("CN", channel="sms", history=past("CN", calls, before=before))


def evening(clock: str, calls: int, called: str = "09:30") -> Facts:
    """A text at an hour, after calls at another hour of the day before."""
    one = Past("X", at("CN", called, 1), "call", "collection", "P", "borrower", ("D",), "no_answer")
    return facts("CN", clock, "sms", history=[one] * calls)


def noticed(days: int) -> Facts:
    notice = Standing("validation_notice", at("US", "00:00", days))
    return facts("US", "00:00", "report", purpose="negative_report", standings=[notice])


def disputed(what: str, last: int, first_after: int, received: int | None = None) -> Edge:
    """A notice of Thursday 27 May 2027, and a dispute so many days later; asked about in October."""
    sent = date(2027, 5, 27)

    def asked(days: int) -> Facts:
        detail = () if received is None else (("received", (sent + timedelta(days=received)).isoformat()),)
        notice = Standing("validation_notice", _noon(sent), detail=detail)
        return facts(
            "US", later=330, standings=[notice, Standing("dispute", _noon(sent + timedelta(days=days)))]
        )

    return Edge("US-RF-38", "US", what, asked(first_after), asked(last))


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(ZONES["US"])).astimezone(UTC)


def bought(*notices: str) -> Facts:
    """A claim that came by assignment, with these notices about it."""
    return facts("CN", standings=[Standing(kind, at("CN", "08:00", 1)) for kind in ("assigned", *notices)])


MINOR, ADULT = {"born": date(2008, 11, 11)}, {"born": date(2008, 11, 10)}
EDGES: list[Edge] = [
    *hours("CN-GBT-TIME", "CN", "08:00", "21:59"),
    *hours("CN-CBA-TIME", "CN", "08:00", "21:59"),
    *hours("US-RF-6b1-TIME", "US", "08:00", "20:59"),
    *hours("HOUSE-HOURS-UNSET", "HK", "09:00", "19:59"),
    *hours("HOUSE-HOURS-UNSET", "UK", "09:00", "19:59"),
    *hours("HOUSE-HOURS-NOTICE", "CN", "08:00", "20:59", purpose="outsourcing_notice"),
    *times("CN-GBT-FREQ", "CN", 3, 1, outcome="conversation"),
    *times("CN-CBA-FREQ", "CN", 6, 1),
    *times("HOUSE-CALL-DAY", "CN", 3, 1),
    *times("HOUSE-CALL-WEEK", "CN", 7, 7),
    *times("HOUSE-EMAIL-DAY", "CN", 1, 1, "email"),
    *times("HOUSE-EMAIL-WEEK", "CN", 3, 7, "email"),
    *times("HOUSE-IM-DAY", "CN", 1, 1, "im"),
    *times("HOUSE-IM-WEEK", "CN", 3, 7, "im"),
    *times("HOUSE-LETTER-DAY", "CN", 1, 1, "letter"),
    *times("HOUSE-LETTER-WEEK", "CN", 1, 7, "letter"),
    *times("HOUSE-SMS-DAY", "CN", 1, 1, "sms"),
    *times("HOUSE-SMS-WEEK", "CN", 3, 7, "sms"),
    *times("HOUSE-VISIT-DAY", "CN", 1, 1, "visit"),
    *times("HOUSE-VISIT-WEEK", "CN", 1, 7, "visit"),
    *times("US-RF-14b-7IN7", "US", 7, 7),
    Edge("US-RF-14b-TALK", "US", "days, that of the talk the first", talked(7), talked(6)),
    Edge("HOUSE-STRESS", "CN", "12 points a week: 10 + 2, 15 + 2", spent(2), spent(3)),
    Edge("HOUSE-STRESS", "CN", "by day 10 + 2, from six 10 + 3", evening("17:59", 2), evening("18:00", 2)),
    Edge("HOUSE-STRESS", "CN", "two evening calls are 16", evening("12:00", 1), evening("12:00", 2, "20:00")),
    Edge("HOUSE-STRESS", "CN", "seven days", spent(3, 7), spent(3, 6)),
    Edge("US-RF-30a", "US", "14 days", noticed(14), noticed(13)),
    only("US-RF-10c", "US", "once", {"role": "contact_person", "purpose": "locate"},
         {"role": "contact_person", "purpose": "locate",
          "history": past("US", 1, before=30, role="contact_person", purpose="locate", outcome="conversation")}),
    only("US-RF-10c", "US", "nobody answered",
         {"role": "contact_person", "purpose": "locate",
          "history": past("US", 6, before=30, role="contact_person", purpose="locate")},
         {"role": "contact_person", "purpose": "locate",
          "history": past("US", 1, before=30, role="contact_person", purpose="locate", outcome="conversation")}),
    only("CN-CC-17-20", "CN", "18 years", ADULT, MINOR),
    only("CN-CBA-VISIT", "CN", "two", {"channel": "visit", "collectors": 2}, {"channel": "visit", "collectors": 1}),
    *lost("CN-CBA-3RD"),
    *lost("CN-GBT-WHO"),
    *lost("HOUSE-LOCATE", "US"),
    only("CN-XYK-68", "CN", "who", {"role": "guarantor"}, {"role": "third_party"}),
    only("CN-XJGS-COLLECT", "CN", "who", {"role": "guarantor"}, {"role": "contact_person"}),
    only("HK-HKMA-3.4.1", "HK", "who", {"role": "guarantor"}, {"role": "contact_person"}),
    only("US-RF-6d", "US", "who", {"role": "spouse"}, {"role": "third_party"}),
    only("CN-CBA-SRC", "CN", "source", {"source": "lawful_public"}, {"source": "bought_list"}),
    only("HOUSE-SOURCE", "HK", "source", {"source": "lawful_public"}, {"source": "bought_list"}),
    only("HOUSE-PURPOSE", "CN", "purpose", {}, {"purpose": "marketing"}),
    only("HOUSE-HOLIDAY", "CN", "the calendar's last day", {"later": 50}, {"later": 52}),
    unless("CN-GBT-CONTACT-STOP", "CN", "contact_person_refused", role="contact_person", purpose="locate"),
    unless("CN-XYK-70", "CN", "plan"),
    unless("CN-CC-1033", "CN", "channel_opt_out"),
    unless("HOUSE-OPT-OUT", "CN", "channel_opt_out"),
    unless("HOUSE-CEASE", "CN", "cease"),
    unless("HOUSE-IDENTITY", "CN", "identity_theft", purpose="negative_report", channel="report"),
    *(unless("HOUSE-HOLDS", "CN", kind) for kind in ("promise", "plan", "dispute", "complaint", "hardship_review",
                                                      "discharged", "identity_theft")),
    *(unless("UK-CONC-7.3.4", "UK", kind) for kind in ("plan", "hardship_review")),
    unless("US-RF-6b2", "US", "attorney"),
    unless("US-RF-6c", "US", "cease"),
    unless("US-RF-6c", "US", "refuses_to_pay"),
    unless("US-RF-10b5", "US", "attorney", role="contact_person", purpose="locate"),
    unless("US-RF-6d3", "US", "known_disclosure", channel="email"),
    unless("US-FCRA-615F", "US", "identity_theft", purpose="debt_transfer", channel="report"),
    disputed("received", 30, 31, received=0),
    disputed("taken to be received on the fifth working day, after a weekend and Memorial Day", 38, 39),
    unless("US-RF-14h", "US", "channel_opt_out"),
    unless("US-RF-38", "US", "dispute"),
    unless("US-RF-38", "US", "original_creditor_request"),
    unless("US-RF-30b", "US", "paid_or_settled", purpose="debt_transfer", channel="report"),
    unless("US-RF-30b", "US", "discharged", purpose="debt_transfer", channel="report"),
    unless("US-RF-22f4", "US", "seen_by_others", channel="im"),
    unless("US-RF-26b", "US", "time_barred", purpose="legal_action"),
    only_with("CN-ZX-15", "CN", "negative_report_notice", channel="report", purpose="negative_report"),
    only_with("CN-CC-546", "CN", "assignment_notice", profile="assignee"),
    Edge("CN-CC-546-BOUGHT", "CN", "assignment_notice", bought("assignment_notice"), bought()),
    *(unless("HOUSE-TRANSFER", "CN", kind, purpose="debt_transfer", channel="report")
      for kind in ("paid_or_settled", "discharged", "identity_theft")),
    only_with("CN-XB-2022", "CN", "outsourcing_notice", profile="collector"),
]  # fmt: skip
OTHERS = {"HOUSE-OWN-HOURS", "US-RF-6b1-OWN", "US-RF-6b1-PLACE", "US-RF-6b3", "US-RF-22f"}
"""No number of their own: the person's wishes; `tests/examples/regulation_f.py` and the gate's tests have them."""
