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
    """Features with the reason each belongs to."""
    found = [(_feature("limit", "column", ["LIMIT_BAL"]), "limit")]
    found += [(_feature("status_1", "column", ["PAY_0"]), "recent_lateness")]
    found += [
        (_feature(f"status_{month}", "column", [column]), "past_lateness")
        for month, column in enumerate(STATUS[1:], start=2)
    ]
    found += [
        (_feature("worst_status", "maximum", STATUS), "lateness_count"),
        (_feature("worst_status_3", "maximum", STATUS[:3]), "lateness_count"),
        (_feature("months_late", "count_at_least", STATUS, value=1), "lateness_count"),
        (_feature("months_late_2", "count_at_least", STATUS, value=2), "lateness_count"),
        (_feature("status_sum", "sum", STATUS), "lateness_count"),
        (_feature("status_sum_3", "sum", STATUS[:3]), "lateness_count"),
        (_feature("use_1", "ratio_ppm", BILLS[:1], over=["LIMIT_BAL"]), "utilisation"),
        (_feature("use_6", "ratio_ppm", BILLS, over=["LIMIT_BAL"]), "utilisation"),
        (_feature("bill_1", "column", BILLS[:1]), "utilisation"),
        (_feature("highest_bill", "maximum", BILLS), "utilisation"),
        (_feature("bill_growth", "difference", [BILLS[0], BILLS[5]]), "balance_trend"),
        (_feature("bill_change", "difference", BILLS[:2]), "balance_trend"),
        (_feature("paid_share", "ratio_ppm", PAID, over=BILLS), "repayment_share"),
        (_feature("paid_share_1", "ratio_ppm", PAID[:1], over=BILLS[1:2]), "repayment_share"),
        (_feature("paid_share_2", "ratio_ppm", PAID[1:2], over=BILLS[2:3]), "repayment_share"),
        (_feature("paid_of_limit", "ratio_ppm", PAID, over=["LIMIT_BAL"]), "repayment_amount"),
        (_feature("paid_sum", "sum", PAID), "repayment_amount"),
        (_feature("paid_least", "minimum", PAID), "repayment_amount"),
    ]
    found += [
        (_feature(f"paid_{month}", "column", [column]), "repayment_amount")
        for month, column in enumerate(PAID, start=1)
    ]
    return found
