"""What every answer of the API shares: one shape of problems in the reader's language, pages by a cursor."""

from __future__ import annotations

import base64
import dataclasses
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any, TypeVar

from django.http import HttpRequest, JsonResponse
from django.utils.translation import get_language
from ninja import Query, Schema
from pydantic import ConfigDict, Field

from lenity.base.outcomes import InputRefused, Problem
from lenity.interfaces.shared import problem_words
from lenity.records.debt_collection.listings import Page

One = TypeVar("One")
TEXTS: dict[str, tuple[str, str]] = {
    "auth": ("缺少令牌，或令牌无此权限。", "The token is missing or may not do this."),
    "step_up": ("此操作须在五分钟内输入过验证码。", "This needs a code entered within five minutes."),
    "not_found": ("没有这个编号，或它不属于您。", "There is nothing with this id that you may see."),
    "request": ("请求无法读取。", "The request cannot be read."),
    "request.input": ("请求中的字段有误。", "A field of the request is wrong."),
    "request.key": (
        "缺少 Idempotency-Key，或此键已用于另一请求。",
        "Idempotency-Key is missing or was used otherwise.",
    ),
    "request.in_flight": ("同一请求正在处理。", "The same request is being worked on."),
    "page.cursor": ("游标无效。", "The cursor is none of ours."),
    "loan.unknown": ("没有这笔贷款。", "There is no such loan."),
    "payment.unknown": ("没有这笔还款。", "There is no such payment."),
    "payment.amount": ("金额应大于零且不超过上限。", "The amount is not above zero, or too large."),
    "payment.currency": ("币种与贷款不一致。", "The currency is not the loan's."),
    "payment.value_date": ("起息日早于放款或晚于今天。", "The value date is before the loan or after today."),
    "payment.reversal": ("冲正本身不能再冲正。", "A reversal cannot be reversed."),
    "payment.idempotency": ("同一来源编号已用于另一笔还款。", "This source id came with another payment."),
    "payment": ("金额或日期的写法有误。", "The amount or the day is not written as one."),
    "borrower.unknown": ("没有这位借款人。", "There is no such borrower."),
    "hold": ("此状态已经结束。", "This hold has ended already."),
    "ends_on": ("最后一天已过去。", "The last day is in the past."),
    "kind": ("没有这种状态。", "There is no hold of this kind."),
    "concern.about": ("没有这种事由。", "There is no concern of this kind."),
    "concern.answer": ("没有这种答复。", "There is no such answer."),
    "concern.answered": ("已经答复过。", "It was answered already."),
    "placement.none": ("这笔贷款未委托给您。", "This loan is not placed with you."),
    "placement.channel": ("委托不包括此渠道。", "The placement is not for this channel."),
    "placement.hours": ("不在委托时段内。", "It is outside the hours of the placement."),
    "placement.until": ("委托已到期。", "The placement has ended."),
    "placement.point": ("借款人没有这种联系方式。", "The borrower has no such number or address."),
    "offer.periods": ("期数为 1 至 60 的整数。", "Instalments are a whole number from 1 to 60."),
    "offer.rate": (
        "新利率须低于贷款本身的利率，且原利率须为已知。",
        "The new rate is below the loan's own, which has to be known.",
    ),
    "offer.amount": (
        "减免金额须大于零且不超过未付金额。",
        "Fees let go are above zero and at most what is open.",
    ),
    "offer.limit": ("任何人都不得提出这样的方案。", "Nobody may offer this much."),
    "offer.why": ("超出权限，须写明理由。", "It is beyond the authority of programs; give a reason."),
    "talk.move": ("尚未轮到贷款人。", "It is not the lender's turn."),
    "plan.floor": ("方案低于家庭生活底线。", "The plan leaves the household below its floor."),
    "plan.length": ("方案超过最长期限。", "The plan runs longer than a plan may."),
    "relief.settled": ("贷款已无欠款。", "Nothing is owed on the loan."),
    "relief": ("此方案无法计算。", "No such plan can be made."),
    "change.reason": ("须写明理由。", "A reason is needed."),
    "change.account": ("记入贷款时须给出贷款编号。", "The id of a loan is needed to give it to one."),
    "suspense.unknown": ("没有这笔款项。", "There is no such movement."),
    "suspense.done": ("这笔款项已不在待查之列。", "The money is no longer in suspense."),
    "suspense.out": (
        "付出的款项只能对冲，或作为还款的冲正。",
        "Money that went out is cleared, or reverses a payment.",
    ),
    "suspense.in": ("收到的款项不能作为冲正。", "Money that came in reverses nothing."),
    "suspense.payment": ("该账户没有这一金额且未冲正的还款。", "No payment of this amount stands there."),
    "suspense.several": ("有多笔还款相符，请给出编号。", "Several payments fit: give the payment's id."),
    "suspense.loan": ("贷款币种不同，或款项早于放款。", "The loan's currency or its first day does not fit."),
    "helper.name": ("协助人姓名为 1 至 60 个字符。", "The helper's name has 1 to 60 signs."),
    "helper.scopes": ("没有这种权限。", "There is no such scope."),
    "helper.until": ("最后一天应在今天起 90 天内。", "The last day is between today and 90 days from now."),
    "helper.unknown": ("没有这位协助人。", "There is no such helper."),
    "application.reference": ("此编号的申请已存在。", "An application with this reference is there already."),
    "application.decided": ("这笔申请已有决定。", "It is decided already."),
    "application.currency": ("币种不是现行政策的币种。", "The currency is not that of the policy in force."),
    "application": ("申请的某一项有误。", "A part of the application is wrong."),
    "borrower": ("申请人的某一项有误。", "A part of who applies is wrong."),
    "score": ("评分所需的字段缺失或有误。", "A column that the score reads is missing or wrong."),
    "decide": ("没有生效的政策或模型。", "No policy or no model is in force."),
    "gate.zone": ("没有这个时区。", "There is no such time zone."),
}
"""What a problem's code means, in both languages. `detail` says more where an operation knows more."""


