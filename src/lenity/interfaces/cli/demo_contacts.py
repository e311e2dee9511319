"""The demo's contacts: planned by a strategy, decided by the gate, sent, and receipts taken in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from rich.table import Table

from lenity.domain.debt_collection import strategy
from lenity.gateways import clock, sinks
from lenity.gateways.email import SmtpGateway
from lenity.gateways.sms import SmppGateway
from lenity.interfaces.cli import demo_story
from lenity.interfaces.cli.demo_story import Story
from lenity.law import reader
from lenity.operations.gatekeeping import Wish
from lenity.operations.plan_contacts import plan_contacts
from lenity.operations.record_receipts import record_receipts
from lenity.operations.request_contacts import request_contacts
from lenity.operations.seal_evidence import seal_evidence
from lenity.operations.send_contacts import Channel, Sent, send_contacts
from lenity.records.debt_collection import gate_queries, strategy_queries

ACTOR = "demo"
SECOND_ROUND_HOUR_UTC = 16
PATIENCE_SECONDS = 20


def run(story: Story, now: clock.ManualClock, both: sinks.Sinks, treatment: strategy.Strategy) -> None:
    """A round in the Chinese morning, and one when the day has come in America for what was deferred."""
    story.title("6  Contacts: the strategy wishes, the gate decides")
    plan = plan_contacts(treatment=treatment, on_date=story.business_date, actor=ACTOR)
    wishes = [_wish(one) for one in plan.wishes]
    story.say(
        f"strategy {treatment.name!r}: {len(wishes):,} wishes at {_clock(clock.now())}; it spends "
        f"{plan.points_spent:,} of {plan.points_before:,} points of {plan.borrowers:,} borrowers"
    )
    with SmppGateway(both.smpp) as sms:
        channels: dict[str, Channel] = {"sms": sms, "email": SmtpGateway(both.smtp)}
        _round(story, wishes, channels, sms)
        now.move_to(_second_round(now.now()))
        retries = [_again(contact) for contact in strategy_queries.due_retries(clock.now())]
        story.say(f"{len(retries):,} deferred contacts asked for again at {_clock(clock.now())}")
        _round(story, retries, channels, sms)
    doubles = len(both.received) - len({one.contact_id for one in both.received})
    story.say(f"the sinks received {len(both.received):,} messages, {doubles} of them twice")


def _round(story: Story, wishes: list[Wish], channels: Mapping[str, Channel], sms: SmppGateway) -> None:
    with demo_story.bar(story, len(wishes)) as step:
        done = 0

        def progress(total: int) -> None:
            nonlocal done
            step(total - done)
            done = total

        contacts = request_contacts(wishes=wishes, actor="strategy", progress=progress)
    story.console.print(_verdicts([contact.public_id for contact in contacts]))
    sent = _send(channels)
    receipts = _take_receipts(sms, sent.handed)
    seal_evidence(actor=ACTOR)
    story.say(
        f"handed over {sent.handed:,}, refused by the network {sent.refused:,}, unknown {sent.unknown:,}, "
        f"stopped before hand-over {sent.cancelled:,}; delivery receipts {receipts:,}"
    )


def _send(channels: Mapping[str, Channel]) -> Sent:
    total = Sent(0, 0, 0, 0, 0)
    while (one := send_contacts(channels=channels, actor=ACTOR)).claimed:
        total = Sent(
            total.claimed + one.claimed,
            total.handed + one.handed,
            total.refused + one.refused,
            total.unknown + one.unknown,
            total.cancelled + one.cancelled,
        )
    return total


def _take_receipts(sms: SmppGateway, most: int) -> int:
    """Receipts until all that can come have come, or for a while."""
    came, end, quiet = 0, clock.stopwatch() + PATIENCE_SECONDS, 0
    while clock.stopwatch() < end and came < most and quiet < 10:
        receipts = sms.receipts()
        quiet = 0 if receipts else quiet + 1
        if receipts:
            came += record_receipts(receipts=receipts, actor="message centre")
        else:
            clock.pause(0.1)
    return came


def _wish(one: strategy.Planned) -> Wish:
    return Wish(
        borrower_id=one.borrower_id,
        channel=one.channel,
        purpose=one.purpose,
        point_id=one.point_id,
        loan_ids=one.loan_ids,
        template=one.template,
    )


def _again(retry: strategy_queries.Retry) -> Wish:
    return Wish(
        borrower_id=retry.borrower_id,
        channel=retry.channel,
        purpose=retry.purpose,
        point_id=retry.point_id,
        loan_ids=retry.loan_ids,
        template=retry.template,
        retries=retry.contact_id,
    )


def _verdicts(contact_ids: list[str]) -> Table:
    table = Table("verdict", "leading provision", "what it says", "contacts", box=None, padding=(0, 2))
    table.columns[3].justify = "right"
    for row in gate_queries.verdicts(contact_ids):
        allowed = row["verdict"] == "allowed"
        provision = "" if allowed else row["provision"]
        says = "" if allowed else _says(row["provision"])
        table.add_row(f"{row['verdict']} ({row['channel']})", provision, says, f"{row['contacts']:,}")
    return table


def _says(provision_id: str) -> str:
    for place in reader.places():
        for provision in reader.rulebook(place).provisions:
            if provision.id == provision_id:
                return provision.says["en"]
    return ""


def _second_round(now: datetime) -> datetime:
    later = now.astimezone(UTC).replace(hour=SECOND_ROUND_HOUR_UTC, minute=30, second=0)
    return later if later > now else later + timedelta(days=1)


def _clock(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
