"""A small filled world, and every route of the installation with values for its parts.

Walks over the pages (accessibility, roles, translations, the gallery) find their routes in the address
book itself, so that a new page is covered without being named. A part of an address (`loan_id`, `contact_id`)
is filled from `World.values`; a part of another name is filled with the public id of the newest row of the
model that it names, and stays at `NOTHERE` when there is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pyotp
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from lenity.domain.lending import book_mapping
from lenity.domain.servicing.terms import Terms
from lenity.gateways import clock, ids
from lenity.operations import stage_book as operation
from lenity.operations.add_staff import add_staff
from lenity.operations.close_day import close_day
from lenity.operations.raise_concern import raise_concern
from lenity.operations.request_contact import request_contact
from lenity.operations.seal_evidence import seal_evidence
from lenity.operations.take_payment import take_payment
from lenity.records.debt_collection.models import Contact
from lenity.records.people.models import Borrower, StaffMember
from lenity.training import invented_people, synthetic, taiwan
from tests import factories, score_world
from tests.factories import disburse

PART = re.compile(r"<(?:(\w+):)?(\w+)>")
PASSWORD = "correct horse battery"
ROLES = ("collector", "supervisor", "operations", "compliance", "risk", "manager", "administrator")


@dataclass
class World:
    """Two borrowers and staff. `values` fills the parts of an address with what is Wang's."""

    wang: Borrower
    other: Borrower
    values: dict[str, str]
    others: dict[str, str]
    staff: dict[str, StaffMember] = field(default_factory=dict)


@dataclass(frozen=True)
class Route:
    """One page: its pattern, its view, and who may see it."""

    pattern: str
    view: Any

    @property
    def access(self) -> str:
        """What its guard says: public, borrower, or roles of staff."""
        return str(getattr(self.view, "lenity_access", ""))

    @property
    def methods(self) -> set[str]:
        """Methods it answers, GET among them unless its guard says otherwise."""
        return set(Client().options(self.path({})).headers.get("Allow", "GET").split(", "))

    def path(self, values: dict[str, str]) -> str:
        """Its address with these values."""
        return PART.sub(lambda part: values.get(part.group(2)) or _newest(part.group(2)), self.pattern)


def routes() -> list[Route]:
    """Every page, without the API."""
    return [one for one in _walk(get_resolver().url_patterns, "/") if not one.pattern.startswith("/api/")]


def _walk(patterns: list[Any], before: str) -> Iterator[Route]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, before + str(one.pattern))
        elif isinstance(one, URLPattern):
            yield Route(before + str(one.pattern), one.callback)


def _newest(part: str) -> str:
    """The newest row of the model that a part of an address names (`payment_id`, `payment`)."""
    word = part.removesuffix("_id").replace("_", "")
    for model in apps.get_models():
        if model.__name__.lower() == word and hasattr(model, "public_id"):
            row = model._default_manager.order_by("-pk").first()
            if row is not None:
                return str(row.public_id)
    return "NOTHERE"


def build() -> World:
    """Wang is forty days late on one loan and new with another; a second borrower has his own."""
    wang = factories.borrower()
    point = factories.contact_point(wang)
    other = factories.borrower(name="李雷")
    factories.contact_point(other, value="+8613900139000")
    paid_out = factories.MORNING - timedelta(days=23)
    with clock.use(clock.ManualClock(paid_out)):
        late = factories.booked_loan(wang, days_late=40, minor=123_456)
        his = factories.booked_loan(other, days_late=12)
        fresh = disburse(
            borrower_id=wang.public_id,
            account_number="A-2026-0009",
            product="instalment",
            terms=Terms("CNY", 1_200_000, Fraction(18, 100), paid_out.date(), 12),
            actor="test",
        )
    close_day(business_date=factories.MORNING.date(), actor="test")
    for owner, loan in ((wang, late), (other, his)):
        for channel, template in (("sms", "cn-reminder-sms"), ("sms", "cn-reminder-sms"), ("call", "")):
            request_contact(
                borrower_id=owner.public_id,
                channel=channel,
                purpose="collection",
                point_id=owner.contact_points.get().public_id,
                loan_ids=(loan.public_id,),
                template=template,
                actor="test",
            )
        raise_concern(borrower_id=owner.public_id, about="how_contacted", actor="borrower")
    take_payment(
        loan_id=late.public_id,
        amount_minor=2_000,
        currency="CNY",
        value_date=factories.MORNING.date() - timedelta(days=1),
        source="test",
        source_id="1",
        actor="test",
    )
    fingerprint = {"fingerprint": score_world.measure()}
    seal_evidence(actor="test")
    return World(
        wang,
        other,
        _values(wang, late.public_id, fresh.public_id, point.public_id) | fingerprint,
        _values(other, his.public_id, his.public_id, "") | fingerprint,
    )


def _values(owner: Borrower, loan: str, second: str, point: str) -> dict[str, str]:
    contact = Contact.objects.filter(borrower=owner).order_by("id").first()
    hold = owner.holds.first()
    return {
        "borrower_id": owner.public_id,
        "loan_id": loan,
        "second_loan_id": second,
        "contact_id": contact.public_id if contact else "",
        "point_id": point,
        "hold_id": hold.public_id if hold else "",
    }


def stage_book(filled: World) -> None:
    """A book that was looked at, with a line that cannot come in."""
    text = invented_people.book(synthetic.clients(12, 7), taiwan.RAW, ids.seeded(7), date(2026, 10, 31))
    filled.values["staged_id"] = operation.stage_book(
        chunks=[f"{text}one,two\n".encode()],
        name="book.csv",
        mapping=book_mapping.shipped("taiwan_card"),
        as_of=date(2026, 10, 31),
        actor="test",
    )


def as_borrower(owner: Borrower) -> Client:
    """A browser in which this borrower is signed in."""
    client = Client()
    session = client.session
    now = clock.now().isoformat().replace("+00:00", "Z")
    session.update({"borrower": owner.public_id, "began": now, "seen": now})
    session.save()
    assert client.get("/").status_code == 200, "the shape of a borrower's session has changed"
    return client


def as_staff(*roles: str, name: str = "") -> Client:
    """A browser in which a member of staff with these roles is signed in, by the page itself."""
    name = name or "-".join(roles)[:40]
    added = add_staff(
        username=name,
        display_name="李静",
        staff_number=f"04{name}"[:20],
        password=PASSWORD,
        roles=roles,
        role_reason="for the test",
        actor="test",
    )
    client = Client()
    code = pyotp.TOTP(added.totp_secret).at(int(clock.now().timestamp()))
    answer = client.post("/staff/sign-in/", {"username": name, "password": PASSWORD, "code": code})
    assert answer.status_code == 302
    return client
