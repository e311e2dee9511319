"""Contacts, the gate's decisions, holds, the outbox, receipts, checks of a contact by the public."""

from __future__ import annotations

from django.db import models


class Hold(models.Model):
    """Something that stops collection contacts: a plan, a promise, a dispute, a complaint. A dated fact."""

    public_id = models.CharField(max_length=20, unique=True)
    borrower = models.ForeignKey("people.Borrower", on_delete=models.PROTECT, related_name="holds")
    loan = models.ForeignKey("lending.Loan", null=True, blank=True, on_delete=models.PROTECT)
    kind = models.CharField(max_length=30)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=80)
    ends_on = models.DateField(null=True, blank=True)
    detail = models.JSONField(default=dict)


class HoldEnd(models.Model):
    """The end of a hold before its date."""

    hold = models.OneToOneField(Hold, on_delete=models.PROTECT, related_name="end")
    ended_at = models.DateTimeField()
    reason = models.CharField(max_length=60)


class ConcernStep(models.Model):
    """A concern was passed on: to a senior person because it was late, or to whoever answers it now.

    The borrower reads it on the page of her concern. Never changed; the newest row names who has it.
    """

    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10)  # escalated | assigned
    staff = models.CharField(max_length=20)
    reason = models.CharField(max_length=300)
    taken_at = models.DateTimeField()
    taken_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["escalated", "assigned"]), name="concern_step_kind"
            ),
            models.CheckConstraint(condition=~models.Q(staff=""), name="concern_step_names_somebody"),
        ]


class Placement(models.Model):
    """What an agency may do for one loan: channels, hours of its own, last day. Recalling it ends it at once."""

    public_id = models.CharField(max_length=20, unique=True)
    agency = models.CharField(max_length=40)
    loan = models.ForeignKey("lending.Loan", on_delete=models.PROTECT, related_name="placements")
    channels = models.JSONField()
    opens = models.TimeField()
    closes = models.TimeField()
    until = models.DateField()
    placed_at = models.DateTimeField()
    recalled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["loan"], condition=models.Q(recalled_at__isnull=True), name="one_agency_a_loan"
            ),
            models.CheckConstraint(condition=models.Q(opens__lt=models.F("closes")), name="placement_hours"),
        ]


class Contact(models.Model):
    """One proposed contact with its decision; refused ones stay visible too. Never changed."""

    public_id = models.CharField(max_length=20, unique=True)
    code = models.CharField(max_length=10, unique=True)
    borrower = models.ForeignKey(
        "people.Borrower", on_delete=models.PROTECT, related_name="contacts", db_index=False
    )
    loan = models.ForeignKey("lending.Loan", null=True, blank=True, on_delete=models.PROTECT)
    debts = models.JSONField(default=list)  # public ids of every loan the contact is about
    contact_point = models.ForeignKey("people.ContactPoint", null=True, on_delete=models.PROTECT)
    channel = models.CharField(max_length=10)
    purpose = models.CharField(max_length=30)
    template = models.CharField(max_length=60)
    template_version = models.CharField(max_length=16)
    language = models.CharField(max_length=10)
    requested_by = models.CharField(max_length=80)
    requested_at = models.DateTimeField(db_index=True)
    verdict = models.CharField(max_length=10)  # allowed | refused | deferred
    earliest_at = models.DateTimeField(null=True, blank=True)
    retries = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="retried_by"
    )

    class Meta:
        indexes = [models.Index(fields=["borrower", "requested_at"], name="contact_history")]


class CertificateWording(models.Model):
    """What the provisions behind certificates say, in canonical JSON: written once, shared by many contacts."""

    digest = models.CharField(max_length=64, primary_key=True)
    text = models.TextField()


class KeptRulebook(models.Model):
    """A rulebook that has decided, whole and in canonical JSON, named after its digest: contacts are decided again
    by the rules of their day, whatever the law says by then."""

    digest = models.CharField(max_length=64, primary_key=True)
    place = models.CharField(max_length=2)
    text = models.TextField()


class GateDecision(models.Model):
    """The gate's decision on one contact: facts, rulebook digest and certificate, as canonical JSON.

    With a `wording` the certificate is what was found; put into the wording it is the whole. Without one it is
    the whole. A trigger asks for the wording instead of a foreign key, whose check would lock one row for all.
    """

    contact = models.OneToOneField(
        Contact, primary_key=True, on_delete=models.PROTECT, related_name="decision"
    )
    rulebook_digest = models.CharField(max_length=64)
    facts = models.TextField()
    wording = models.ForeignKey(
        CertificateWording, null=True, on_delete=models.PROTECT, db_constraint=False, db_index=False
    )
    certificate = models.TextField()
    leading_provision = models.CharField(max_length=60, db_index=True)


class ContactSlot(models.Model):
    """The second wall: one row per use of a counted allowance; two cannot take the same place."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="slots")
    borrower = models.ForeignKey("people.Borrower", on_delete=models.PROTECT, db_index=False)
    allowance = models.CharField(max_length=80)
    window = models.CharField(max_length=40)
    place = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["borrower", "allowance", "window", "place"], name="contact_slot_once"
            )
        ]


class OutboxMessage(models.Model):
    """An allowed message on its way out. A collection contact is handed over at most once."""

    contact = models.OneToOneField(Contact, primary_key=True, on_delete=models.PROTECT, related_name="outbox")
    state = models.CharField(max_length=12, db_index=True)
    body_sealed = models.TextField()
    body_hash = models.CharField(max_length=64)
    not_after = models.DateTimeField()
    lease_owner = models.CharField(max_length=40, blank=True, default="")
    leased_until = models.DateTimeField(null=True, blank=True)
    handed_at = models.DateTimeField(null=True, blank=True)
    provider = models.CharField(max_length=20, blank=True, default="")
    provider_id = models.CharField(max_length=80, blank=True, default="", db_index=True)
    note = models.CharField(max_length=200, blank=True, default="")


class DeliveryReceipt(models.Model):
    """What the network said of a message. May come twice, early, or for nothing we know."""

    provider = models.CharField(max_length=20)
    provider_id = models.CharField(max_length=80)
    state = models.CharField(max_length=12)
    received_at = models.DateTimeField()
    raw = models.TextField()
    message = models.ForeignKey(OutboxMessage, null=True, blank=True, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "provider_id", "state"], name="receipt_once")
        ]


class ContactOutcome(models.Model):
    """What came of a call or visit: not connected, no answer, conversation, wrong person, refused."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="outcomes")
    outcome = models.CharField(max_length=20)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80)
    note_sealed = models.TextField(blank=True, default="")


