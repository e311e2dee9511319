"""Situations of the official interpretation of Regulation F (Supplement I to 12 CFR part 1006), retold.

Each row: the comment, the situation in a sentence, what the gate is asked, and the verdict that the comment
gives. `allowed` of a presumption means presumed to comply. The law alone is asked, as of 2022.
"""

from __future__ import annotations

from typing import Any, NamedTuple

LAW = {"house": False, "law_of": "2022-01-03"}
PERSON = {"jurisdiction": "US", "zones": ["America/New_York"], "profile": "collector"}


class Example(NamedTuple):
    """One row of the table."""

    comment: str
    situation: str
    asked: dict[str, Any]
    lawful: bool
    by: str = ""


def call(day: str, outcome: str = "no_answer", **more: Any) -> dict[str, Any]:
    return {"at": day, "channel": "call", "outcome": outcome, "debts": ["D"], **more}


def asks(at: str, channel: str = "call", **more: Any) -> dict[str, Any]:
    """A question: `at` and `channel` of the proposal, its other fields, and history, standings, person."""
    person = {**PERSON, **more.pop("person", {})}
    rest = {key: more.pop(key) for key in ("history", "standings") if key in more}
    return {"rules": LAW, "person": person, "proposal": {"at": at, "channel": channel, **more}, **rest}


def wish(kind: str, since: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "since": since, **more}


WEEKDAYS = ["mon", "tue", "wed", "thu", "fri"]
OWN_TIMES = [
    wish("quiet_hours", "2020-08-01", weekdays=WEEKDAYS, closed_from="15:00", closed_until="17:00"),
    wish("quiet_hours", "2020-08-01", weekdays=["sat", "sun"], words="weekends no"),
]
HOME = [wish("inconvenient_place", "2020-08-01", use="home", words="do not communicate with me at home")]
ATTORNEY = [wish("attorney", "2020-08-01")]
TWO_ZONES = {"zones": ["America/Los_Angeles"]}
EAST = {"id": "P", "zones": ["America/New_York"]}
MESSAGE_IN = {"at": "2020-08-05T15:30", "channel": "email", "direction": "in", "debts": ["D"]}
REPLY_OUT = {"at": "2020-08-05T15:40", "channel": "email", "debts": ["D"], "outcome": "delivered"}
SEVEN = [
    call("2020-04-01", "limited_content_message"),
    *(call(f"2020-04-0{day}") for day in (2, 2, 3, 3, 6, 6)),
]
JUNE = [call(f"2020-06-0{day}") for day in (1, 2, 3)]
CONSENT = [wish("direct_consent", "2020-06-04T09:00")]
TALK = [call("2020-08-14", "conversation")]

