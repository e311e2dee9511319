"""The gate gives the verdicts of the official interpretation of Regulation F; read the table there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from lenity.base.outcomes import InputRefused
from lenity.domain.debt_collection import gate
from lenity.interfaces.shared import gate_input
from lenity.law import reader
from tests.examples import regulation_f, regulation_f_more
from tests.examples.regulation_f import Example

EXAMPLES = [*regulation_f.EXAMPLES, *regulation_f_more.EXAMPLES]


@pytest.mark.parametrize("example", EXAMPLES, ids=[f"{one.comment}: {one.situation}" for one in EXAMPLES])
def test_the_gate_says_what_the_comment_says(example: Example) -> None:
    facts, rules = gate_input.read(example.asked)
    book = reader.narrowed(reader.rulebook("US"), house=rules.house, law_of=rules.law_of)
    decided = gate.decide(facts, book)
    assert (decided.verdict == "allowed") == example.lawful, decided.leading
    if example.by:
        stopping = {one.provision_id for one in decided.findings if one.effect != "allows"}
        assert example.by in stopping


def test_the_published_schema_is_the_one_that_is_used() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "gate.md").read_text("utf-8")
    blocks = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    assert json.loads(blocks[-1]) == gate_input.schema()
    gate_input.read(json.loads(blocks[0]))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"person": {"jurisdiction": "US", "zones": ["Mars/North"]}}, "time zone"),
        ({"person": {"jurisdiction": "US"}}, "no zone is known"),
        ({"proposal": {"at": "soon", "channel": "call"}}, "proposal.at"),
        ({"proposal": {"at": 5, "channel": "call"}}, "proposal.at"),
        ({"proposal": {"at": "2026-11-03", "channel": "fax"}}, "proposal.channel"),
        ({"standings": [{"kind": "mood", "since": "2026-11-03"}]}, "standings.0.kind"),
        (
            {"standings": [{"kind": "quiet_hours", "since": "2026-11-03", "closed_from": "25:00"}]},
            "closed_from",
        ),
        ({"more": 1}, "more"),
        ({"standing": []}, "Did you mean 'standings'"),
        ({"standings": [{"kind": "quiet_hour", "since": "2026-11-03"}]}, "Did you mean 'quiet_hours'"),
        ({"history": [{"at": "2026-11-03", "channel": "call", "outcom": "busy"}]}, "Did you mean 'outcome'"),
        ({"proposal": {"at": "2026-11-03", "channel": "text"}}, "Did you mean 'sms'"),
        (
            {"proposal": {"at": "2026-11-03", "channel": "call", "point": {"role": "neighbor"}}},
            "'third_party'",
        ),
        ({"proposal": {"at": "20261103", "channel": "call"}}, "write a day as"),
        ({"proposal": {"at": "0001-01-01T00:00:00+14:00", "channel": "call"}}, "a year from 1970 to 2199"),
        ({"proposal": {"at": "9999-12-31T23:30:00Z", "channel": "call"}}, "a year from 1970 to 2199"),
        ({"proposal": {"at": "2026-11-03", "channel": "call", "debts": [""]}}, "proposal.debts.0"),
        ({"person": {"jurisdiction": "us", "zones": ["America/New_York"]}}, "person.jurisdiction"),
        ({"person": {"jurisdiction": "US", "birth_date": 0}}, "birth_date: write a day"),
        (
            {"person": {"jurisdiction": "US", "zones": ["america/new_york"]}},
            "Did you mean 'America/New_York'",
        ),
        ({"person": {"jurisdiction": "US", "zones": ["localtime"]}}, "is not a time zone"),
        ({"person": {"jurisdiction": "US", "zones": ["right/America/New_York"]}}, "is not a time zone"),
        ({"history": [{"at": "2026-11-03", "channel": "call", "times": True}]}, "history.0.times"),
        (
            {"history": [{"at": "2026-11-03", "channel": "call", "talked_about": ["E"]}]},
            "only a conversation",
        ),
        ({"standings": [{"kind": "inconvenient_place", "since": "2026-11-03"}]}, "needs the place"),
        ({"standings": [{"kind": "stress_budget", "since": "2026-11-03"}]}, "needs the points"),
        (
            {"standings": [{"kind": "hours_consent", "since": "2026-11-03", "closed_until": "22:00"}]},
            "Close the others with quiet_hours",
        ),
        ({"standings": [{"kind": "place_consent", "since": "2026-11-03", "use": "home"}]}, "Name its point"),
        ({"standings": [{"kind": "cease", "since": "2026-11-03", "given": "in_breach"}]}, "is no consent"),
        (
            {"standings": [{"kind": "debt_letter", "since": "2026-11-03", "received": "2026-11-05"}]},
            "it was sent",
        ),
        ({"standings": [{"kind": "cease", "since": "2026-11-03", "until": "2026-11-02"}]}, "is before since"),
        (
            {"standings": [{"kind": "cease", "since": "2026-11-03", "ended_at": "2026-11-02"}]},
            "is before since",
        ),
    ],
)
def test_a_fault_is_named_with_its_place(changes: dict[str, object], says: str) -> None:
    asked = {
        "person": {"jurisdiction": "US", "zones": ["America/New_York"]},
        "proposal": {"at": "2026-11-03T10:00", "channel": "call"},
        **changes,
    }
    with pytest.raises(InputRefused, match=says):
        gate_input.read(asked)


@pytest.mark.parametrize(
    ("times", "standings", "is_read"), [(200, 0, True), (201, 0, False), (100, 20, True), (100, 21, False)]
)
def test_a_question_has_the_size_of_one_persons_record(times: int, standings: int, *, is_read: bool) -> None:
    """Ten rows of so many contacts: a small question must not keep a machine busy for minutes."""
    asked = {
        "person": {"jurisdiction": "US", "zones": ["America/New_York"]},
        "proposal": {"at": "2026-11-03T10:00", "channel": "call"},
        "history": [
            {"at": f"2026-10-{day}", "channel": "call", "times": min(times, 200)} for day in range(10, 20)
        ]
        + ([{"at": "2026-10-20", "channel": "call"}] if times > 200 else []),
        "standings": [{"kind": "direct_consent", "since": "2026-10-20"}] * standings,
    }
    if is_read:
        gate_input.read(asked)
        return
    with pytest.raises(InputRefused, match="leave old ones away"):
        gate_input.read(asked)
