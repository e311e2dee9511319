"""Borrowers, how to reach them, what they asked for; staff; sign-in codes."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class StaffManager(BaseUserManager["StaffMember"]):
    """Finds staff by user name."""

    def get_by_natural_key(self, username: str | None) -> StaffMember:
        return self.get(username=username)


class StaffMember(AbstractBaseUser):
    """Someone who works for the lender or for an agency. Roles carry a written reason."""

    public_id = models.CharField(max_length=20, unique=True)
    username = models.CharField(max_length=60, unique=True)
    display_name = models.CharField(max_length=80)
    staff_number = models.CharField(max_length=20, unique=True)
    agency = models.CharField(max_length=80, blank=True, default="")
    roles = models.JSONField(default=list)
    role_reason = models.CharField(max_length=200)
    rights_by = models.CharField(max_length=80, blank=True, default="")
    """Who set these roles last; her proposals are not judged by this person (decision 0069)."""
    totp_secret_sealed = models.TextField(blank=True, default="")
    totp_last_step = models.BigIntegerField(default=0)
    failed_tries = models.IntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    authority_until = models.DateField(null=True, blank=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = StaffManager()


class StaffInvitation(models.Model):
    """A code with which somebody sets her own password and second factor: hashed, five tries, three days."""

    public_id = models.CharField(max_length=20, unique=True)
    staff = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="invitations")
    code_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    expires_at = models.DateTimeField()
    tries = models.IntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["staff"],
                condition=models.Q(used_at=None, ended_at=None),
                name="one_open_invitation_a_person",
            )
        ]


class StaffSession(models.Model):
    """Where a member of staff is signed in; ending it ends the browser's session at once."""

    public_id = models.CharField(max_length=20, unique=True)
    staff = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="sessions")
    session_key = models.CharField(max_length=40, unique=True)
    began_at = models.DateTimeField()
    from_address = models.CharField(max_length=64, blank=True, default="")
    browser = models.CharField(max_length=80, blank=True, default="")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=80, blank=True, default="")


class Borrower(models.Model):
    """A person who owes or applies. Names and numbers are sealed; see `records.encrypted`."""

    public_id = models.CharField(max_length=20, unique=True)
    jurisdiction = models.CharField(max_length=2)
    language = models.CharField(max_length=10, default="zh-hans")
    name_sealed = models.TextField()
    identity_number_sealed = models.TextField(blank=True, default="")
    identity_index = models.CharField(max_length=64, blank=True, default="", db_index=True)
    birth_date_sealed = models.TextField(blank=True, default="")
    identity_invented = models.BooleanField(default=False)
    created_at = models.DateTimeField()


class ContactPoint(models.Model):
    """A number or address of a borrower, with where it came from and where it may be."""

    public_id = models.CharField(max_length=20, unique=True)
    borrower = models.ForeignKey(Borrower, on_delete=models.PROTECT, related_name="contact_points")
    kind = models.CharField(max_length=10)  # mobile | landline | email | address
    role = models.CharField(max_length=20, default="borrower")  # borrower | guarantor | contact_person
    use = models.CharField(max_length=10, default="unknown")  # home | work | unknown
    source = models.CharField(max_length=30)
    value_sealed = models.TextField()
    value_index = models.CharField(max_length=64, db_index=True)
    mask = models.CharField(max_length=60)
    candidate_zones = models.JSONField(default=list)
    recorded_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_reason = models.CharField(max_length=40, blank=True, default="")


class PointChange(models.Model):
    """A borrower changes her number or address: asked for, confirmed by a code, taken after a wait, or ended.

    The new point has the role `unconfirmed` until it is taken, so that nothing takes it for hers before.
    """

    public_id = models.CharField(max_length=20, unique=True)
    borrower = models.ForeignKey(Borrower, on_delete=models.PROTECT, related_name="point_changes")
    kind = models.CharField(max_length=10)  # mobile | email
    point = models.OneToOneField(ContactPoint, on_delete=models.PROTECT, related_name="change")
    request_id = models.CharField(max_length=40, unique=True)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    effective_at = models.DateTimeField(null=True, blank=True, db_index=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_as = models.CharField(max_length=10, blank=True, default="")  # taken | stopped | replaced

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["borrower", "kind"],
                condition=models.Q(ended_at=None),
                name="one_open_change_a_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_at=None, effective_at=None)
                | models.Q(confirmed_at__isnull=False, effective_at__gt=models.F("confirmed_at")),
                name="a_change_waits_after_its_code",
            ),
            models.CheckConstraint(
                condition=~models.Q(ended_as="taken")
                | models.Q(effective_at__isnull=False, ended_at__gte=models.F("effective_at")),
                name="a_change_is_taken_after_its_wait",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None, ended_as="")
                | models.Q(ended_at__isnull=False, ended_as__in=("taken", "stopped", "replaced")),
                name="a_change_ends_in_one_way",
            ),
        ]


class Preference(models.Model):
    """What a borrower asked for or agreed to, as a dated fact. Never changed; a later row revokes it."""

    public_id = models.CharField(max_length=20, unique=True)
    borrower = models.ForeignKey(Borrower, on_delete=models.PROTECT, related_name="preferences")
    kind = models.CharField(max_length=30)
    channel = models.CharField(max_length=10, blank=True, default="")
    contact_point = models.ForeignKey(ContactPoint, null=True, blank=True, on_delete=models.PROTECT)
    detail = models.JSONField(default=dict)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80)
    ends_at = models.DateTimeField(null=True, blank=True)
    revokes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="revoked_by"
    )


class SignInCode(models.Model):
    """A one-time code for a borrower's sign-in: hashed, bound to the request, five tries, five minutes."""

    request_id = models.CharField(max_length=40, unique=True)
    phone_index = models.CharField(max_length=64, db_index=True)
    borrower = models.ForeignKey(Borrower, null=True, blank=True, on_delete=models.CASCADE)
    purpose = models.CharField(max_length=20, default="sign_in")
    code_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(db_index=True)
    expires_at = models.DateTimeField()
    tries = models.IntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)
    from_address = models.CharField(max_length=64, blank=True, default="")


class StaffReading(models.Model):
    """Somebody of the staff opened what a borrower told us, and why: compliance reads it, nobody changes it."""

    staff = models.CharField(max_length=20, db_index=True)
    borrower = models.ForeignKey(Borrower, null=True, blank=True, on_delete=models.PROTECT)
    kind = models.CharField(max_length=15)  # concern | data_request | review | application
    subject_id = models.CharField(max_length=20, db_index=True)
    reason = models.CharField(max_length=20)
    words_sealed = models.TextField(blank=True, default="")
    read_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="reading_has_a_reason"),
        ]