class ContactCheck(models.Model):
    """Somebody asked whether a contact is genuine. Shown to the borrower; no debt is revealed by it."""

    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.PROTECT)
    kind = models.CharField(max_length=10, default="code")  # code | live | staff
    code_index = models.CharField(max_length=64)
    result = models.CharField(max_length=10)
    checked_at = models.DateTimeField(db_index=True)
    from_index = models.CharField(max_length=64, db_index=True)


class CaseLease(models.Model):
    """A collector has a case: nobody else does until it is put back or the lease runs out.

    What a page may show of the debt depends on `confirmed_at`: the right person was on the line.
    """

    public_id = models.CharField(max_length=20, unique=True)
    borrower = models.ForeignKey("people.Borrower", on_delete=models.PROTECT, related_name="leases")
    staff = models.CharField(max_length=20, db_index=True)
    how = models.CharField(max_length=10)  # next | look_up
    taken_at = models.DateTimeField()
    until = models.DateTimeField()
    tries = models.IntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_how = models.CharField(max_length=15, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["borrower"], condition=models.Q(closed_at=None), name="case_with_one_collector"
            ),
            models.UniqueConstraint(
                fields=["staff"], condition=models.Q(closed_at=None), name="collector_with_one_case"
            ),
        ]


class CaseLookUp(models.Model):
    """Somebody of the staff looked a person up, found or not, and why: compliance reads it."""

    staff = models.CharField(max_length=20, db_index=True)
    borrower = models.ForeignKey("people.Borrower", null=True, blank=True, on_delete=models.PROTECT)
    reason = models.CharField(max_length=20)
    words_sealed = models.TextField(blank=True, default="")
    result = models.CharField(max_length=10)  # opened | nobody | taken
    looked_at = models.DateTimeField(db_index=True)


class TextFinding(models.Model):
    """Something that screening found in a note or a transcript: its words, sealed, and what they are."""

    public_id = models.CharField(max_length=20, unique=True)
    borrower = models.ForeignKey("people.Borrower", on_delete=models.PROTECT, related_name="findings")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="findings")
    written_by = models.CharField(max_length=80, db_index=True)
    said_by = models.CharField(max_length=10)  # collector | borrower
    category = models.CharField(max_length=20)
    severity = models.CharField(max_length=10)
    quote_sealed = models.TextField()
    start = models.IntegerField()
    end = models.IntegerField()
    lexicon_digest = models.CharField(max_length=64)
    found_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(start__gte=0, start__lt=models.F("end")), name="finding_span"
            )
        ]


class FindingReview(models.Model):
    """What compliance made of a finding."""

    finding = models.OneToOneField(TextFinding, on_delete=models.PROTECT, related_name="review")
    decision = models.CharField(max_length=20)  # confirmed | harmless
    reason = models.CharField(max_length=300)
    reviewed_at = models.DateTimeField()
    reviewed_by = models.CharField(max_length=80)


class ContactNote(models.Model):
    """What a borrower wrote down herself about a contact; nobody changes it afterwards."""

    public_id = models.CharField(max_length=20, unique=True)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="notes")
    text_sealed = models.TextField()
    noted_at = models.DateTimeField()


class ImpostorReport(models.Model):
    """Somebody says that a stranger used the lender's name. Compliance sees it."""

    public_id = models.CharField(max_length=20, unique=True)
    borrower = models.ForeignKey("people.Borrower", null=True, blank=True, on_delete=models.PROTECT)
    told_sealed = models.TextField()
    from_index = models.CharField(max_length=64, db_index=True)
    reported_at = models.DateTimeField(db_index=True)


class ImpostorHandling(models.Model):
    """What compliance did about a report of an impostor, once."""

    report = models.OneToOneField(ImpostorReport, on_delete=models.PROTECT, related_name="handling")
    did = models.CharField(max_length=20)  # warned | police | spam_line | own_staff | nothing_found
    words = models.CharField(max_length=300)
    handled_at = models.DateTimeField()
    handled_by = models.CharField(max_length=80)


class Spending(models.Model):
    """What a strategy chose to spend of one borrower's contact points on one day, and what it left."""

    borrower = models.ForeignKey("people.Borrower", on_delete=models.PROTECT, related_name="spendings")
    strategy = models.CharField(max_length=60)
    strategy_digest = models.CharField(max_length=64)
    on_date = models.DateField(db_index=True)
    planned_at = models.DateTimeField()
    points_before = models.IntegerField()
    points_spent = models.IntegerField()
    chosen = models.JSONField(default=list)
    passed_over = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["borrower", "strategy_digest", "on_date"], name="one_spending_a_day"
            ),
            models.CheckConstraint(
                condition=models.Q(points_spent__gte=0, points_spent__lte=models.F("points_before")),
                name="spent_within_points",
            ),
        ]
