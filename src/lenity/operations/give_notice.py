"""An applicant is given the notice of adverse action (US-RB-9a): kept word for word, shown in her portal."""

from __future__ import annotations

from django.db import IntegrityError

from lenity.base import canonical
from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.lending.adverse_action import LANGUAGES, Sender
from lenity.gateways import ids
from lenity.operations import unit
from lenity.records.lending import notice_queries, review_queries, review_writes
from lenity.records.lending.models import AdverseNotice


def give_notice(*, application_id: str, sender: Sender, actor: str) -> AdverseNotice:
    """Give the notice once, in both languages; with US-FCRA-615a's part where a consumer report was used."""
    try:
        with unit.of_work(operation="give_notice", actor=actor) as work:
            row = review_queries.decision_of(application_id)
            owner = row.application.borrower if row else None
            told = {
                language: notice_queries.adverse_notice(application_id, sender, language)
                for language in LANGUAGES
            }
            first = told["en"]
            if row is None or owner is None or owner.jurisdiction != notice_queries.PLACE or first is None:
                says = "No decline and no counter-offer in the United States stands on this application."
                raise InputRefused([Problem("notice.application", says)])
            if notice_queries.given(row):
                raise InputRefused([Problem("notice.given", "The notice was given already.")])
            notice = review_writes.add_notice(
                row,
                public_id=ids.public_id(),
                words=canonical.text({key: one.text for key, one in told.items() if one}),
                due_on=first.due_on,
                given_by=actor,
                at=work.now,
            )
            work.record(
                subject_kind="application",
                subject_id=application_id,
                borrower_id=owner.public_id,
                body={"notice": notice.public_id, "due_on": first.due_on.isoformat()},
            )
            return notice
    except IntegrityError as error:
        raise InputRefused([Problem("notice.given", "The notice was given a moment ago.")]) from error
