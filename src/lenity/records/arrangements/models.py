"""What borrowers tell and agree. All are facts that are only added, but for the draft of a budget."""

from __future__ import annotations

from django.db import models


class Budget(models.Model):
    """A household's month as its borrower stated it: sealed, numbered, never changed."""

    public_id = models.CharField(max_length=20, unique=True)
    borrower = models.ForeignKey("people.Borrower", on_delete=models.PROTECT, related_name="budgets")
    version = models.IntegerField()
    answers_sealed = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["borrower", "version"], name="budget_version_once")]


class BudgetDraft(models.Model):
    """Answers that are not finished: kept so that a borrower may come back, sealed, overwritten as she goes."""

    borrower = models.OneToOneField("people.Borrower", primary_key=True, on_delete=models.CASCADE)
    answers_sealed = models.TextField()
    saved_at = models.DateTimeField()


class TalkTurn(models.Model):
    """One turn of a talk about a plan: an offer, a counter-offer or an answer."""

    public_id = models.CharField(max_length=20, unique=True)
    talk = models.CharField(max_length=20)
    number = models.IntegerField()
    loan = models.ForeignKey("lending.Loan", on_delete=models.PROTECT, related_name="talk_turns")
    by = models.CharField(max_length=10)
    move = models.CharField(max_length=10)
    asked = models.TextField(blank=True, default="")
    plan = models.TextField(blank=True, default="")
    expires_on = models.DateField()
    reason = models.CharField(max_length=20, blank=True, default="")
    words_sealed = models.TextField(blank=True, default="")
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["talk", "number"], name="talk_turn_once"),
            models.CheckConstraint(condition=models.Q(by__in=["borrower", "lender"]), name="talk_turn_side"),
            models.CheckConstraint(
                condition=models.Q(move__in=["offer", "counter", "accept", "decline", "withdraw", "sign"]),
                name="talk_turn_move",
            ),
        ]


class Agreement(models.Model):
    """A plan signed by a one-time code; `text` is what both sides hold, as canonical JSON."""

    public_id = models.CharField(max_length=20, unique=True)
    loan = models.ForeignKey("lending.Loan", on_delete=models.PROTECT, related_name="plan_agreements")
    fact = models.OneToOneField("lending.LoanFact", on_delete=models.PROTECT, related_name="agreement")
    shown = models.CharField(max_length=64)
    text = models.TextField()
    digest = models.CharField(max_length=64)
    code_request = models.CharField(max_length=40, unique=True)
    signed_at = models.DateTimeField()


class AgreementSeal(models.Model):
    """The lender's signature under an agreement (Ed25519 over its digest), with the key that checks it."""

    agreement = models.OneToOneField(Agreement, on_delete=models.PROTECT, related_name="seal")
    signature = models.CharField(max_length=128)
    public_key = models.CharField(max_length=64)


class ConcernNote(models.Model):
    """What a borrower added to a concern in her own words, sealed."""

    public_id = models.CharField(max_length=20, unique=True)
    hold = models.ForeignKey("debt_collection.Hold", on_delete=models.PROTECT, related_name="notes")
    words_sealed = models.TextField()
    recorded_at = models.DateTimeField()


class ConcernFile(models.Model):
    """A file that a borrower gave with a concern: its type checked, its content sealed, its name ours."""

    public_id = models.CharField(max_length=20, unique=True)
    hold = models.ForeignKey("debt_collection.Hold", on_delete=models.PROTECT, related_name="files")
    media_type = models.CharField(max_length=30)
    size = models.IntegerField()
    digest = models.CharField(max_length=64)
    content_sealed = models.TextField()
    recorded_at = models.DateTimeField()


class NoteFile(models.Model):
    """A file that a borrower put beside one contact: a picture or a recording, sealed, its name ours."""

    public_id = models.CharField(max_length=20, unique=True)
    note = models.ForeignKey("debt_collection.ContactNote", on_delete=models.PROTECT, related_name="files")
    media_type = models.CharField(max_length=30)
    size = models.IntegerField()
    digest = models.CharField(max_length=64)
    content_sealed = models.TextField()
    recorded_at = models.DateTimeField()


class ToldContact(models.Model):
    """A contact that is not in the log, as its borrower tells it in a complaint: how, when, from where, by whom."""

    public_id = models.CharField(max_length=20, unique=True)
    hold = models.ForeignKey("debt_collection.Hold", on_delete=models.PROTECT, related_name="told_contacts")
    channel = models.CharField(max_length=10)
    happened_at = models.DateTimeField()
    number_sealed = models.TextField(blank=True, default="")
    who_sealed = models.TextField(blank=True, default="")
    recorded_at = models.DateTimeField()


class Helper(models.Model):
    """Somebody whom a borrower lets speak for her: name and how to reach sealed, scope, last day."""

    public_id = models.CharField(max_length=20, unique=True)
    borrower = models.ForeignKey("people.Borrower", on_delete=models.PROTECT, related_name="named_helpers")
    name_sealed = models.TextField()
    reach_sealed = models.TextField()
    scope = models.CharField(max_length=20)
    until = models.DateField()
    recorded_at = models.DateTimeField()


class HelperKey(models.Model):
    """What opens a borrower's record to her helper, in parts, until a day: a digest of the key only."""

    helper = models.ForeignKey(Helper, on_delete=models.PROTECT, related_name="keys")
    token_digest = models.CharField(max_length=64, unique=True)
    parts = models.JSONField()
    until = models.DateField()
    given_at = models.DateTimeField()


class HelperReading(models.Model):
    """A helper opened the borrower's record on a page; the borrower sees it."""

    helper = models.ForeignKey(Helper, on_delete=models.PROTECT, related_name="readings")
    read_at = models.DateTimeField()


class HelperEnd(models.Model):
    """A helper is no longer one; her keys open nothing from then on."""

    helper = models.OneToOneField(Helper, on_delete=models.PROTECT, related_name="end")
    ended_at = models.DateTimeField()


class DataRequest(models.Model):
    """A borrower asks for correction, deletion, or a statement beside her report, in her own words."""

    public_id = models.CharField(max_length=20, unique=True)
    borrower = models.ForeignKey("people.Borrower", on_delete=models.PROTECT, related_name="data_requests")
    kind = models.CharField(max_length=20)
    words_sealed = models.TextField()
    answer_by = models.DateField()
    recorded_at = models.DateTimeField()


class DataAnswer(models.Model):
    """What became of a data request, in words the borrower reads."""

    request = models.OneToOneField(DataRequest, on_delete=models.PROTECT, related_name="answer")
    answer = models.CharField(max_length=20)
    words_sealed = models.TextField()
    answered_at = models.DateTimeField()
    answered_by = models.CharField(max_length=80)
