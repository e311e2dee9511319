"""Codes of the staff's pages in words."""

from __future__ import annotations

from collections.abc import Iterable

from lenity.base.outcomes import InputRefused, Problem

OUTCOMES = {
    "conversation": "spoke with the person",
    "no_answer": "no answer",
    "not_connected": "did not connect",
    "voicemail": "voicemail",
    "refused_by_person": "did not want to talk",
    "wrong_person": "somebody else",
}
HOLDS = {
    "promise": "promise to pay",
    "plan": "plan agreed",
    "offer_again": "a new offer comes first",
    "dispute": "dispute",
    "complaint": "complaint",
    "hardship_review": "cannot pay at the moment",
    "bankruptcy": "bankruptcy",
    "discharged": "discharged in bankruptcy",
    "identity_theft": "identity theft",
    "assigned": "came by assignment",
    "deceased": "death",
    "wrong_person": "wrong person",
    "litigation": "suit pending",
    "preservation": "records are kept for an authority or a court",
}
LOOK_UPS = {
    "she_called": "The person called us",
    "she_wrote": "The person wrote to us",
    "agreed_call": "A call at an agreed time",
    "transferred": "Handed over by a colleague",
}
PAYMENT_SAID = {
    "taken": "The payment is taken.",
    "known": "This payment was taken before; nothing was changed.",
    "asked": "The reversal is asked for. Nothing moves before a second person approves it.",
    "undoing": "The undoing is asked for. Nothing moves before a second person approves it.",
}
DEALS = {
    "re_amortise": "New payments",
    "rate_cut": "Lower rate",
    "interest_pause": "Payments without interest",
    "extension": "Payments put off",
    "waive_fee": "Fees let go",
    "waive_late_fee": "Late fees let go",
}
FLOORS = {
    "kept": "the household keeps its floor",
    "below": "below the household's floor",
    "unknown": "the household has not told its month",
}
FINDINGS = {
    "threat": "threat",
    "insult": "insult",
    "shame": "shaming",
    "third_party": "told to others",
    "posing": "false authority",
    "legal_claim": "legal claim that cannot be checked",
    "false_deadline": "false urgency",
    "private_account": "private account",
    "self_harm": "words of self-harm",
    "hardship": "hardship",
}
SEVERITIES = {"low": "low", "medium": "medium", "high": "high", "critical": "critical"}
SPEAKERS = {"collector": "said by us", "borrower": "said by the other side"}
FINDING_DECISIONS = {"confirmed": "It is what it says", "harmless": "It is harmless"}
IMPOSTOR_DID = {
    "warned": "people were warned",
    "spam_line": "told to the body for spam",
    "police": "told to the police",
    "own_staff": "it was our own staff",
    "nothing_found": "nothing was found",
}
READINGS = {
    "concern": "concern",
    "data_request": "request about data",
    "review": "decision under review",
    "pack": "evidence pack",
    "application": "application",
}
READ_REASONS = {
    "to_answer": "To answer it",
    "to_check": "To check an answer",
    "borrower_asks": "The borrower asks about it",
    "authority_asks": "An authority asks about it",
}
LOOK_UP_RESULTS = {"opened": "opened", "nobody": "nobody found", "taken": "with another collector"}
KEYS = {
    "?": "This page",
    "n": "Next case",
    "u": "Look one person up",
    "t": "My day",
    "i": "To what the person says of herself",
    "c": "Call",
    "k": "My code now",
    "m": "Send the standing text message",
    "e": "Send the standing e-mail",
    "s": "Keep the note",
    "p": "Promise to pay",
    "l": "Offer a plan",
    "o": "Another offer",
    "d": "Dispute or complaint",
    "h": "Cannot pay now",
    "w": "The number is somebody else's",
    "x": "Done: put the case back",
    "r": "Not reached: put the case back",
    "b": "Take a break",
}
"""Each key of the desk, and what it does."""
BOARD_PROBLEMS = {
    "close.day": "The day is a date.",
    "close.future": "This day has not begun. Close today or a day before it.",
    "metro2.month": "Give a month that has ended.",
    "metro2.names": "Number and name are 1 to 40 plain signs.",
    "finding": "A check of the file found this; nothing was written.",
}
DESK_NOTES = {"confirmed": "Person confirmed", "unconfirmed": "Person not confirmed"}
DESK_SAID = {
    "taken": "The case is yours. Confirm the person first.",
    "nothing": "Nobody is waiting who may be contacted now.",
    "nobody": "There is no such account. The look-up is kept.",
    "busy": "A colleague has this case at the moment. The look-up is kept.",
    "confirmed": "It is the right person.",
    "unconfirmed": "That is not right. Ask again, or put the case back.",
    "refused": "The gate did not allow it. The reason stands beside the channel.",
    "call": "The call is allowed. Dial, and read out the code when asked.",
    "sent": "The message is on its way.",
    "noted": "The note is kept.",
    "promise": "The promise is kept; no reminder goes out until its day.",
    "plan": "The plan is offered. The borrower signs it in the portal with a code.",
    "offered": "It is offered, within your authority.",
    "asked": "That is beyond your authority. A supervisor decides; you see the answer here.",
    "concern": "Recorded. Collection has stopped.",
    "quarantined": "The number is used no more, and the case is closed.",
    "back": "The case is back. Take the next one when you are ready.",
    "break": "The case is back. Take your time; it counts against nobody.",
}
DESK_PROBLEMS = {
    "case.unknown": "You have no case now, or its time ran out. Take the next one.",
    "case.unconfirmed": "Confirm the person first.",
    "promise.amount": "The amount is above zero and at most what is owed, such as 1234.50, and the day is a date.",
    "promise.day": "The day is from today to a month ahead.",
    "promise.open": "A promise is open already. Wait for its day.",
    "plan.unknown": "This plan is not on offer any more. Choose again.",
    "plan.floor": "The plan would leave the household with too little to live on. Choose a smaller one.",
    "plan.length": "The plan would run longer than a plan may. Choose fewer or larger instalments.",
    "offer.periods": "Payments are a whole number from 1 to 60.",
    "offer.rate": "The new rate is in per cent and below the loan's own, which has to be known.",
    "offer.amount": "The fees let go are above zero and at most what is open.",
    "offer.limit": "Nobody may offer this much. Offer less.",
    "offer.why": "That is beyond your authority. Write why, and a supervisor decides.",
    "talk.move": "It is not our turn: the borrower's answer is awaited.",
    "look_up.words": "Say in three to two hundred signs why you look this person up.",
    "look_up.busy": "Put your present case back first.",
    "look_up.limit": "That is the limit of look-ups for this hour. Ask compliance if you need more.",
    "contact.paid": "Nothing is overdue any more. Put the case back.",
    "contact.words": "There are no standing words for this channel in this place.",
    "person.no_proof": "Nothing is on file to confirm this person by. Ask for a message through the portal.",
    "other": "That could not be done. Look at the page again; nothing was changed.",
}
ROLES = {
    "collector": "collector",
    "supervisor": "supervisor",
    "compliance": "compliance",
    "operations": "operations",
    "risk": "risk",
    "manager": "manager",
    "administrator": "administrator",
}
CHANGES = {
    "write_off": "Write-off",
    "refund": "Refund",
    "rate_change": "Lower rate",
    "payment_reversal": "Reversal of a payment",
    "fact_undo": "Undoing of an entry",
    "waiver": "Waiver",
    "plan_agreed": "Plan agreed elsewhere",
    "suspense_assign": "To a loan",
    "suspense_return": "Back to the sender",
    "suspense_clear": "Cleared by the bank",
    "bulk_send": "Reminders to many people",
    "beyond_offer": "Offer beyond the authority",
    "policy_activation": "Policy comes into force",
    "model_activation": "Score model comes into force",
}
ENTRIES = {
    "charge": "fee",
    "waiver": "waiver",
    "refund": "refund",
    "reschedule": "plan",
    "charge_off": "write-off",
    "fee": "fees",
    "late_fee": "late fees",
    "late_interest": "late interest",
    "interest": "interest",
    "principal": "principal",
}
PLAN_KINDS = {
    "extension": "Payments put off",
    "re_age": "Arrears spread over the rest",
    "re_amortise": "New payments",
    "rate_cut": "Lower rate",
    "interest_pause": "Payments without interest",
    "principal_reduction": "Part of the principal let go",
}
CHANGE_STATES = {
    "waiting": "waits for a second person",
    "approved": "approved, not booked yet",
    "done": "approved and booked",
    "refused": "declined",
    "expired": "ran out",
}
OFFICE_PROBLEMS = {
    "suspense.unknown": "There is no such movement.",
    "suspense.done": "The money is no longer in suspense.",
    "suspense.move": "Choose what becomes of it.",
    "suspense.out": "Money that went out is neither a payment nor sent back. Clear it.",
    "suspense.loan": "The loan is in another currency, or the money came before it was paid out.",
    "plan.month": "Nobody knows the household's month. Ask for it first: one short page in the portal.",
    "fact.unknown": "There is no such entry.",
    "fact.undo": "It is undone already, or goes with its payment.",
    "change.account": "Give one whole account number.",
    "change.credit": "A refund is above zero and at most the credit of the account, such as 12.50.",
    "change.rate": "The new rate is below the loan's own, such as 12.5. Anything else takes a plan that is signed.",
    "change.kind": "Choose what is asked for.",
    "offer.beyond": "That is beyond your authority. A supervisor may agree to more; she sees this page as well.",
    "offer.rate": "The rate of this account has changed. Ask for a new offer.",
    "offer.amount": "More is let go than is still open.",
    "finding.decision": "Say whether it is what it says, or harmless.",
    "finding.reason": "Give a reason of 5 to 300 signs.",
    "finding.closed": "Somebody has decided on it already.",
    "finding.own": "You wrote it. Somebody else looks at it.",
    "report.did": "Choose what was done.",
    "report.words": "Say in 5 to 300 signs what was done.",
    "report.closed": "It is closed already.",
    "list.day": "A day is a date such as 2026-11-24.",
    "trial.unknown": "There is no such challenger. Look at the trial again.",
    "policy.try": "There is no past application that it can be tried on.",
    "policy.size": "The draft is too long for a page. Use the command line.",
    "policy": "The draft is no policy. Mend the lines that are named.",
    "change.same": "Exactly this text is in force already.",
    "reading.reason": "Choose why you read it.",
    "reading.words": "Say in 3 to 200 signs why you read it.",
    "concern.reason": "Give a reason of 5 to 300 signs.",
    "concern.taker": "Choose somebody who answers concerns.",
    "concern.senior": "It goes to somebody of compliance who is a supervisor or a manager too. "
    "Administration gives that role.",
    "concern.answered": "It was answered already.",
    "concern.step": "Say whether it is passed on, or taken over by a senior person.",
    "bulk.nothing": "The strategy wishes for nothing on this day. Choose the day of a close.",
    "payment.amount": "The amount is above zero, such as 1234.50, and the day is a date.",
    "payment.value_date": "The day is between the day the loan was paid out and today.",
    "payment.idempotency": "Another payment came under this reference. Give each payment its own.",
    "payment.source": "A payment needs a reference.",
    "payment.unknown": "There is no such payment.",
    "payment.reversal": "It is a reversal itself, or reversed already.",
    "change.nothing": "Nothing is left to write off.",
    "change.reason": "Write why, in a sentence of at most 500 signs.",
    "change.digest": "This is not what was proposed. Look again and judge what it shows.",
    "change.approval": "No unused approval of exactly this was found.",
    "change.judged": "It is decided already.",
    "change.same_person": "You asked for it yourself. Another person has to decide.",
    "change.expired": "It ran out. Ask for it again.",
    "change.moved": "The account has moved since. Ask for it again.",
    "staff.self": "Nobody changes her own rights. Ask another administrator.",
    "staff.roles": "Name one role or more.",
    "staff.reason": "Say in 5 to 200 signs why.",
    "staff.until": "The last day is a date, such as 2026-12-31.",
    "invite.username": "A user name is Latin letters and digits.",
    "invite.taken": "The user name is taken. Choose another one.",
    "invite.name": "Give the name that borrowers see, of at most 80 signs.",
    "invite.number": "A staff number is letters and digits, at most 20.",
    "invite.number_taken": "Somebody has this staff number.",
    "invite.agency": "An agency's people are collectors and nothing else.",
    "invite.until": "An agency's people have a last day. Give one.",
    "invite.past": "The last day is in the past.",
    "join.over": "The invitation is over. Ask the administrator for a new one.",
    "join.password": "A password has at least 12 signs.",
    "join.weak": "This password is too easy to guess. Take a longer one without your user name.",
    "join.again": "The two passwords differ. Type both again.",
    "join.code": "The six digits are not right. Wait for the next ones and type them again.",
    "placement.agency": "Choose an agency that may ask for contacts.",
    "placement.channels": "Choose one channel or more.",
    "placement.hours": "The hours begin before they end, such as 09:00 and 18:00.",
    "placement.until": "Give a last day from today on.",
    "placement.most": "Give a whole number from 1 to 2000.",
    "placement.none": "Nothing of this choice can be placed. Choose another stage or product.",
    "placement.transfer": "This debt may not be placed: it was paid, discharged, or notified as identity theft.",
    "placement.loan": "A loan of this choice was placed meanwhile. Look at the choice again.",
    "client.name": "The name has 1 to 31 small letters, digits and hyphens, and is new.",
    "client.scope": "Choose one thing or more that it may do.",
    "client.revoked": "The program is shut out. Let a new one in.",
    "webhook.url": "The address is https, on a listed host, port 443, without user or fragment.",
    "webhook.kind": "Choose from the kinds of events on this page.",
    "webhook.ended": "Its endpoint has ended. Add the endpoint again.",
    "endpoint.unknown": "The endpoint has ended already.",
    "change.role": "Your role may not judge this.",
    "change.unknown": "It is not there any more.",
    "review.role": "Only staff with the role risk answer reviews.",
    "review.unknown": "It is answered already.",
    "review.same_person": "You had a part in the first answer. Somebody else gives the second.",
    "review.second_person": "You asked for this limit yourself. Somebody else approves the same limit.",
    "notice.application": "No decline in the United States stands on this application.",
    "notice.given": "The notice was given already.",
    "notice.sender": "The lender's address and its supervising agency are not set. Administration sets "
    "LENITY_LENDER_ADDRESS and LENITY_SUPERVISOR.",
    "notice.reasons": "The decision has no specific reason that a notice could give. Have a person decide.",
    "review.outcome": "Approve it or decline it.",
    "review.limit": "An approval needs a limit above zero and at most the highest of the product.",
    "review.reason": "Write a reason of at most 2000 signs; the applicant reads it.",
    "talk.move": "Another offer has come since, or it was answered. Read the newest one first.",
    "talk.reason": "Choose why you decline.",
    "talk.counter": "No plan can be worked out from this amount. Give a monthly amount such as 800.",
    "relief.shown": "The account has moved since. Look at the plan again.",
    "plan.floor": "The plan would leave the household with too little to live on. Choose a smaller one.",
    "plan.length": "The plan would run longer than a plan may. Choose fewer or larger instalments.",
    "other": "That could not be done. Look at the page again; nothing was changed.",
}
NEAR = {"count": "a number", "points": "the contact points of a week", "edge": "the edge of an hour"}
CONCERN_STEPS = {"escalated": "taken over by a senior person", "assigned": "answers it"}
AUDIENCES = {"borrower": "For the borrower", "lawyer": "For a lawyer", "regulator": "For a regulator"}
DECISIONS = {
    "approve": "approved",
    "refer": "referred to a person",
    "decline": "declined",
    "undecided": "not decided yet",
}
KEPT_KINDS = {"plan": "Plans", "promise": "Promises to pay"}
CONFIDENCES = {"P": "read in its text", "S": "known at second hand", "M": "from memory, not confirmed"}
RULE_STATES = {"same": "the same", "begun": "new", "ended": "ended", "changed": "changed"}
FORCES = {
    "statute": "statute",
    "regulation": "regulation",
    "standard": "standard",
    "self_discipline": "self-discipline",
    "house": "house rule",
}
STAFF_STATES = {
    "working": "may sign in",
    "invited": "invited",
    "lapsed": "the code ran out",
    "off": "switched off",
}
SCOPES = {
    "payments": "send payments",
    "loans": "read and book loans",
    "gate": "ask the gate",
    "contacts": "ask for contacts",
    "borrowers": "read borrowers, masked",
    "holds": "see and end stops",
    "concerns": "see and answer concerns",
    "decisions": "read decisions",
    "applications": "submit, read and decide applications of its own",
    "offers": "make offers within the authority of programs",
    "webhooks": "see and repeat webhooks",
}
WEBHOOK_STATES = {
    "waiting": "waits",
    "leased": "on its way",
    "delivered": "delivered",
    "given_up": "given up",
    "ended": "not sent: the endpoint ended",
}
NOTICES = {
    "outsourcing_notice": "An agency will contact her",
    "assignment_notice": "The claim was assigned",
    "validation": "Validation of the debt",
}
WORDS = {
    "notice": NOTICES,
    "staff_state": STAFF_STATES,
    "scope": SCOPES,
    "webhook_state": WEBHOOK_STATES,
    "rule_state": RULE_STATES,
    "near": NEAR,
    "confidence": CONFIDENCES,
    "kept_kind": KEPT_KINDS,
    "concern_step": CONCERN_STEPS,
    "audience": AUDIENCES,
    "force": FORCES,
    "role": ROLES,
    "decision": DECISIONS,
    "change": CHANGES,
    "entry": ENTRIES,
    "plan_kind": PLAN_KINDS,
    "change_state": CHANGE_STATES,
    "office_problem": OFFICE_PROBLEMS,
    "outcome": OUTCOMES,
    "stop": HOLDS,
    "payment_said": PAYMENT_SAID,
    "deal": DEALS,
    "floor": FLOORS,
    "finding": FINDINGS,
    "severity": SEVERITIES,
    "speaker": SPEAKERS,
    "finding_decision": FINDING_DECISIONS,
    "impostor_did": IMPOSTOR_DID,
    "reading": READINGS,
    "read_reason": READ_REASONS,
    "look_up": LOOK_UPS,
    "look_up_result": LOOK_UP_RESULTS,
    "desk_note": DESK_NOTES,
    "desk_said": DESK_SAID,
    "desk_problem": DESK_PROBLEMS,
    "key": KEYS,
    "board_problem": BOARD_PROBLEMS,
}


def board_problems(problems: Iterable[Problem]) -> list[tuple[str, Problem]]:
    """Each problem of the board with the code under which the page has words for it."""
    return [(one.code if one.code in BOARD_PROBLEMS else "finding", one) for one in problems]


def code_of(refused: InputRefused) -> str:
    """The code of a refusal, if the pages of staff have words for it."""
    code = refused.problems[0].code
    known = (one for one in (code, code.partition(".")[0]) if one in OFFICE_PROBLEMS)
    return next(known, "other")
