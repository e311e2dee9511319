"""What is known of an applicant from other applications: open ones, declines, other names, shared telephones."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from lenity.records import encrypted
from lenity.records.lending.models import Applicant, Application, CreditDecision, ReviewAnswer
from lenity.records.people import queries as people
from lenity.records.people.models import Borrower, ContactPoint


def by_id(public_id: str) -> Application | None:
    """An application, with its borrower and the fingerprints of its applicant."""
    rows = Application.objects.select_related("borrower", "applicant", "decision")
    return rows.filter(public_id=public_id).first()


def is_decided(row: Application) -> bool:
    """Whether there is a decision."""
    return CreditDecision.objects.filter(application=row).exists()


def undecided(*, most: int = 10_000) -> list[str]:
    """Applications without a decision, oldest first."""
    rows = Application.objects.filter(decision__isnull=True, applicant__isnull=False).order_by("id")
    return list(rows.values_list("public_id", flat=True)[:most])


def by_references(source: str, references: list[str]) -> dict[str, Application]:
    """Applications of a source by the source's own references."""
    rows = Application.objects.filter(source=source, reference__in=references)
    return {row.reference: row for row in rows}


def observed(rows: list[Application]) -> set[str]:
    """References of those whose outcome is known already."""
    found = Application.objects.filter(pk__in=[row.pk for row in rows], observed__isnull=False)
    return set(found.values_list("reference", flat=True))


def same_person(place: str, identity_index: str, name: str) -> Borrower | None:
    """The borrower with this identity number and this name; a number alone is not enough."""
    rows = Borrower.objects.filter(jurisdiction=place, identity_index=identity_index).order_by("id")
    return next((row for row in rows if people.name_of(row) == name), None) if identity_index else None


def others_of(row: Application) -> QuerySet[Application]:
    """Other applications of the same person."""
    same = Q(borrower=row.borrower_id) if row.borrower_id else Q(pk__in=[])
    if row.applicant.identity_index:
        same |= Q(applicant__identity_index=row.applicant.identity_index)
    return Application.objects.filter(same).exclude(pk=row.pk)


def open_of(row: Application) -> int:
    """Other applications of the same person that are not decided, or wait for a person."""
    waits = Q(decision__isnull=True) | (
        Q(decision__outcome="refer") & ~Q(decision__reviews__answer__isnull=False)
    )
    return others_of(row).filter(waits).distinct().count()


def days_since_decline(row: Application, on_date: date) -> int | None:
    """Days since the same person was last declined, by the policy or by a person; None if never."""
    others = others_of(row)
    approved = ReviewAnswer.objects.filter(outcome="approve").values("review__decision")
    machine = CreditDecision.objects.filter(application__in=others, outcome="decline").exclude(
        pk__in=approved
    )
    by_person = ReviewAnswer.objects.filter(review__decision__application__in=others, outcome="decline")
    days = [one.decided_at.date() for one in machine] + [one.decided_at.date() for one in by_person]
    return max((on_date - max(days)).days, 0) if days else None


def other_names(row: Application) -> int:
    """Under how many other names the same identity number came."""
    mine = row.applicant
    if not mine.identity_index:
        return 0
    names = set(
        Applicant.objects.filter(identity_index=mine.identity_index).values_list("name_index", flat=True)
    )
    for one in Borrower.objects.filter(identity_index=mine.identity_index):
        names.add(name_index(people.name_of(one)))
    return len(names - {mine.name_index})


def phone_people(row: Application) -> int:
    """How many other people have the same telephone number."""
    mine = row.applicant
    if not mine.mobile_index:
        return 0
    points = ContactPoint.objects.filter(kind="mobile", value_index=mine.mobile_index, role="borrower")
    seen = {
        identity or f"borrower {borrower}"
        for identity, borrower in points.values_list("borrower__identity_index", "borrower_id")
    }
    applied = Applicant.objects.filter(mobile_index=mine.mobile_index)
    seen |= {
        identity or f"borrower {borrower}"
        for identity, borrower in applied.values_list("identity_index", "application__borrower_id")
    }
    return len(seen - {mine.identity_index or "", f"borrower {row.borrower_id}"})


def likely_known(row: Application) -> int:
    """How many others share a contact point and the name with her, and no other birth date: perhaps herself.

    Nothing is merged by that: who has only a name and a telephone in common may be her daughter.
    """
    mine, owner = row.applicant, row.borrower
    if owner is None:
        return 0
    reached = owner.contact_points.filter(role="borrower", kind__in=["mobile", "email"])
    indexes = {*reached.values_list("value_index", flat=True), mine.mobile_index} - {""}
    points = ContactPoint.objects.filter(role="borrower", value_index__in=indexes)
    others = {point.borrower_id: point.borrower for point in points.select_related("borrower")}
    if mine.mobile_index:
        applied = Applicant.objects.filter(
            mobile_index=mine.mobile_index, application__borrower__isnull=False
        )
        for one in applied.select_related("application__borrower"):
            if one.application.borrower is not None:
                others[one.application.borrower.pk] = one.application.borrower
    others.pop(owner.pk, None)
    born = people.birth_date_of(owner)
    return sum(
        name_index(people.name_of(one)) == mine.name_index
        and (people.birth_date_of(one) or born) == (born or people.birth_date_of(one))
        for one in others.values()
    )


def mobile_known(row: Application) -> bool | None:
    """Whether the number given is one that we know of this borrower; None where none was given or known."""
    mine = row.applicant
    if not mine.mobile_index or row.borrower is None:
        return None
    known = row.borrower.contact_points.filter(kind="mobile", role="borrower", retired_at__isnull=True)
    indexes = set(known.values_list("value_index", flat=True))
    return mine.mobile_index in indexes if indexes else None


def name_index(name: str) -> str:
    """A keyed fingerprint of a name, spaces apart."""
    return encrypted.blind_index("".join(name.split()), purpose="name")
