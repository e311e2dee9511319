"""The demo's people: states of borrowers that the gate respects, staff, and who can sign in."""

from __future__ import annotations

from typing import Any

from lenity.gateways import ids
from lenity.interfaces.cli.demo_story import Story
from lenity.operations.add_staff import add_staff
from lenity.operations.open_hold import open_hold
from lenity.operations.record_preference import record_preference
from lenity.records.debt_collection import strategy_queries
from lenity.records.people import queries as people

ACTOR = "demo"
HOLDS = (("promise", 3), ("plan", 2), ("dispute", 2), ("complaint", 1), ("hardship_review", 1))
WISHES = (("channel_opt_out", "sms", 3), ("channel_opt_out", "email", 1), ("cease", "", 1))
STAFF = (
    ("li", "李静 Li Jing", "0421", ("collector",)),
    ("zhou", "周敏 Zhou Min", "0102", ("supervisor", "compliance", "operations", "risk", "manager")),
    ("chen", "陈立 Chen Li", "0233", ("risk",)),
    ("qian", "钱锋 Qian Feng", "0107", ("operations",)),
    ("wu", "吴刚 Wu Gang", "0118", ("administrator",)),
)


def employ() -> list[dict[str, str]]:
    """Invent staff."""
    return [_staff(*one) for one in STAFF]


def prepare(story: Story, staff: list[dict[str, str]]) -> dict[str, Any]:
    """Invent states for a share of the late borrowers; returns who can sign in."""
    chance = ids.seeded(story.seed + 1)
    cases = strategy_queries.cases(story.business_date)
    counted: dict[str, int] = {}
    for case in cases:
        draw, reach = chance.randint(1, 100), 0
        for kind, share in HOLDS:
            if reach < draw <= reach + share:
                open_hold(borrower_id=case.borrower_id, kind=kind, actor=ACTOR)
                counted[kind] = counted.get(kind, 0) + 1
            reach += share
        for kind, channel, share in WISHES:
            if reach < draw <= reach + share:
                record_preference(borrower_id=case.borrower_id, kind=kind, channel=channel, actor=ACTOR)
                name = f"{kind} {channel}".strip()
                counted[name] = counted.get(name, 0) + 1
            reach += share
    told = ", ".join(f"{name} {number}" for name, number in counted.items())
    story.say(f"[dim]invented states of the late borrowers: {told}[/]")
    return {"staff": staff, "borrowers": _borrowers(cases)}


def _staff(username: str, name: str, number: str, roles: tuple[str, ...]) -> dict[str, str]:
    password = ids.token()[:12]
    added = add_staff(
        username=username,
        display_name=name,
        staff_number=number,
        password=password,
        roles=roles,
        role_reason="invented for the demo",
        actor=ACTOR,
    )
    return {
        "id": added.staff.public_id,
        "username": username,
        "name": name,
        "roles": ", ".join(roles),
        "password": password,
        "totp": added.totp_secret,
    }


def _borrowers(cases: list[Any]) -> list[dict[str, str]]:
    """One late borrower of each place whom a text can reach."""
    chosen: dict[str, dict[str, str]] = {}
    for case in cases:
        if case.jurisdiction in chosen or "sms" not in case.points:
            continue
        borrower = people.get_borrower(case.borrower_id)
        number = people.identity_number_of(borrower)
        born = people.birth_date_of(borrower)
        chosen[case.jurisdiction] = {
            "name": people.name_of(borrower),
            "mobile": people.mobile_of(borrower),
            "proof": number[-4:] if number else (born.isoformat() if born else ""),
            "place": case.jurisdiction,
        }
    return list(chosen.values())


def tell(story: Story, logins: dict[str, Any]) -> None:
    """Say who can sign in."""
    story.title("Who can sign in (all invented)")
    for one in logins["staff"]:
        story.say(
            f"staff     {one['username']} / {one['password']}   second factor {one['totp']}   ({one['roles']})"
        )
    for one in logins["borrowers"]:
        story.say(f"borrower  {one['mobile']}   proof {one['proof']}   ({one['name']}, {one['place']})")
    story.say("[dim]Sign-in codes and the present second factors are shown on /demo/.[/]")
