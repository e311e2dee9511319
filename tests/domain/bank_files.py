"""Bank files for tests: written by hand after the formats' published structure."""

from __future__ import annotations

from collections.abc import Sequence

MT940 = """:20:STMT1
:25:DE123/456
:28C:1/1
:60F:C261101EUR1000,00
:61:2611021102C100,50NTRFEREF1//BANK1
:86:166?00GUTSCHRIFT?20EREF+E2E-77?21SVWZ+Loan {account} Rate?32MAX MUSTER
:61:2611031103RC100,50NTRFEREF1//BANK2
:86:return
:61:2611041104D10,00NCHGNONREF
:86:fee
:62F:C261104EUR990,00
-
"""


def camt(
    payments: Sequence[tuple[str, str]],
    *,
    total: str,
    opening: str = "100.00",
    closing: str,
    currency: str = "CNY",
) -> bytes:
    """One batch-booked entry: `payments` are amounts and texts."""
    parts = "".join(
        f'<TxDtls><Refs><EndToEndId>E{n}</EndToEndId></Refs><AmtDtls><TxAmt><Amt Ccy="{currency}">{amount}</Amt>'
        f"</TxAmt></AmtDtls><RltdPties><Dbtr><Nm>王小明</Nm></Dbtr></RltdPties>"
        f"<RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls>"
        for n, (amount, text) in enumerate(payments, 1)
    )

    def balance(code: str, amount: str) -> str:
        return (
            f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
            f'<Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>'
        )

    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt><Id>S1</Id>'
        "<Acct><Id><IBAN>DE89</IBAN></Id></Acct>"
        f"{balance('OPBD', opening)}{balance('CLBD', closing)}"
        f'<Ntry><Amt Ccy="{currency}">{total}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>'
        "<BookgDt><Dt>2026-11-24</Dt></BookgDt><ValDt><Dt>2026-11-24</Dt></ValDt>"
        f"<AcctSvcrRef>B1</AcctSvcrRef><NtryDtls><Btch><NbOfTxs>{len(payments)}</NbOfTxs></Btch>{parts}"
        "</NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>"
    ).encode()


CSV_CN = (
    "交易流水号,交易日期,收入金额,支出金额,余额,对方户名,摘要\n"
    "1,20261124,100.00,,1100.00,王小明,还款{account}\n"
    '2,2026/11/24,,"1,000.00",100.00,房东,房租\n'
)
