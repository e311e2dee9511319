"""Codes of the staff's pages in words."""

from __future__ import annotations

from collections.abc import Iterable

from lenity.base.outcomes import InputRefused, Problem
from lenity.interfaces.shared import office_words

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
    "suspense_reverse": "Taken back by the bank",
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
    "office_problem": office_words.OFFICE_PROBLEMS,
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
    "board_problem": office_words.BOARD_PROBLEMS,
}


def board_problems(problems: Iterable[Problem]) -> list[tuple[str, Problem]]:
    """Each problem of the board with the code under which the page has words for it."""
    return [(one.code if one.code in office_words.BOARD_PROBLEMS else "finding", one) for one in problems]


def code_of(refused: InputRefused) -> str:
    """The code of a refusal, if the pages of staff have words for it."""
    code = refused.problems[0].code
    known = (one for one in (code, code.partition(".")[0]) if one in office_words.OFFICE_PROBLEMS)
    return next(known, "other")
