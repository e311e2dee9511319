"""Addresses of the pages and the API."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path
from django.views.i18n import set_language

from lenity.interfaces.api.main import api
from lenity.interfaces.backoffice import answering, office, payments, two_people, voices
from lenity.interfaces.backoffice import views as backoffice
from lenity.interfaces.portal import (
    budgeting,
    calls,
    concerns,
    data,
    decisions,
    helping,
    logbook,
    paying,
    plans,
    wishes,
)
from lenity.interfaces.portal import sign_in as borrower_sign_in
from lenity.interfaces.portal import views as portal
from lenity.interfaces.shared import access
from lenity.interfaces.workbench import sign_in as staff_sign_in
from lenity.interfaces.workbench import views as workbench

urlpatterns: list[URLPattern | URLResolver] = [
    path("", portal.home),
    path("loans/<slug:loan_id>/statement/", portal.statement),
    path("loans/<slug:loan_id>/statement.pdf", portal.statement_file),
    path("me/", portal.me),
    path("pay/", paying.pay_all),
    path("loans/<slug:loan_id>/pay/", paying.pay),
    path("loans/<slug:loan_id>/promise/", paying.promise),
    path("loans/<slug:loan_id>/plan/", plans.plan),
    path("loans/<slug:loan_id>/plan/check/", plans.check),
    path("loans/<slug:loan_id>/plan/sign/", plans.sign),
    path("agreements/<slug:agreement_id>/", plans.agreement),
    path("agreements/<slug:agreement_id>/agreement.pdf", plans.agreement_file),
    path("talk/", plans.talk),
    path("budget/", budgeting.tasks),
    path("budget/short/", budgeting.short),
    path("budget/check/", budgeting.check),
    path("budget/result/", budgeting.result),
    path("budget/<slug:page_code>/", budgeting.one_page),
    path("speak/", concerns.speak),
    path("speak/<slug:hold_id>/", concerns.concern),
    path("speak/<slug:hold_id>/letter/", concerns.letter),
    path("help/complain/", concerns.complain),
    path("help/court/", concerns.court),
    path("helper/", helping.helper),
    path("helping/", helping.helping),
    path("large-type/", wishes.large),
    path("data/", data.data),
    path("data/copy.json", data.copy),
    path("data/looked/", logbook.looked),
    path("data/read/", data.read),
    path("decisions/", decisions.decisions),
    path("reports/", data.reports),
    path("contacts/", portal.contacts),
    path("contacts/pack.zip", portal.pack),
    path("contacts/told/", logbook.told),
    path("contacts/<slug:contact_id>/", logbook.contact),
    path("verify/", portal.verify),
    path("verify/report/", calls.impostor),
    path("rights/", concerns.rights),
    path("preferences/points/", calls.points),
    path("preferences/", wishes.preferences),
    path("sign-in/", borrower_sign_in.sign_in),
    path("sign-in/code/", borrower_sign_in.code),
    path("sign-out/", borrower_sign_in.sign_out),
    path("work/", workbench.work),
    path("work/code/", workbench.code),
    path("work/break/", workbench.rest),
    path("work/today/", workbench.today),
    path("work/next/", workbench.take),
    path("work/look-up/", workbench.look_up),
    path("work/confirm/", workbench.confirm),
    path("work/contact/", workbench.contact),
    path("work/outcome/", workbench.outcome),
    path("work/promise/", workbench.promise),
    path("work/plan/", workbench.plan),
    path("work/offer/", workbench.offer),
    path("work/concern/", workbench.concern),
    path("work/wrong-person/", workbench.wrong_person),
    path("work/put-back/", workbench.put_back),
    path("compliance/", backoffice.compliance),
    path("compliance/look-ups/", backoffice.look_ups),
    path("compliance/findings/", voices.findings),
    path("compliance/impostors/", voices.impostors),
    path("compliance/rules/", office.rules),
    path("compliance/look-ups.csv", office.look_ups_file),
    path("operations/", office.operations),
    path("changes/", two_people.changes),
    path("bulk/", two_people.bulk),
    path("operations/payments/", payments.payments),
    path("beyond/", two_people.beyond),
    path("management/", office.management),
    path("administration/", office.administration),
    path("administration/rights/", office.staff_rights),
    path("administration/recall/", office.recall),
    path("administration/shut-out/", office.shut_out),
    path("offers/", answering.offers),
    path("offers/<slug:loan_id>/", answering.offer),
    path("risk/", answering.risk),
    path("concerns/", backoffice.concerns),
    path("concerns/data/", answering.data_request),
    path("readings/", answering.read),
    path("concerns/<slug:hold_id>/", answering.concern),
    path("concerns/<slug:hold_id>/files/<slug:file_id>/", answering.concern_file),
    path("suspense/", backoffice.suspense),
    path("staff/sign-in/", staff_sign_in.sign_in),
    path("staff/sign-out/", staff_sign_in.sign_out),
    path("design/", backoffice.design),
    path("demo/", backoffice.demo),
    path("language/", access.public(set_language)),
    path("api/v1/", api.urls),
]
handler400 = "lenity.interfaces.shared.page.unreadable_request"
handler403 = "lenity.interfaces.shared.page.forbidden"
handler404 = "lenity.interfaces.shared.page.not_found"
handler500 = "lenity.interfaces.shared.page.failed"
