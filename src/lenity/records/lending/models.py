"""Applications and decisions, loans and their schedules, imported books."""

from __future__ import annotations

from django.db import models

MAX_MINOR = 10**15


class Application(models.Model):
    """A request for credit with the inputs as they were given."""

    public_id = models.CharField(max_length=20, unique=True)
    reference = models.CharField(max_length=60)
    borrower = models.ForeignKey("people.Borrower", null=True, blank=True, on_delete=models.PROTECT)
    source = models.CharField(max_length=40)
    currency = models.CharField(max_length=3)
    applied_at = models.DateTimeField()
    inputs = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "reference"], name="application_once")]


class CreditDecision(models.Model):
    """Approve, refer or decline, with limit, binding cap and exact reasons. Replays from its inputs."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=10)
    score = models.IntegerField()
    limit_minor = models.BigIntegerField()
    binding_cap = models.CharField(max_length=40, blank=True, default="")
    reasons = models.TextField()
    model = models.ForeignKey("scoring.ScoreModel", on_delete=models.PROTECT)
    policy = models.ForeignKey("scoring.DecisionPolicy", on_delete=models.PROTECT)
    decided_at = models.DateTimeField()


class Applicant(models.Model):
    """Keyed fingerprints of who applied, to find the same number under another name; nothing in clear."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="applicant")
    identity_index = models.CharField(max_length=64, blank=True, default="", db_index=True)
    name_index = models.CharField(max_length=64)
    mobile_index = models.CharField(max_length=64, blank=True, default="", db_index=True)


class DecisionBasis(models.Model):
    """What a decision rested on besides its inputs: facts, checks, caps, and the policy that was in force.

    `arm` says who decided: the policy in force (empty, or champion in a trial), its challenger, or the
    exploration; `lowest_cap_minor` is the smallest cap, above which the database takes no limit.
    """

    decision = models.OneToOneField(CreditDecision, on_delete=models.PROTECT, related_name="basis")
    policy_in_force = models.ForeignKey("scoring.DecisionPolicy", on_delete=models.PROTECT, related_name="+")
    model_in_force = models.ForeignKey("scoring.ScoreModel", on_delete=models.PROTECT, related_name="+")
    facts = models.TextField()
    checks = models.TextField()
    caps = models.TextField()
    lowest_cap_minor = models.BigIntegerField()
    default_ppm = models.IntegerField()
    experiment = models.CharField(max_length=40, blank=True, default="", db_index=True)
    arm = models.CharField(max_length=12, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(arm="", experiment="")
                | (models.Q(arm__in=["champion", "challenger", "exploration"]) & ~models.Q(experiment="")),
                name="decision_basis_arm",
            ),
            models.CheckConstraint(
                condition=models.Q(default_ppm__gte=0, default_ppm__lte=1_000_000),
                name="decision_basis_default",
            ),
            models.CheckConstraint(
                condition=models.Q(lowest_cap_minor__gte=0), name="decision_basis_cap_not_negative"
            ),
        ]


class ShadowDecision(models.Model):
    """What the other arm of a trial would have decided. Nobody acts on it."""

    decision = models.OneToOneField(CreditDecision, on_delete=models.PROTECT, related_name="shadow")
    experiment = models.CharField(max_length=40, db_index=True)
    outcome = models.CharField(max_length=10)
    score = models.IntegerField()
    limit_minor = models.BigIntegerField()
    default_ppm = models.IntegerField()
    model = models.ForeignKey("scoring.ScoreModel", on_delete=models.PROTECT, related_name="+")
    policy = models.ForeignKey("scoring.DecisionPolicy", on_delete=models.PROTECT, related_name="+")


