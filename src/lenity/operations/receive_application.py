"""An application comes in; it is kept as it was told, and decided at once where that is asked for."""

from __future__ import annotations

from django.db import IntegrityError

from lenity.base.outcomes import InputRefused, Problem
from lenity.domain.underwriting import judging
from lenity.domain.underwriting.request import Request
from lenity.gateways import ids
from lenity.operations import contact_points, deciding, unit
from lenity.records import encrypted
from lenity.records.lending import applicant_queries, application_writes
from lenity.records.lending.application_writes import NewApplication
from lenity.records.lending.models import Application
from lenity.records.people import queries as people
from lenity.records.people import writes as people_writes
from lenity.records.people.models import Borrower
from lenity.records.scoring import rules


def receive_application(*, request: Request, source: str, decide: bool, actor: str) -> Application:
    """Keep an application. Only columns that the rule in force reads are kept of its row.

    A person whom we know by number and name is linked to what we know of her; a telephone number that comes
    with an application is never added to a borrower who is there already.
    """
    with unit.of_work(operation="receive_application", actor=actor) as work:
        kept = rules.in_force(work.now)
        if applicant_queries.by_references(source, [request.reference]):
            _refuse_second(request.reference)
        person = request.person
        index = (
            encrypted.blind_index(person.identity_number, purpose="identity")
            if person.identity_number
            else ""
        )
        reached = encrypted.blind_index(person.mobile, purpose="mobile") if person.mobile else ""
        application_writes.lock_person(index or reached)
        owner = applicant_queries.same_person(person.jurisdiction, index, person.name)
        new = NewApplication(
            ids.public_id(),
            request.reference,
            judging.inputs_of(request.row, kept.rule.columns(), request.told),
        )
        try:
            row = application_writes.add_application(
                new,
                borrower=owner or _add_person(request, work),
                source=source,
                currency=request.currency,
                at=work.now,
                identity_index=index,
                name_index=applicant_queries.name_index(person.name),
                mobile_index=reached,
            )
        except IntegrityError:
            _refuse_second(request.reference)
        if decide:
            deciding.decide(work, row, kept)
        else:
            work.record(
                subject_kind="application",
                subject_id=row.public_id,
                borrower_id=row.borrower.public_id if row.borrower else "",
                body={"source": source},
            )
        return row


def _refuse_second(reference: str) -> None:
    says = f"An application with the reference {reference!r} is there already."
    raise InputRefused([Problem("application.reference", says, "Give a new one its own reference.")])


def _add_person(request: Request, work: unit.Work) -> Borrower:
    person = request.person
    new = people_writes.NewBorrower(
        public_id=ids.public_id(),
        jurisdiction=person.jurisdiction,
        language=person.language,
        name=person.name,
        identity_number=person.identity_number,
        birth_date=person.birth_date,
        points=tuple(contact_points.points(person)),
    )
    people_writes.add_borrowers([new], created_at=work.now)
    return people.get_borrower(new.public_id)
