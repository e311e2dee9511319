"""The demo's rule: two people put a model and a policy in force, with a challenger in its shadow."""

from __future__ import annotations

from lenity.domain.lending import decision
from lenity.interfaces.cli.demo_story import Story
from lenity.operations.approve_change import approve_change
from lenity.operations.keep_candidate import keep_candidate
from lenity.operations.propose_change import propose_change
from lenity.operations.record_outcomes import record_outcomes
from lenity.records.lending import application_queries
from lenity.training import taiwan

ACTOR = "demo"
SOURCE = "demo applicants"
STRICTER = ("approve_at_most_ppm = 150_000", "approve_at_most_ppm = 120_000")
EXPERIMENTS = """
[trial]                        # a stricter policy, in the shadow: nobody is decided by it
name = "stricter cut-off"
seed = "demo"
mode = "shadow"
policy = "{policy}"

[exploration]                  # a small share of would-be declines, approved small, to learn how they go
name = "explore"
seed = "demo"
share_ppm = 50_000
up_to_ppm = 500_000
limit = 5_000
"""


def put_in_force(story: Story, first: str, second: str) -> decision.Policy:
    """Model and policy are proposed by one member of staff and approved by another."""
    shipped = decision.shipped().text
    other = keep_candidate(kind="policy", text=shipped.replace(*STRICTER), actor=ACTOR)
    policy = shipped + EXPERIMENTS.format(policy=other)
    for kind, text in (("model_activation", story.model_text), ("policy_activation", policy)):
        made = propose_change(
            kind=kind, subject_id="", payload={"text": text}, reason="to begin with", actor=first
        )
        approve_change(proposal_id=made.public_id, digest=made.digest, reason="read and agreed", actor=second)
    story.say("a policy and the model came into force: proposed by one, approved by another, byte for byte")
    return decision.read(policy)


def tell_outcomes(story: Story) -> None:
    """What became of those who were approved; of the others nobody can know."""
    known = {row["ID"]: row[taiwan.TARGET] == "1" for row in story.held_out}
    approved = application_queries.approved_references(SOURCE)
    record_outcomes(
        outcomes={one: known[one] for one in approved},
        source=SOURCE,
        observed_on=story.business_date,
        told_by=ACTOR,
        actor=ACTOR,
    )
    defaults = sum(known[one] for one in approved)
    story.say(f"of {len(approved):,} approved, {defaults:,} defaulted later; of the others nobody can know")