class ObservedOutcome(models.Model):
    """How the credit of an application went: defaulted or not, as observed on a day. Told once."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="observed")
    defaulted = models.BooleanField()
    observed_on = models.DateField()
    source = models.CharField(max_length=60)
    recorded_at = models.DateTimeField()


class DecisionReview(models.Model):
    """The applicant asked for a person (PIPL art. 24). Number 2 is the second opinion on the first answer."""

    public_id = models.CharField(max_length=20, unique=True)
    decision = models.ForeignKey(CreditDecision, on_delete=models.PROTECT, related_name="reviews")
    number = models.IntegerField()
    words_sealed = models.TextField(blank=True, default="")
    answer_by = models.DateField()
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "number"], name="decision_review_once"),
            models.CheckConstraint(condition=models.Q(number__in=[1, 2]), name="decision_review_number"),
        ]


class ReviewProposal(models.Model):
    """A reviewer would approve more than one person may alone; somebody else has to approve the same limit."""

    public_id = models.CharField(max_length=20, unique=True)
    review = models.ForeignKey(DecisionReview, on_delete=models.PROTECT, related_name="proposals")
    limit_minor = models.BigIntegerField()
    reason_sealed = models.TextField()
    proposed_by = models.CharField(max_length=20)
    proposed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["review", "limit_minor", "proposed_by"], name="review_proposal_once"
            ),
            models.CheckConstraint(
                condition=models.Q(limit_minor__gt=0, limit_minor__lte=MAX_MINOR),
                name="review_proposal_limit",
            ),
        ]


class AdverseNotice(models.Model):
    """The notice of adverse action that an applicant was given (US-RB-9a), in both languages, word for word."""

    public_id = models.CharField(max_length=20, unique=True)
    decision = models.OneToOneField(CreditDecision, on_delete=models.PROTECT, related_name="notice")
    words_sealed = models.TextField()
    due_on = models.DateField()
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=80)


class ReviewAnswer(models.Model):
    """What a person decided, and why. The machine's decision stays on record beside it.

    `alone_minor` is what one person could approve on that day; above it the database wants a proposal of the
    same limit by somebody else. Answers of before that rule have none.
    """

    review = models.OneToOneField(DecisionReview, on_delete=models.PROTECT, related_name="answer")
    outcome = models.CharField(max_length=10)
    limit_minor = models.BigIntegerField()
    alone_minor = models.BigIntegerField(null=True, blank=True)
    reason_sealed = models.TextField()
    decided_by = models.CharField(max_length=20)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome="approve", limit_minor__gt=0, limit_minor__lte=MAX_MINOR)
                | models.Q(outcome="decline", limit_minor=0),
                name="review_answer_limit",
            )
        ]


class ImportedBook(models.Model):
    """One book file that was imported whole."""

    public_id = models.CharField(max_length=20, unique=True)
    file_digest = models.CharField(max_length=64)
    mapping_digest = models.CharField(max_length=64)
    as_of = models.DateField()
    loans = models.IntegerField()
    imported_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file_digest", "mapping_digest"], name="imported_book_once")
        ]


class Loan(models.Model):
    """One credit account: instalment loan (I) or revolving credit (R)."""

    public_id = models.CharField(max_length=20, unique=True)
    account_number = models.CharField(max_length=30, unique=True)
    borrower = models.ForeignKey("people.Borrower", on_delete=models.PROTECT, related_name="loans")
    product = models.CharField(max_length=40)
    portfolio_type = models.CharField(max_length=1)
    currency = models.CharField(max_length=3)
    opened_on = models.DateField()
    credit_limit_minor = models.BigIntegerField()
    imported_book = models.ForeignKey(ImportedBook, null=True, blank=True, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(credit_limit_minor__gte=0, credit_limit_minor__lte=MAX_MINOR),
                name="loan_limit_bounds",
            )
        ]


class LoanAgreement(models.Model):
    """What was agreed for a loan that Lenity paid out: terms and allocation, as canonical JSON."""

    loan = models.OneToOneField(Loan, on_delete=models.PROTECT, related_name="agreement")
    terms = models.TextField()
    allocation = models.TextField()
    agreed_on = models.DateField()


class CostStatement(models.Model):
    """What a loan would cost in all, shown to a borrower before she signs; `text` is canonical JSON."""

    public_id = models.CharField(max_length=20, unique=True)
    borrower = models.ForeignKey("people.Borrower", on_delete=models.PROTECT, related_name="cost_statements")
    text = models.TextField()
    digest = models.CharField(max_length=64)
    read_seconds = models.IntegerField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(read_seconds__gte=0), name="cost_reading_seconds")
        ]


class CostStep(models.Model):
    """A statement was opened by the borrower, confirmed by her, or signed on paper. Each once."""

    statement = models.ForeignKey(CostStatement, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=10)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["statement", "step"], name="cost_step_once"),
            models.CheckConstraint(
                condition=models.Q(step__in=["opened", "confirmed", "signed"]), name="cost_step"
            ),
        ]


class LoanCost(models.Model):
    """The confirmed statement that a loan was paid out on: one loan, one statement."""

    loan = models.OneToOneField(Loan, on_delete=models.PROTECT, related_name="cost")
    statement = models.OneToOneField(CostStatement, on_delete=models.PROTECT, related_name="loan_cost")


class ScheduleVersion(models.Model):
    """A schedule is never edited, only superseded by the next version."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="schedules")
    version = models.IntegerField()
    made_on = models.DateField()
    reason = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["loan", "version"], name="schedule_version_once")]


