"""What the Taiwan card set's columns mean, its domain features, and the wording of reasons."""

from __future__ import annotations

from typing import Any

TARGET = "default-payment-next-month"
PROTECTED = ("SEX", "AGE", "EDUCATION", "MARRIAGE")
"""Left out of scoring; sex is used to test the result (adverse impact ratio)."""

STATUS = ["PAY_0", "PAY_2", "PAY_3", "PAY_4", "PAY_5", "PAY_6"]
BILLS = [f"BILL_AMT{month}" for month in range(1, 7)]
PAID = [f"PAY_AMT{month}" for month in range(1, 7)]
RAW = ["LIMIT_BAL", *STATUS, *BILLS, *PAID]

REASONS: dict[str, dict[str, Any]] = {
    "recent_lateness": {"zh": "最近一个月还款逾期情况", "en": "Lateness of payment in the latest month"},
    "past_lateness": {"zh": "过去数月还款逾期情况", "en": "Lateness of payments in earlier months"},
    "lateness_count": {"zh": "逾期月份的次数与程度", "en": "Number and length of late payments"},
    "utilisation": {"zh": "已用额度占总额度的比例", "en": "Share of the credit limit in use"},
    "repayment_share": {"zh": "还款额占账单的比例", "en": "Share of the bill that is repaid"},
    "repayment_amount": {"zh": "近期还款金额", "en": "Amounts repaid in recent months"},
    "balance_trend": {"zh": "欠款余额的变化趋势", "en": "Trend of the balance"},
    "limit": {"zh": "现有授信额度", "en": "Credit limit held so far"},
}


def _feature(name: str, operation: str, columns: list[str], **more: Any) -> dict[str, Any]:
    return {"name": name, "operation": operation, "columns": columns, **more}


def features() -> list[tuple[dict[str, Any], str]]:
    """Features with the reason each belongs to. Training keeps those that contribute most."""
    return [
        (_feature("limit", "column", ["LIMIT_BAL"]), "limit"),
        (_feature("limit_left", "difference", ["LIMIT_BAL", BILLS[0]]), "utilisation"),
        *_lateness(),
        *_balances(),
        *_repayments(),
    ]


Features = list[tuple[dict[str, Any], str]]
TREND = [5, 3, 1, -1, -3, -5]
"""Weights of six months, newest first: above zero when the newer ones are larger."""
RECENT = [36, 6, 1]
"""Weights of three months' status: the newest counts most."""


def _lateness() -> Features:
    count, past = "lateness_count", "past_lateness"
    found = [(_feature("status_1", "column", ["PAY_0"]), "recent_lateness")]
    found += [
        (_feature(f"status_{month}", "column", [column]), past)
        for month, column in enumerate(STATUS[1:], start=2)
    ]
    found += [
        (_feature(f"months_since_{value}", "months_since", STATUS, value=value), past) for value in (1, 2, 3)
    ]
    found += [
        (_feature(f"streak_{value}", "streak_at_least", STATUS, value=value), count) for value in (1, 2)
    ]
    found += [
        (_feature(f"equal_{-value}", "count_equal", STATUS, value=value), count) for value in (0, -1, -2)
    ]
    return [
        *found,
        (_feature("months_on_time", "streak_below", STATUS, value=1), past),
        (_feature("months_in_full", "streak_below", STATUS, value=0), past),
        (_feature("worst_status", "maximum", STATUS), count),
        (_feature("worst_status_3", "maximum", STATUS[:3]), count),
        (_feature("worst_status_old", "maximum", STATUS[3:]), count),
        (_feature("best_status", "minimum", STATUS), count),
        (_feature("months_late", "count_at_least", STATUS, value=1), count),
        (_feature("months_late_2", "count_at_least", STATUS, value=2), count),
        (_feature("status_sum", "sum", STATUS), count),
        (_feature("status_sum_3", "sum", STATUS[:3]), count),
        (_feature("status_sum_2", "sum", STATUS[:2]), count),
        (_feature("status_recent", "sum", STATUS[:3], weights=RECENT), count),
        (_feature("status_change", "difference", STATUS[:2]), past),
        (_feature("status_trend", "sum", STATUS, weights=TREND), past),
    ]


