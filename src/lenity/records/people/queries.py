"""Borrowers and how to reach them, unsealed for those who may see it."""

from __future__ import annotations

from datetime import date

from lenity.records import encrypted
from lenity.records.people.models import Borrower, ContactPoint, Preference


def get_borrower(public_id: str) -> Borrower:
    """One borrower; raises `Borrower.DoesNotExist`."""
    return Borrower.objects.get(public_id=public_id)


def find_borrower(public_id: str) -> Borrower | None:
    """The borrower, if there is one."""
    return Borrower.objects.filter(public_id=public_id).first()


def name_of(borrower: Borrower) -> str:
    """The borrower's name in clear."""
    return name_in_clear(borrower.public_id, borrower.name_sealed)


def name_in_clear(public_id: str, sealed: str) -> str:
    """The name of a borrower's row."""
    return encrypted.unseal(sealed, table="people_borrower", column="name", row=public_id)


def identity_number_of(borrower: Borrower) -> str:
    """The identity number in clear, empty when none is known."""
    if not borrower.identity_number_sealed:
        return ""
    place = {"table": "people_borrower", "column": "identity_number", "row": borrower.public_id}
    return encrypted.unseal(borrower.identity_number_sealed, **place)


def birth_date_of(borrower: Borrower) -> date | None:
    """The birth date, if known."""
    return birth_date_in_clear(borrower.public_id, borrower.birth_date_sealed)


def birth_date_in_clear(public_id: str, sealed: str) -> date | None:
    """The birth date of a borrower's row, if known."""
    if not sealed:
        return None
    place = {"table": "people_borrower", "column": "birth_date", "row": public_id}
    plain = encrypted.unseal(sealed, **place)
    return date.fromisoformat(plain) if plain else None


def contact_value(point: ContactPoint) -> str:
    """The number or address in clear."""
    return value_in_clear(point.public_id, point.value_sealed)


def value_in_clear(public_id: str, sealed: str) -> str:
    """The number or address of a contact point's row."""
    return encrypted.unseal(sealed, table="people_contactpoint", column="value", row=public_id)


def find_by_mobile(number: str) -> list[Borrower]:
    """Borrowers whose live mobile number this is. A recycled number may have several."""
    index = encrypted.blind_index(number, purpose="mobile")
    points = ContactPoint.objects.filter(
        kind="mobile", role="borrower", value_index=index, retired_at__isnull=True
    )
    return [point.borrower for point in points.select_related("borrower").order_by("-id")]


def address_of(borrower: Borrower) -> str:
    """The postal address in clear, empty when none is known."""
    point = borrower.contact_points.filter(kind="address", retired_at__isnull=True).order_by("id").first()
    return contact_value(point) if point else ""


def mobile_of(borrower: Borrower) -> str:
    """The borrower's own mobile number in clear, empty when none is known."""
    points = borrower.contact_points.filter(kind="mobile", role="borrower", retired_at__isnull=True)
    point = points.order_by("id").first()
    return contact_value(point) if point else ""


def own_mobile(borrower: Borrower) -> ContactPoint | None:
    """The borrower's own mobile number, if one is known."""
    points = borrower.contact_points.filter(kind="mobile", role="borrower", retired_at__isnull=True)
    return points.order_by("-id").first()


def point_by_sign_in_index(borrower: Borrower, index: str) -> ContactPoint | None:
    """The borrower's live number whose index for one-time codes this is."""
    rows = borrower.contact_points.filter(kind="mobile", retired_at__isnull=True).order_by("id")
    return next(
        (one for one in rows if encrypted.blind_index(contact_value(one), purpose="sign_in") == index), None
    )


def mobile_point(borrower: Borrower, number: str) -> str:
    """The public id of the borrower's contact point with this number."""
    index = encrypted.blind_index(number, purpose="mobile")
    points = borrower.contact_points.filter(
        kind="mobile", role="borrower", value_index=index, retired_at__isnull=True
    )
    return points.latest("id").public_id


def proof_of(borrower: Borrower) -> str:
    """What only the person is likely to know: last four of the identity number, else the birth date."""
    number = identity_number_of(borrower)
    if number:
        return number[-4:].upper()
    born = birth_date_of(borrower)
    return born.isoformat() if born else ""


WISHES = ("cease", "neutral", "channel_opt_out", "quiet_hours", "stress_budget")
"""What a borrower can wish about contacts; the gate reads each of them."""


def opt_outs(borrower: Borrower, channel: str) -> list[Preference]:
    """The borrower's standing refusals of a channel."""
    rows = Preference.objects.filter(borrower=borrower, kind="channel_opt_out", channel=channel)
    return list(rows.filter(revokes__isnull=True, revoked_by__isnull=True))


def standing(borrower: Borrower, kind: str) -> list[Preference]:
    """The borrower's standing wishes of a kind, oldest first."""
    rows = Preference.objects.filter(borrower=borrower, kind=kind)
    return list(rows.filter(revokes__isnull=True, revoked_by__isnull=True).order_by("id"))


def standing_of(borrower_id: str, kind: str) -> list[Preference]:
    """The same by the borrower's id."""
    return standing(get_borrower(borrower_id), kind)


def wishes_of(borrower_id: str) -> list[Preference]:
    """Everything that a borrower wishes about contacts and that stands, oldest first."""
    rows = Preference.objects.filter(borrower__public_id=borrower_id, kind__in=WISHES)
    return list(rows.filter(revokes__isnull=True, revoked_by__isnull=True).order_by("id"))


def place_of(borrower_id: str) -> str:
    """Where a borrower lives, as rulebooks name places."""
    return get_borrower(borrower_id).jurisdiction


def zone_of(borrower_id: str) -> str:
    """The one zone in which all of a borrower's own points may be; empty when they leave it open."""
    points = get_borrower(borrower_id).contact_points.filter(role="borrower", retired_at__isnull=True)
    zones = {zone for point in points for zone in point.candidate_zones}
    return zones.pop() if len(zones) == 1 else ""


def language_of(borrower_id: str) -> str:
    """The language in which a borrower is written to."""
    return get_borrower(borrower_id).language


def name_by_id(borrower_id: str) -> str:
    """A borrower's name in clear."""
    return name_of(get_borrower(borrower_id))
