"""The steps of the demo, one call each, told as they happen."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command

from lenity.base.money import Money
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.debt_collection import strategy
from lenity.domain.lending import book_mapping
from lenity.domain.scoring import model as models
from lenity.gateways import clock, datasets, ids, sinks
from lenity.interfaces.cli import demo_contacts, demo_people, demo_rules, demo_scores, demo_story
from lenity.operations.close_day import close_day
from lenity.operations.decide_applications import decide_applications
from lenity.operations.furnish_month import furnish_month
from lenity.operations.import_book import import_book
from lenity.operations.seal_evidence import seal_evidence
from lenity.records.audit import queries as audit
from lenity.records.delinquency import queries as delinquency
from lenity.records.ledger import queries as ledger
from lenity.records.lending import queries as lending
from lenity.training import fit, invented_people, synthetic, taiwan

ACTOR = "demo"
TRAIN_ROWS = 20_000
SYNTHETIC_ROWS = 12_000


def fresh_start(marker: Path) -> None:
    """Begin with empty tables: only a demo's own database is ever emptied."""
    name = str(settings.DATABASES["default"]["NAME"])
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3") and marker.is_file():
        for suffix in ("", "-wal", "-shm"):
            Path(name + suffix).unlink(missing_ok=True)
        for path in Path(settings.LENITY_CHECKPOINT_DIR).glob("*.checkpoint"):
            path.unlink()
    call_command("migrate", verbosity=0, interactive=False)
    if lending.has_loans():
        says = "This database holds a book already, and it is not a demo's; nothing was changed."
        raise InputRefused([Problem("demo.database", says, "Set LENITY_HOME to an empty folder.")])


def run(story: demo_story.Story, marker: Path) -> None:
    """All steps, under a clock that stands at the demo's business day."""
    began = clock.stopwatch()
    now = clock.ManualClock(story.morning)
    with clock.use(now):
        marker.write_text(json.dumps({"business_date": story.business_date.isoformat()}), "utf-8")
        get_clients(story)
        logins = main_job(story, now)
        end = story.morning + timedelta(days=1)
    marker.write_text(
        json.dumps(
            {
                "business_date": story.business_date.isoformat(),
                "clock_shift": int((end - clock.SystemClock().now()).total_seconds()),
                "synthetic": story.synthetic,
                "logins": logins,
            },
            ensure_ascii=False,
        ),
        "utf-8",
    )
    story.console.print(f"\nDone in {clock.stopwatch() - began:.0f} s. Check again with: lenity audit verify")
    demo_people.tell(story, logins)


def main_job(story: demo_story.Story, now: clock.ManualClock) -> dict[str, Any]:
    """From a score to a proven reminder, on the story's clients; returns who can sign in."""
    train_score(story)
    staff = demo_people.employ()
    decide_applicants(story, [one["id"] for one in staff if "risk" in one["roles"]])
    demo_scores.measure(story)
    book_loans(story)
    close_business_day(story)
    logins = demo_people.prepare(story, staff)
    demo_scores.bring_into_force(story)
    with sinks.running(inbox=Path(settings.HOME) / "inbox.jsonl") as both:
        demo_contacts.run(story, now, both, strategy.shipped())
    write_bureau_file(story)
    seal_and_verify(story)
    return logins


def get_clients(story: demo_story.Story) -> None:
    """The real clients, or invented ones."""
    if story.synthetic:
        story.title("1  An invented book (seeded)")
        story.rows = synthetic.clients(SYNTHETIC_ROWS, story.seed)
        story.say(f"{len(story.rows):,} clients who do not exist, in the columns of the Taiwan set")
        return
    story.title("1  30,000 real card clients")
    path = datasets.taiwan(Path(settings.HOME) / "data")
    with path.open(encoding="utf-8", newline="") as file:
        story.rows = list(csv.DictReader(file))
    story.say(f"{len(story.rows):,} clients of Taiwan, 2005 (Yeh & Lien 2009, UCI repository), SHA-256 right")


def train_score(story: demo_story.Story) -> None:
    """An additive score, measured on clients it has not seen."""
    story.title("2  An explainable score")
    train = TRAIN_ROWS if not story.synthetic else len(story.rows) * 2 // 3
    known, held_out = fit.split(story.rows, train=train, seed=story.seed)
    with story.console.status("training ..."):
        fitted = fit.fit(
            known,
            held_out,
            name="Taiwan card clients" if not story.synthetic else "invented clients",
            target=taiwan.TARGET,
            features=taiwan.features(),
            reasons=taiwan.REASONS,
            protected=taiwan.PROTECTED,
            source="UCI default of credit card clients" if not story.synthetic else "seeded invention",
            seed=story.seed,
        )
    story.known, story.held_out, story.model_text = known, held_out, fitted.text
    (Path(settings.HOME) / "model.json").write_text(fitted.text, "utf-8")
    one = fitted.metrics
    story.say(
        f"trained on {len(known):,}, held out {len(held_out):,}; left out: {', '.join(taiwan.PROTECTED)}"
    )
    story.say(f"AUC {one['auc']}   KS {one['ks']}   Brier {one['brier']}   (on the points that are shipped)")