DO = {
    "auth": "Send a token that has the scope, as Authorization: Bearer.",
    "not_found": "Check the id.",
    "step_up": "Sign in anew, or confirm on the page, and send it again.",
    "request": "Send valid JSON.",
    "request.input": "Correct the field that `where` names.",
    "request.key": "Send a new UUID with each new request.",
    "request.in_flight": "Ask again with the same key.",
}
"""What to do about what the API itself refuses."""
PROBLEM_JSON = "application/problem+json"


class ProblemOut(Schema):
    """One problem: a stable code, what it means and what to do in the language asked for, where, and details."""

    code: str
    says: str
    do: str
    where: str
    detail: str


class Problems(Schema):
    """Why a request was refused, as RFC 9457 writes it (application/problem+json). Nothing was stored."""

    type: str
    title: str
    status: int
    problems: list[ProblemOut]


REFUSALS: dict[int, Any] = {400: Problems, 401: Problems, 404: Problems, 422: Problems}
"""What each guarded call may answer besides what it is for."""
ONCE: dict[int, Any] = {**REFUSALS, 409: Problems}
OWN: dict[int, Any] = {**REFUSALS, 403: Problems}
"""A borrower's own change by cookie needs the CSRF token besides."""


class NotFound(Exception):
    """There is no such thing, or it is somebody else's: the answer is the same."""


class NotFresh(Exception):
    """What is sensitive asks for a code that was entered within the last minutes (HOUSE-STEP-UP)."""


class Cursor(Schema):
    """Where to go on, and how many rows at most."""

    model_config = ConfigDict(extra="forbid")
    cursor: str = Field("", max_length=40, description="`next` of the page before; none for the first page.")
    limit: int = Field(50, ge=1, le=200)


Paging = Annotated[Cursor, Query()]


def page(found: Page[Any]) -> dict[str, Any]:
    """A page as JSON."""
    return {"items": [dataclasses.asdict(row) for row in found.rows], "next": cursor(found.after)}


def cursor(after: int) -> str | None:
    """Where the next page begins, as the caller gives it back; None at the end."""
    return base64.urlsafe_b64encode(f"1:{after}".encode()).decode() if after else None


def after(given: str) -> int:
    """Where a cursor says to go on; refused when it is none of ours."""
    if not given:
        return 0
    try:
        form, number = base64.urlsafe_b64decode(given.encode()).decode().split(":")
        if form == "1" and number.isascii() and number.isdigit() and 0 < len(number) < 19:
            return int(number)
    except ValueError:
        pass
    raise InputRefused([Problem("page.cursor", "The cursor is none of ours.", "Begin without one.")])


def plain(problem: Problem, where: str = "") -> dict[str, str]:
    """A problem as JSON, in the language asked for."""
    language = get_language() or "en"
    says, do = problem_words.told(problem, language)
    detail = f"{problem.says} {problem.remedy}".strip()
    return {
        "code": problem.code,
        "says": says_of(problem.code) or says,
        "do": do,
        "where": where,
        "detail": detail,
    }


def says_of(code: str) -> str:
    """What a code means, or of the family it belongs to."""
    both = TEXTS.get(code) or TEXTS.get(code.split(".")[0])
    chinese = (get_language() or "").startswith("zh")
    return both[0 if chinese else 1] if both else ""


def do_of(code: str) -> str:
    """What to do about a code whose problem says nothing of its own."""
    chinese = (get_language() or "").startswith("zh")
    return problem_words.in_chinese(code).do if chinese else DO.get(code, problem_words.TRY_AGAIN)


def refused(status: int, *problems: Mapping[str, str]) -> JsonResponse:
    """An answer that says no."""
    told = [{"do": do_of(one["code"]), **one} for one in problems]
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "problems": told}
    return JsonResponse(body, status=status, content_type=PROBLEM_JSON)


def no(status: int, code: str, where: str = "", detail: str = "") -> JsonResponse:
    """An answer that says no for one known reason."""
    return refused(status, {"code": code, "says": says_of(code), "where": where, "detail": detail})


def needed(found: One | None) -> One:
    """What was found, or a 404."""
    if found is None:
        raise NotFound
    return found


def borrower_of(request: HttpRequest) -> str:
    """Whose data the caller may see: the borrower signed in, or who gave a helper access."""
    return str(request.auth)  # type: ignore[attr-defined]


def client_of(request: HttpRequest) -> str:
    """The program that calls."""
    return str(request.auth)  # type: ignore[attr-defined]
