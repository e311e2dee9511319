"""What compliance watches: near misses, who is stopped again and again, stops by filter, rules and their use."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import Count, Max, Min, QuerySet

from lenity.domain.debt_collection import near
from lenity.law import reader
from lenity.records.debt_collection.models import CertificateWording, Contact, GateDecision
from lenity.records.people.models import StaffMember

MOST_READ = 5000
"""So many certificates are opened for one page; a longer period tells that it read the newest ones."""
MOST_SHOWN = 100
ROUTINE = ("sign_in", "plan_copy")


class By(NamedTuple):
    """Who asked for a contact: a name with its staff number and agency, or the job that did."""

    name: str
    staff_number: str
    agency: str


class NearView(NamedTuple):
    """One allowed contact and a provision that it was close to."""

    contact: str
    at: datetime
    borrower: str
    channel: str
    by: By
    near: near.Near


@dataclass(frozen=True)
class NearMisses:
    """Near misses of a period. `read` of `allowed` contacts were opened, the newest first."""

    days: int
    allowed: int
    read: int
    close: int
    by_rule: list[tuple[str, str, int]]
    by_person: list[tuple[By, int, int]]
    by_agency: list[tuple[str, int, int]]
    rows: list[NearView]


def near_misses(now: datetime, days: int) -> NearMisses:
    """Allowed contacts of the last `days` that were close to a limit or an edge."""
    chosen = Contact.objects.filter(verdict="allowed", requested_at__gte=now - timedelta(days=days))
    chosen = chosen.exclude(purpose__in=ROUTINE)
    rows = list(
        chosen.order_by("-id").values_list(
            "public_id", "requested_at", "borrower__public_id", "channel", "requested_by",
            "borrower__jurisdiction", "decision__certificate", "decision__wording_id",
        )[:MOST_READ]
    )  # fmt: skip
    names, people = _provisions_of({row[7] for row in rows}), who({row[4] for row in rows})
    found: list[NearView] = []
    asked: Counter[By] = Counter()
    for contact, at, borrower, channel, by, place, certificate, wording in rows:
        asked[people[by]] += 1
        rules, house = _rules(place, at.date())
        findings = _findings(certificate, names.get(wording))
        found += [
            NearView(contact, at, borrower, channel, people[by], miss)
            for miss in near.misses(findings, channel, rules, house)
        ]
    close = {(miss.by, miss.contact) for miss in found}
    persons = Counter(person for person, _ in close)
    agencies, of_agency = Counter[str](), Counter[str]()
    for one, number in asked.items():
        agencies[one.agency] += number
        of_agency[one.agency] += persons[one]
    rules_hit = Counter((miss.near.provision, miss.near.kind) for miss in found)
    return NearMisses(
        days,
        chosen.count(),
        len(rows),
        len(close),
        [(*rule, number) for rule, number in rules_hit.most_common()],
        [(one, number, asked[one]) for one, number in persons.most_common(20)],
        [(name, of_agency[name], number) for name, number in agencies.most_common(20)],
        found[:MOST_SHOWN],
    )


def _findings(certificate: str, names: tuple[str, ...] | None) -> Iterable[tuple[str, Mapping[str, Any]]]:
    provisions = json.loads(certificate)["provisions"]
    if names is None:
        return [(one["id"], one) for one in provisions]
    return zip(names, provisions, strict=True)


def _provisions_of(digests: set[str | None]) -> dict[str | None, tuple[str, ...]]:
    rows = CertificateWording.objects.filter(digest__in=[one for one in digests if one])
    return {row.digest: tuple(one["id"] for one in json.loads(row.text)) for row in rows}


@lru_cache(maxsize=512)
def _rules(place: str, day: date) -> tuple[near.Asked, Mapping[str, int]]:
    book = reader.rulebook(place)
    rules = {one.provision.id: (one.provision.kind, one.value) for one in book.on(day)}
    return rules, book.value("HOUSE-NEAR", day)


def who(codes: set[str]) -> dict[str, By]:
    """Names of those who asked for contacts, by how they are recorded."""
    staff = {one.public_id: one for one in StaffMember.objects.filter(public_id__in=codes)}
    return {code: _by(code, staff.get(code)) for code in codes}


def _by(code: str, row: StaffMember | None) -> By:
    if row is not None:
        return By(row.display_name, row.staff_number, row.agency)
    return By(code, "", code.removeprefix("agency:") if code.startswith("agency:") else "")


class Repeat(NamedTuple):
    """Somebody who was stopped with the same borrower, on the same channel, again and again."""

    by: By
    borrower: str
    channel: str
    times: int
    last: datetime
    provision: str


def repeated_stops(now: datetime, days: int) -> list[Repeat]:
    """People whose attempts with one borrower were stopped as often as HOUSE-NEAR names; jobs are left out."""
    least = reader.rulebook("CN").value("HOUSE-NEAR", now.date())["repeats"]
    rows = Contact.objects.exclude(verdict="allowed").filter(requested_at__gte=now - timedelta(days=days))
    grouped = rows.values("requested_by", "borrower__public_id", "channel").annotate(
        times=Count("id"), last=Max("requested_at"), newest=Max("id")
    )
    often = list(grouped.filter(times__gte=least).order_by("-times", "-last")[: MOST_SHOWN * 10])
    people = who({one["requested_by"] for one in often})
    chosen = [one for one in often if any(people[one["requested_by"]][1:])][:MOST_SHOWN]
    leading = dict(
        GateDecision.objects.filter(contact_id__in=[one["newest"] for one in chosen]).values_list(
            "contact_id", "leading_provision"
        )
    )
    return [
        Repeat(
            people[one["requested_by"]],
            one["borrower__public_id"],
            one["channel"],
            one["times"],
            one["last"],
            leading.get(one["newest"], ""),
        )
        for one in chosen
    ]


class Filter(NamedTuple):
    """Which stops are asked for; an empty part asks for all."""

    days: int
    verdict: str = ""
    channel: str = ""
    provision: str = ""
    by: str = ""


def stops(now: datetime, chosen: Filter) -> QuerySet[Contact]:
    """Contacts that were refused or put off, newest first. `by` is a staff number, an agency or a job."""
    rows = Contact.objects.exclude(verdict="allowed").filter(
        requested_at__gte=now - timedelta(days=chosen.days)
    )
    if chosen.verdict:
        rows = rows.filter(verdict=chosen.verdict)
    if chosen.channel:
        rows = rows.filter(channel=chosen.channel)
    if chosen.provision:
        rows = rows.filter(decision__leading_provision=chosen.provision)
    if chosen.by:
        staff = StaffMember.objects.filter(staff_number=chosen.by).values_list("public_id", flat=True)
        rows = rows.filter(requested_by__in=[*staff, chosen.by, f"agency:{chosen.by}"])
    return rows.order_by("-id")


class StopView(NamedTuple):
    """A contact that was stopped, with the provision that did it."""

    contact: str
    at: datetime
    verdict: str
    channel: str
    purpose: str
    borrower: str
    by: By
    provision: str
    earliest: datetime | None


def stop_views(rows: QuerySet[Contact], *, most: int) -> list[StopView]:
    """Stops as a page or a file shows them."""
    read = list(
        rows.values_list(
            "public_id", "requested_at", "verdict", "channel", "purpose", "borrower__public_id",
            "requested_by", "decision__leading_provision", "earliest_at",
        )[:most]
    )  # fmt: skip
    people = who({row[6] for row in read})
    return [StopView(*row[:6], people[row[6]], *row[7:]) for row in read]


class Use(NamedTuple):
    """A provision with a rule for the gate and what it did: contacts it looked at, and those it decided."""

    provision: reader.Provision
    looked: int
    decided: int
    last: datetime | None


class RulebookUse(NamedTuple):
    """One version of a rulebook, by its digest: when it first and last decided, and how often."""

    digest: str
    place: str
    first: datetime
    last: datetime
    decisions: int


@dataclass(frozen=True)
class Coverage:
    """The rules of a place with their use in a period; `whole` decisions are older than shared wordings."""

    uses: list[Use]
    never: int
    whole: int
    books: list[RulebookUse]


def coverage(place: str, now: datetime, days: int) -> Coverage:
    """How often each rule that is in force looked at a contact of this place and decided it."""
    chosen = GateDecision.objects.filter(
        contact__borrower__jurisdiction=place, contact__requested_at__gte=now - timedelta(days=days)
    )
    by_wording = dict(chosen.values_list("wording_id").annotate(number=Count("contact_id")).order_by())
    looked: Counter[str] = Counter()
    for digest, names in _provisions_of(set(by_wording)).items():
        for name in names:
            looked[name] += by_wording[digest]
    stopped = chosen.exclude(contact__verdict="allowed").values_list("leading_provision").order_by()
    decided = {
        name: (number, last)
        for name, number, last in stopped.annotate(
            number=Count("contact_id"), last=Max("contact__requested_at")
        )
    }
    uses = [
        Use(one.provision, looked[one.provision.id], *decided.get(one.provision.id, (0, None)))
        for one in reader.rulebook(place).on(now.date())
    ]
    books = chosen.values_list("rulebook_digest").annotate(
        first=Min("contact__requested_at"), last=Max("contact__requested_at"), number=Count("contact_id")
    )
    return Coverage(
        sorted(uses, key=lambda use: (-use.decided, -use.looked, use.provision.id)),
        sum(not use.looked for use in uses),
        by_wording.get(None, 0),
        [RulebookUse(one[0], place, *one[1:]) for one in books.order_by("-last")],
    )