def decide_applicants(story: demo_story.Story, risk: list[str]) -> None:
    """The held-out clients as applicants."""
    story.title("3  Decisions on the held-out clients as applicants")
    model, policy = models.read(story.model_text), demo_rules.put_in_force(story, *risk[:2])
    with demo_story.bar(story, len(story.held_out)) as step:
        done = decide_applications(
            rows=story.held_out,
            reference_column="ID",
            place="CN",
            currency="CNY",
            source=demo_rules.SOURCE,
            actor=ACTOR,
            progress=step,
        )
    told = ", ".join(f"{name} {number:,}" for name, number in sorted(done.outcomes.items()))
    caps = ", ".join(f"{name} {number:,}" for name, number in sorted(done.caps.items()))
    story.say(f"{told}; the limit was bound by: {caps}")
    if done.arms["exploration"]:
        story.say(
            f"{done.arms['exploration']:,} would-be declines were approved small, as declared, to learn"
        )
    demo_rules.tell_outcomes(story)
    approved = [row for row in story.held_out if model.score(row).default_ppm <= policy.approve_at_most_ppm]
    ids_of_approved = {row["ID"] for row in approved}
    one, other = sorted({row["SEX"] for row in story.held_out})
    ratio = fit.adverse_impact(
        [row["ID"] in ids_of_approved for row in story.held_out],
        [row["SEX"] for row in story.held_out],
        of=one,
        against=other,
    )
    story.say(
        f"fairness check by sex (not used in scoring): approval ratio {ratio:.3f}, at least 0.8 is asked"
    )
    for example in done.examples:
        reasons = "; ".join(f"{one['en']} (-{one['points_lost']})" for one in json.loads(example.reasons))
        story.say(f"{example.outcome}: score {example.score}. {reasons or 'no points lost'}")


def book_loans(story: demo_story.Story) -> None:
    """Their real balances as the lender's existing book."""
    story.title("4  Their balances as the lender's existing book")
    mapping = book_mapping.read(book_mapping.shipped("taiwan_card"))
    text = invented_people.book(
        story.held_out, taiwan.RAW, ids.seeded(story.seed), story.business_date.replace(day=1)
    )
    file = Path(settings.HOME) / "book.csv"
    file.write_text(text, "utf-8")
    as_of = book_mapping.as_of_month_end(story.business_date)
    with demo_story.bar(story, len(story.held_out)) as step:
        done = import_book(file=file, mapping=mapping, as_of=as_of, actor=ACTOR, progress=step)
    sums = ", ".join(
        f"{currency} {Money(total, currency).decimal_text()}"
        for currency, total in sorted(done.balance_minor.items())
    )
    story.say(f"{done.loans:,} loans, balances {sums}, as of {as_of}")
    story.say(
        f"{done.in_arrears:,} in arrears; {done.late_but_owing_nothing:,} late by status but owing nothing; "
        f"{done.credit_balances:,} with a credit balance"
    )
    for line in mapping.note["en"].split(". "):
        story.say(f"[dim]{line.rstrip('.')}.[/]")
    state = "zero" if ledger.is_balanced() else "NOT ZERO"
    counts = ledger.counts()
    story.say(
        f"ledger: {counts['transactions']:,} transactions, {counts['postings']:,} postings, sum {state}"
    )


def close_business_day(story: demo_story.Story) -> None:
    """Days past due, stage, amounts due."""
    story.title(f"5  The close of {story.business_date}")
    closed = close_day(business_date=story.business_date, actor=ACTOR)
    stages: Counter[str] = Counter()
    for row in delinquency.by_stage():
        stages[str(row["stage"])] += int(str(row["loans"]))
    story.say(f"{closed.loans:,} loans, {closed.in_arrears:,} in arrears: " + _told(stages))


def write_bureau_file(story: demo_story.Story) -> None:
    """The month's Metro 2 file."""
    story.title("7  The month's bureau file")
    done = furnish_month(
        month_end=book_mapping.as_of_month_end(story.business_date),
        folder=Path(settings.HOME) / "bureau",
        identification="LENITYDEMO",
        reporter="SAMPLE LENDING",
        actor=ACTOR,
    )
    places = ", ".join(f"{place} {number:,}" for place, number in done.elsewhere.items())
    story.say(f"{done.path.name}: {done.file.records:,} accounts, {done.late:,} thirty days late or more")
    if done.held:
        story.say(f"{len(done.held):,} held back: not yet spoken with, or no notice sent and waited for")
    story.say(f"checked as a regulator would: 0 findings. Not in this format: {places}")


def seal_and_verify(story: demo_story.Story) -> None:
    """The evidence log's root, and whether it holds."""
    story.title("8  The evidence log")
    head = seal_evidence(actor=ACTOR)
    report = audit.verify()
    if head is None or not report.holds:
        raise InputRefused([Problem("audit", fault) for fault in report.faults or ["The log is empty."]])
    story.say(f"{head.tree_size:,} events, Merkle root [bold]{head.root_hash}[/]")
    story.say(
        f"lenity audit verify: it holds ({report.checkpoints} checkpoints, {report.files} files outside)"
    )


def _told(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {number:,}" for name, number in counts.most_common())