class Instalment(models.Model):
    """One amount due on one day; `cum_before_minor` is what is due before it (fixed with the version)."""

    schedule = models.ForeignKey(ScheduleVersion, on_delete=models.PROTECT, related_name="instalments")
    number = models.IntegerField()
    due_date = models.DateField()
    principal_minor = models.BigIntegerField()
    interest_minor = models.BigIntegerField(default=0)
    fee_minor = models.BigIntegerField(default=0)
    cum_before_minor = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["schedule", "number"], name="instalment_once"),
            models.CheckConstraint(
                condition=models.Q(principal_minor__gte=0, interest_minor__gte=0, fee_minor__gte=0),
                name="instalment_not_negative",
            ),
        ]


class Payment(models.Model):
    """Money received for a loan, as a fact. A reversal is another row that points at this one."""

    public_id = models.CharField(max_length=20, unique=True)
    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="payments")
    amount_minor = models.BigIntegerField()
    value_date = models.DateField()
    received_at = models.DateTimeField()
    source = models.CharField(max_length=40)
    source_id = models.CharField(max_length=80)
    ledger_transaction_id = models.BigIntegerField()
    reverses = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "source_id"], name="payment_once"),
            models.CheckConstraint(
                condition=models.Q(amount_minor__gt=0, amount_minor__lte=MAX_MINOR), name="payment_bounds"
            ),
        ]


class LoanFact(models.Model):
    """What was agreed or decided on a loan after it was paid out: never edited, undone by another row.

    `kind` is a kind of the account's replay (charge, waiver, ...) or one that restarts limitation; `plan` is
    canonical JSON of the rows that replace what is open.
    """

    public_id = models.CharField(max_length=20, unique=True)
    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="facts")
    kind = models.CharField(max_length=20)
    on_date = models.DateField()
    amount_minor = models.BigIntegerField(default=0)
    component = models.CharField(max_length=15, blank=True, default="")
    plan = models.TextField(blank=True, default="")
    reason = models.CharField(max_length=60)
    source = models.CharField(max_length=40)
    source_id = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()
    reverses = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "source_id"], name="loan_fact_once"),
            models.CheckConstraint(
                condition=models.Q(amount_minor__gte=0, amount_minor__lte=MAX_MINOR), name="loan_fact_bounds"
            ),
        ]


class LoanMonth(models.Model):
    """A month of history that came with an imported book: as the former system stated it."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="months")
    month_end = models.DateField()
    months_late = models.IntegerField()
    billed_minor = models.BigIntegerField()
    paid_minor = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["loan", "month_end"], name="loan_month_once")]
