"""Who works here, where she is signed in, and which invitations are open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pyotp
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet

from lenity.records.people import sign_in_queries
from lenity.records.people.models import StaffInvitation, StaffMember, StaffSession

TRIES = 5


@dataclass(frozen=True)
class SignedIn:
    """A place where somebody is signed in."""

    id: str
    began_at: datetime
    from_address: str
    browser: str


@dataclass(frozen=True)
class StaffView:
    """A member of staff as an administrator sees her. `state`: working | invited | lapsed | off."""

    row: StaffMember
    state: str
    sessions: tuple[SignedIn, ...]


def let_in_by(staff_id: str) -> set[str]:
    """Who set somebody's roles last, and who invited her last: the two who could be her."""
    staff = sign_in_queries.staff_by_id(staff_id)
    if staff is None:
        return set()
    invited = staff.invitations.order_by("-id").values_list("made_by", flat=True)[:1]
    return {staff.rights_by, *invited} - {""}


def named(words: str) -> QuerySet[StaffMember]:
    """Staff whose name, staff number, user name or agency has these words in it; all without words."""
    rows = StaffMember.objects.order_by("username")
    if not words:
        return rows
    return rows.filter(
        Q(display_name__icontains=words)
        | Q(staff_number__icontains=words)
        | Q(username__icontains=words)
        | Q(agency__icontains=words)
    )


def listed(now: datetime, staff: Sequence[StaffMember]) -> list[StaffView]:
    """These people with open sessions and invitations."""
    open_ones = StaffInvitation.objects.filter(used_at=None, ended_at=None, staff__in=staff)
    invited = {one.staff_id: one for one in open_ones}
    signed_in: dict[int, list[SignedIn]] = {}
    rows = list(StaffSession.objects.filter(ended_at=None, staff__in=staff).order_by("-id")[:1000])
    alive = set(
        Session.objects.filter(
            session_key__in=[one.session_key for one in rows], expire_date__gt=now
        ).values_list("session_key", flat=True)
    )
    for one in rows:
        if one.session_key in alive:
            shown = SignedIn(one.public_id, one.began_at, one.from_address, one.browser)
            signed_in.setdefault(one.staff_id, []).append(shown)
    return [
        StaffView(row, _state(row, invited.get(row.pk), now), tuple(signed_in.get(row.pk, ())))
        for row in staff
    ]


def _state(row: StaffMember, invitation: StaffInvitation | None, now: datetime) -> str:
    if not row.is_active:
        return "off"
    if invitation is not None:
        return "invited" if living(invitation, now) else "lapsed"
    return "working"


def living(invitation: StaffInvitation, now: datetime) -> bool:
    """Whether a code may still be tried."""
    return (
        invitation.used_at is None
        and invitation.ended_at is None
        and now < invitation.expires_at
        and invitation.tries < TRIES
    )


def invitation_for(username: str) -> StaffInvitation | None:
    """The open invitation of a user name."""
    rows = StaffInvitation.objects.select_related("staff").filter(used_at=None, ended_at=None)
    return rows.filter(staff__username=username, staff__is_active=True).first()


def invitation_by_id(public_id: str) -> StaffInvitation | None:
    """An invitation with its person."""
    return StaffInvitation.objects.select_related("staff").filter(public_id=public_id).first()


def number_taken(staff_number: str) -> bool:
    """Whether somebody has this staff number."""
    return StaffMember.objects.filter(staff_number=staff_number).exists()


@dataclass(frozen=True)
class Joining:
    """What an invited person sees while she sets her second factor. `address` is for an authenticator."""

    username: str
    display_name: str
    secret: str
    address: str


def joining(invitation_id: str, now: datetime) -> Joining | None:
    """The second factor of an invitation that was opened; None when it is over."""
    found = invitation_by_id(invitation_id)
    if found is None or not living(found, now) or not found.staff.is_active:
        return None
    secret = sign_in_queries.totp_secret_of(found.staff)
    name = found.staff.username
    address = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name="Lenity")
    return Joining(name, found.staff.display_name, secret, address)