EXAMPLES = [
    # --- 1006.14(b): how often ---
    Example("14(b)(2)(i)-1.i", "A message and five calls; the seventh call on 7 April.",
            asks("2020-04-07", history=SEVEN[:6]), True),
    Example("14(b)(2)(i)-1.i", "Seven calls from 1 to 7 April, nothing more until 8 April.",
            asks("2020-04-08", history=[call(f"2020-04-0{day}") for day in range(1, 8)]), True),
    Example("14(b)(2)(ii)-1.i", "The eighth call within seven days.",
            asks("2020-04-07", history=SEVEN), False, "US-RF-14b-7IN7"),
    Example("14(b)(2)(i)-1.ii", "The person called on 13 August and they talked; a call on 20 August.",
            asks("2020-08-20", history=[call("2020-08-13", "conversation", direction="in")]), True),
    Example("14(b)(2)(i)-1.ii", "The same, a call on 19 August, the seventh day.",
            asks("2020-08-19", history=[call("2020-08-13", "conversation", direction="in")]), False, "US-RF-14b-TALK"),
    Example("14(b)(2)(ii)-1.ii", "A conversation on 14 August, a call on 20 August.",
            asks("2020-08-20", history=[call("2020-08-11"), *TALK]), False, "US-RF-14b-TALK"),
    Example("14(b)(2)(ii)-1.ii", "The same, a call on 21 August.",
            asks("2020-08-21", history=[call("2020-08-11"), *TALK]), True),
    Example("14(b)(3)(i)-3.i", "A conversation on Friday: call back on Monday. A call on Monday.",
            asks("2020-04-06", history=[call("2020-04-03", "conversation")],
                 standings=[wish("direct_consent", "2020-04-03", words="call back on Monday")]), True),
    Example("14(b)(3)(i)-3.i", "The same, a call a week later, when the consent has run out and seven days are over.",
            asks("2020-04-10", history=[call("2020-04-03", "conversation")],
                 standings=[wish("direct_consent", "2020-04-03")]), True),
    Example("14(b)(3)(i)-3.iii", "Three calls; 'you can call me' on 4 June; the eighth call of 8 to 10 June.",
            asks("2020-06-10", history=[*JUNE, call("2020-06-08", times=4), call("2020-06-09", times=3)],
                 standings=CONSENT), True),
    Example("14(b)(3)(i)-3.iii", "The same calls do not count afterwards: a call on 11 June.",
            asks("2020-06-11", history=[*JUNE, call("2020-06-08", times=8)], standings=CONSENT), True),
    Example("14(b)(3)(i)-1", "After the seventh day of the consent calls count again: the eighth since 11 June.",
            asks("2020-06-13", history=[call("2020-06-11", times=7)], standings=CONSENT), False, "US-RF-14b-7IN7"),
    Example("14(b)(3)(ii)-1", "Busy and not in service do not count.",
            asks("2020-06-01", history=[call("2020-06-01", "busy", times=5), call("2020-06-01", "not_in_service", times=9)]),
            True),
    Example("14(b)(3)(ii)-1", "It rang and nobody answered, or a voice mailbox answered: these count.",
            asks("2020-06-02", history=[call("2020-06-01", "no_answer", times=4), call("2020-06-01", "voicemail", times=3)]),
            False, "US-RF-14b-7IN7"),
    Example("14(b)(3)(iii)-1", "Calls to the person's attorney do not count towards calls to the person.",
            asks("2020-06-02", history=[call("2020-06-01", role="attorney", times=9)]), True),
    Example("14(b)(4)-2.i", "21 unanswered calls, seven counted to each of three debts; the last of them.",
            asks("2020-06-07", debts=["cardB"],
                 history=[call("2020-06-05", debts=["medical"], times=7), call("2020-06-05", debts=["cardA"], times=7),
                          call("2020-06-05", debts=["cardB"], times=6)]), True),
    Example("14(b)(4)-2.i", "One more, to any of the three.",
            asks("2020-06-07", debts=["cardB"],
                 history=[call("2020-06-05", debts=["medical"], times=7), call("2020-06-05", debts=["cardA"], times=7),
                          call("2020-06-05", debts=["cardB"], times=7)]), False, "US-RF-14b-7IN7"),
    Example("14(b)(4)-2.ii", "One call about two debts counts towards each of them.",
            asks("2020-06-07", debts=["cardB"], history=[call("2020-06-05", debts=["cardA", "cardB"], times=7)]),
            False, "US-RF-14b-7IN7"),
    Example("14(b)(4)-2.iii", "They talked about the medical debt only; a call about the card the next day.",
            asks("2020-11-10", debts=["card"], history=[call("2020-11-09", "conversation", debts=["medical"])]), True),
    Example("14(b)(4)-2.iv", "They talked about both debts; a call about the card the next day.",
            asks("2020-11-10", debts=["card"], history=[call("2020-11-09", "conversation", debts=["medical", "card"])]),
            False, "US-RF-14b-TALK"),
    Example("14(b)(4)-1", "Student loans serviced as one account are one debt.",
            asks("2020-06-07", debts=["account-1"], history=[call("2020-06-05", debts=["account-1"], times=7)]),
            False, "US-RF-14b-7IN7"),
    Example("14(b)(1)", "Seven calls to the borrower do not use up the calls to the person's spouse.",
            asks("2020-06-02", point={"id": "S", "role": "spouse"}, history=[call("2020-06-01", times=7)]), True),
    # --- 1006.14(h): the medium ---
    Example("14(h)(1)-3.i", "Stop calling: a call.",
            asks("2020-06-02", standings=[wish("channel_opt_out", "2020-06-01", channel="call")]), False, "US-RF-14h"),
    Example("14(h)(1)-3.i", "Stop calling: a letter.",
            asks("2020-06-02", "letter", standings=[wish("channel_opt_out", "2020-06-01", channel="call")]), True),
    Example("14(h)(1)-3.ii", "Opted out for one address: an e-mail there, about another debt.",
            asks("2020-06-02", "email", debts=["other"], point={"id": "a@x", "kind": "email"},
                 standings=[wish("channel_opt_out", "2020-06-01", channel="email", point="a@x")]), False, "US-RF-14h"),
    Example("14(h)(1)-3.ii", "The same: an e-mail to another address.",
            asks("2020-06-02", "email", point={"id": "b@y", "kind": "email"},
                 standings=[wish("channel_opt_out", "2020-06-01", channel="email", point="a@x")]), True),
    Example("14(h)(2)(i)", "One bare confirmation of the opt-out.",
            asks("2020-06-02", "email", template="us-opt-out-confirmation",
                 standings=[wish("channel_opt_out", "2020-06-01", channel="email")]), True),
    Example("14(h)(2)(ii)", "Opted out of e-mail, then writes an e-mail: one answer by e-mail.",
            asks("2020-06-03", "email", history=[{"at": "2020-06-02", "channel": "email", "direction": "in"}],
                 standings=[wish("channel_opt_out", "2020-06-01", channel="email")]), True),
    # --- 1006.6(b)(1): times and places ---
    Example("6(b)(1)-1.i", "The creditor's file: cannot be disturbed on Tuesdays and Thursdays; a Tuesday.",
            asks("2020-08-04", standings=[wish("quiet_hours", "2020-07-01", weekdays=["tue", "thu"], until="2020-12-31")]),
            False, "US-RF-6b1-OWN"),
    Example("6(b)(1)-1.i", "The same on a Wednesday.",
            asks("2020-08-05", standings=[wish("quiet_hours", "2020-07-01", weekdays=["tue", "thu"], until="2020-12-31")]),
            True),
    Example("6(b)(1)-1.ii", "Weekdays except 3 to 5 p.m.: Wednesday 15:30.",
            asks("2020-08-05T15:30", standings=OWN_TIMES), False, "US-RF-6b1-OWN"),
    Example("6(b)(1)-1.ii", "Wednesday 14:59.", asks("2020-08-05T14:59", standings=OWN_TIMES), True),
    Example("6(b)(1)-1.ii", "Wednesday 17:00.", asks("2020-08-05T17:00", standings=OWN_TIMES), True),
    Example("6(b)(1)-1.ii", "A Saturday.", asks("2020-08-08T12:00", standings=OWN_TIMES), False, "US-RF-6b1-OWN"),
    Example("6(b)(1)-1.iii", "Not at home: a letter to the home.",
            asks("2020-08-05", "letter", point={"kind": "address", "use": "home"}, standings=HOME), False, "US-RF-6b1-PLACE"),
    Example("6(b)(1)-1.iii", "Not at home: a call to the landline at home.",
            asks("2020-08-05", point={"kind": "landline", "use": "home"}, standings=HOME), False, "US-RF-6b1-PLACE"),
    Example("6(b)(1)-1.iii", "Not at home: an e-mail, or a call to the mobile number, not known to be there.",
            asks("2020-08-05", point={"kind": "mobile"}, standings=HOME), True),
    Example("6(b)(1)-2.i", "An e-mail of the person at 15:30 in an inconvenient window; one answer at 15:45.",
            asks("2020-08-05T15:45", "email", history=[MESSAGE_IN], standings=OWN_TIMES), True),
    Example("6(b)(1)-2.i", "A second e-mail in the window.",
            asks("2020-08-05T15:45", "email", history=[MESSAGE_IN, REPLY_OUT], standings=OWN_TIMES), False, "US-RF-6b1-OWN"),
    Example("6(b)(1)-2.i", "A call in answer to the e-mail: another medium.",
            asks("2020-08-05T15:45", history=[MESSAGE_IN], standings=OWN_TIMES), False, "US-RF-6b1-OWN"),
    Example("6(b)(1)(i)-1", "07:59 and 21:00 are not convenient without other knowledge.",
            asks("2020-08-05T07:59"), False, "US-RF-6b1-TIME"),
    Example("6(b)(1)(i)-1", "08:00 is.", asks("2020-08-05T08:00"), True),
    Example("6(b)(1)(i)-1", "21:00 is not.", asks("2020-08-05T21:00", "email"), False, "US-RF-6b1-TIME"),
    Example("6(b)(1)(i)-2.i", "Area code Eastern, address Pacific: 10:59 Eastern.",
            asks("2020-08-05T10:59:00-04:00", person=TWO_ZONES, point=EAST), False, "US-RF-6b1-TIME"),
    Example("6(b)(1)(i)-2.i", "11:00 Eastern.", asks("2020-08-05T11:00:00-04:00", person=TWO_ZONES, point=EAST), True),
    Example("6(b)(1)(i)-2.i", "21:00 Eastern.",
            asks("2020-08-05T21:00:00-04:00", person=TWO_ZONES, point=EAST), False, "US-RF-6b1-TIME"),
    Example("6(b)(4)(i)-1", "The person agrees directly to be called at 22:00.",
            asks("2020-08-05T22:00", standings=[wish("hours_consent", "2020-08-04")]), True),
    # --- 1006.6(b)(2), (b)(3): attorney, workplace ---
    Example("6(b)(2)-1", "Represented, writes to the collector: the answer.",
            asks("2020-08-05T15:45", "email", history=[MESSAGE_IN], standings=ATTORNEY), True),
    Example("6(b)(2)-1", "Represented: a second e-mail.",
            asks("2020-08-05T15:45", "email", history=[MESSAGE_IN, REPLY_OUT], standings=ATTORNEY), False, "US-RF-6b2"),
    Example("6(b)(2)", "Represented: a call out of the blue.", asks("2020-08-05", standings=ATTORNEY), False, "US-RF-6b2"),
    Example("6(b)(2)", "The attorney does not answer within a reasonable time.",
            asks("2020-08-05", standings=[*ATTORNEY, wish("attorney_unresponsive", "2020-08-04")]), True),
    Example("6(b)(2)", "A call to the attorney.", asks("2020-08-05", point={"id": "A", "role": "attorney"}, standings=ATTORNEY), True),
    Example("6(b)(3)-1", "The employer forbids it: a call at work.",
            asks("2020-08-05", point={"use": "work"}, standings=[wish("employer_forbids", "2020-08-01")]), False, "US-RF-6b3"),
    Example("6(b)(3)-1", "The employer forbids it: a call to the mobile number.",
            asks("2020-08-05", standings=[wish("employer_forbids", "2020-08-01")]), True),
    # --- 1006.6(c), (d), 1006.10: cease, third parties ---
    Example("6(c)(1)-1.i", "The letter to cease is on its way; an e-mail before it is received.",
            asks("2020-08-04", "email", standings=[wish("cease", "2020-08-06")]), True),
    Example("6(c)(1)-1.i", "After it is received.",
            asks("2020-08-06", "email", standings=[wish("cease", "2020-08-06")]), False, "US-RF-6c"),
    Example("6(c)(2)", "Notice that efforts end, after the cease.",
            asks("2020-08-07", "letter", template="us-end-of-efforts", standings=[wish("cease", "2020-08-06")]), True),
    Example("6(d)(1)", "About the debt with a neighbour.",
            asks("2020-08-05", point={"id": "N", "role": "third_party"}), False, "US-RF-6d"),
    Example("6(d)(1)-1", "With the executor of a person who died.",
            asks("2020-08-05", point={"id": "E", "role": "executor"}), True),
    Example("6(d)(2)", "With a third party, as the person agreed.",
            asks("2020-08-05", point={"id": "N", "role": "third_party"}, standings=[wish("third_party_consent", "2020-08-01")]), True),
    Example("10(c)", "A first call to a third person for location only.",
            asks("2020-08-05", purpose="locate", point={"id": "N", "role": "contact_person"},
                 standings=[wish("location_unknown", "2020-08-01")]), True),
    Example("10(c)", "A second one.",
            asks("2020-08-05", purpose="locate", point={"id": "N", "role": "contact_person"},
                 standings=[wish("location_unknown", "2020-08-01")],
                 history=[call("2020-08-03", purpose="locate", point="N", role="contact_person")]), False, "US-RF-10c"),
    Example("10(c)", "A second one, asked for by the third person.",
            asks("2020-08-05", purpose="locate", point={"id": "N", "role": "contact_person"},
                 standings=[wish("location_unknown", "2020-08-01"), wish("asked_to_call_back", "2020-08-03", point="N")],
                 history=[call("2020-08-03", purpose="locate", point="N", role="contact_person")]), True),
    Example("22(f)(3)", "An e-mail to an address that the employer gave.",
            asks("2020-08-05", "email", point={"kind": "email", "use": "work"}, standings=[wish("employer_address", "2020-08-01")]),
            False, "US-RF-22f"),
    # --- 1006.30(a), 1006.38: furnishing, dispute ---
    Example("30(a)(1)-3.i", "Notice mailed on 1 May, came back on 10 May: furnish on 20 May.",
            asks("2021-05-20", "report", purpose="negative_report",
                 standings=[wish("validation_notice", "2021-05-01"), wish("undeliverable", "2021-05-10")]), False, "US-RF-30a"),
    Example("30(a)(1)-3.ii", "Sent again on 11 May: furnish on 25 May.",
            asks("2021-05-25", "report", purpose="negative_report",
                 standings=[wish("validation_notice", "2021-05-01"), wish("undeliverable", "2021-05-10"),
                            wish("validation_notice", "2021-05-11")]), True),
    Example("30(a)(1)-2", "Thirteen days after the notice.",
            asks("2021-05-14", "report", purpose="negative_report", standings=[wish("validation_notice", "2021-05-01")]),
            False, "US-RF-30a"),
    Example("30(a)(1)-2", "Fourteen days after the notice.",
            asks("2021-05-15", "report", purpose="negative_report", standings=[wish("validation_notice", "2021-05-01")]), True),
    Example("30(a)(1)-2", "It came back after the fourteen days.",
            asks("2021-05-30", "report", purpose="negative_report",
                 standings=[wish("validation_notice", "2021-05-01"), wish("undeliverable", "2021-05-29")]), True),
    Example("30(a)(1)(i)", "They talked about the debt on the telephone.",
            asks("2021-05-02", "report", purpose="negative_report", history=[call("2021-05-01", "conversation")]), True),
    Example("30(a)(1)", "Nothing was sent.", asks("2021-05-02", "report", purpose="negative_report"), False, "US-RF-30a"),
    Example("38(d)(2)", "Disputed in writing, not yet verified: a call.",
            asks("2020-08-05", standings=[wish("dispute", "2020-08-03", debts=["D"])]), False, "US-RF-38"),
    Example("38(d)(2)", "Verification was sent.",
            asks("2020-08-05", standings=[wish("dispute", "2020-08-03", debts=["D"]), wish("verification_sent", "2020-08-04")]), True),
    # --- more of 6, 10, 22, 26, 30, 38 ---
    Example("6(b)(4)(i)", "A court permits it: a call at 22:00.",
            asks("2020-08-05T22:00", standings=[wish("court_permission", "2020-08-01")]), True),
    Example("6(d)(2)", "A court permits it: with a third party.",
            asks("2020-08-05", point={"id": "N", "role": "third_party"}, standings=[wish("court_permission", "2020-08-01")]), True),
    Example("6(d)(2)", "As reasonably necessary for a remedy after judgment: with a third party.",
            asks("2020-08-05", point={"id": "N", "role": "third_party"},
                 standings=[wish("postjudgment_remedy", "2020-08-01")]), True),
    Example("6(c)(2)", "Notice that a specified remedy is intended, after the cease.",
            asks("2020-08-07", "letter", template="us-intends-remedy", standings=[wish("cease", "2020-08-06")]), True),
    Example("6(a)(4)", "The spouse asks to cease; a call to the spouse.",
            asks("2020-08-07", point={"id": "S", "role": "spouse"}, standings=[wish("cease", "2020-08-06")]), False, "US-RF-6c"),
    Example("6(a)(4)", "The person died; the personal representative.",
            asks("2020-08-07", point={"id": "E", "role": "personal_representative"}), True),
    Example("6(b)(3)-1", "The employer forbids it, the person agrees directly to be called there.",
            asks("2020-08-05", point={"use": "work"},
                 standings=[wish("employer_forbids", "2020-08-01"), wish("workplace_consent", "2020-08-02")]), True),
    Example("10(b)", "A neighbour is asked where the person is.",
            asks("2020-08-05", purpose="locate", point={"id": "N", "role": "third_party"},
                 standings=[wish("location_unknown", "2020-08-01")]), True),
    Example("10(b)", "The employer is asked where the person is.",
            asks("2020-08-05", purpose="locate", point={"id": "W", "role": "employer"},
                 standings=[wish("location_unknown", "2020-08-01")]), True),
    Example("10(c)", "The neighbour a second time.",
            asks("2020-08-25", purpose="locate", point={"id": "N", "role": "third_party"},
                 standings=[wish("location_unknown", "2020-08-01")],
                 history=[call("2020-08-03", purpose="locate", point="N", role="third_party")]), False, "US-RF-10c"),
    Example("10(c)", "The neighbour a second time: the earlier answer is believed to be wrong.",
            asks("2020-08-25", purpose="locate", point={"id": "N", "role": "third_party"},
                 standings=[wish("location_unknown", "2020-08-01"), wish("earlier_answer_wrong", "2020-08-20", point="N")],
                 history=[call("2020-08-03", purpose="locate", point="N", role="third_party")]), True),
    Example("22(f)(3)", "The employer's address, with direct consent to it.",
            asks("2020-08-05", "email", point={"kind": "email", "use": "work"},
                 standings=[wish("employer_address", "2020-08-01"), wish("work_email_consent", "2020-08-02")]), True),
    Example("26(b)", "A suit, or the threat of one, on a time-barred debt.",
            asks("2020-06-03", "letter", purpose="legal_action", standings=[wish("time_barred", "2020-01-01")]), False, "US-RF-26b"),
    Example("26(b)", "A proof of claim in bankruptcy on a time-barred debt.",
            asks("2020-06-03", "letter", purpose="proof_of_claim", standings=[wish("time_barred", "2020-01-01")]), True),
    Example("26(b)", "A suit on a debt that is not time-barred.", asks("2020-06-03", "letter", purpose="legal_action"), True),
    Example("30(a)(1)(ii)", "An e-mail about the debt fourteen days ago, no news that it bounced.",
            asks("2021-05-15", "report", purpose="negative_report", standings=[wish("debt_letter", "2021-05-01", channel="email")]), True),
    Example("30(a)(1)-1", "A limited-content message is no talk about the debt.",
            asks("2021-05-02", "report", purpose="negative_report", history=[call("2021-05-01", "limited_content_message")]),
            False, "US-RF-30a"),
    Example("38(c)", "The original creditor was asked for, not yet named: a call.",
            asks("2020-08-05", standings=[wish("original_creditor_request", "2020-08-03")]), False, "US-RF-38"),
    Example("38(c)", "The original creditor was named.",
            asks("2020-08-05", standings=[wish("original_creditor_request", "2020-08-03"), wish("original_creditor_sent", "2020-08-04")]), True),
    Example("38(d)(2)(ii)", "A duplicative dispute, of which the person was notified.",
            asks("2020-08-10", standings=[wish("dispute", "2020-08-08"), wish("duplicative_notice_sent", "2020-08-09")]), True),
]  # fmt: skip
