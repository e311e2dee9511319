"""The only place that adds sign-in codes and uses them up."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from lenity.records.people.models import Borrower, SignInCode


def add_code(
    *,
    request_id: str,
    phone_index: str,
    code_hash: str,
    created_at: datetime,
    expires_at: datetime,
    from_address: str,
    purpose: str = "sign_in",
    borrower: Borrower | None = None,
) -> SignInCode:
    """Add a code, hashed and bound to its request, for one purpose."""
    return SignInCode.objects.create(
        request_id=request_id,
        phone_index=phone_index,
        code_hash=code_hash,
        created_at=created_at,
        expires_at=expires_at,
        from_address=from_address,
        purpose=purpose,
        borrower=borrower,
    )


def take_try(request_id: str, *, now: datetime, most: int, purpose: str = "sign_in") -> SignInCode | None:
    """Use up one try of a living code; None when it has none left, is used, late, another's or not there."""
    living = SignInCode.objects.filter(
        request_id=request_id, purpose=purpose, used_at__isnull=True, expires_at__gt=now, tries__lt=most
    )
    if living.update(tries=F("tries") + 1) != 1:
        return None
    return SignInCode.objects.get(request_id=request_id)


def use_up(code: SignInCode, *, now: datetime) -> bool:
    """Mark a code as used; false when somebody else was first."""
    return SignInCode.objects.filter(pk=code.pk, used_at__isnull=True).update(used_at=now) == 1