def _balances() -> Features:
    use, trend, limit = "utilisation", "balance_trend", ["LIMIT_BAL"]
    spent = [1, -1, 1]
    found = [
        (
            _feature(
                f"spent_{month}", "sum", [BILLS[month - 1], BILLS[month], PAID[month - 1]], weights=spent
            ),
            trend,
        )
        for month in (1, 2, 3, 4, 5)
    ]
    whole = ([BILLS[0], BILLS[5], *PAID[:5]], [1, -1, 1, 1, 1, 1, 1])
    return [
        *found,
        (_feature("use_1", "ratio_ppm", BILLS[:1], over=limit), use),
        (_feature("use_6", "ratio_ppm", BILLS, over=limit), use),
        (_feature("use_most", "maximum_ratio_ppm", BILLS, over=limit), use),
        (_feature("use_least", "minimum_ratio_ppm", BILLS, over=limit), use),
        (_feature("bill_1", "column", BILLS[:1]), use),
        (_feature("bill_sum", "sum", BILLS), use),
        (_feature("highest_bill", "maximum", BILLS), use),
        (_feature("bill_growth", "difference", [BILLS[0], BILLS[5]]), trend),
        (_feature("bill_change", "difference", BILLS[:2]), trend),
        (_feature("use_trend", "ratio_ppm", BILLS, weights=TREND, over=limit), trend),
        (_feature("use_change", "ratio_ppm", BILLS[:2], weights=[1, -1], over=limit), trend),
        (_feature("use_change_3", "ratio_ppm", [BILLS[0], BILLS[3]], weights=[1, -1], over=limit), trend),
        (_feature("spent", "sum", whole[0], weights=whole[1]), trend),
        (_feature("spent_of_limit", "ratio_ppm", whole[0], weights=whole[1], over=limit), trend),
    ]


def _repayments() -> Features:
    share, amount, limit = "repayment_share", "repayment_amount", ["LIMIT_BAL"]
    found = [
        (_feature(f"paid_share_{month}", "ratio_ppm", [PAID[month - 1]], over=[BILLS[month]]), share)
        for month in (1, 2, 3, 4, 5)
    ]
    found += [
        (_feature(f"paid_{month}", "column", [column]), amount) for month, column in enumerate(PAID, start=1)
    ]
    return [
        *found,
        (_feature("paid_share", "ratio_ppm", PAID, over=BILLS), share),
        (_feature("paid_share_3m", "ratio_ppm", PAID[:3], over=BILLS[1:4]), share),
        (_feature("paid_share_least", "minimum_ratio_ppm", PAID[:5], over=BILLS[1:]), share),
        (_feature("paid_share_most", "maximum_ratio_ppm", PAID[:5], over=BILLS[1:]), share),
        (_feature("paid_in_full", "count_ratio_at_least", PAID[:5], over=BILLS[1:], value=950_000), share),
        (_feature("months_paid", "count_at_least", PAID, value=1), amount),
        (_feature("paid_in_a_row", "streak_at_least", PAID, value=1), amount),
        (_feature("paid_of_limit", "ratio_ppm", PAID, over=limit), amount),
        (_feature("paid_1_of_limit", "ratio_ppm", PAID[:1], over=limit), amount),
        (_feature("paid_2_of_limit", "ratio_ppm", PAID[1:2], over=limit), amount),
        (_feature("paid_sum", "sum", PAID), amount),
        (_feature("paid_sum_3", "sum", PAID[:3]), amount),
        (_feature("paid_least", "minimum", PAID), amount),
        (_feature("paid_most", "maximum", PAID), amount),
        (_feature("paid_trend", "sum", PAID, weights=TREND), amount),
    ]
