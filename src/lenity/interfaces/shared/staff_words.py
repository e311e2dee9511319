"""Codes of the staff's pages in words."""

from __future__ import annotations

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
    "deceased": "death",
    "wrong_person": "wrong person",
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
}
READ_REASONS = {
    "to_answer": "To answer it",
    "to_check": "To check an answer",
    "borrower_asks": "The borrower asks about it",
    "authority_asks": "An authority asks about it",
}
LOOK_UP_RESULTS = {"opened": "opened", "nobody": "nobody found", "taken": "with another collector"}
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
    "bulk_send": "Reminders to many people",
    "beyond_offer": "Offer beyond the authority",
    "policy_activation": "Policy comes into force",
    "model_activation": "Score model comes into force",
}
CHANGE_STATES = {
    "waiting": "waits for a second person",
    "approved": "approved, not booked yet",
    "done": "approved and booked",
    "refused": "declined",
    "expired": "ran out",
}
OFFICE_PROBLEMS = {
    "change.account": "Give one whole account number.",
    "change.credit": "A refund is above zero and at most the credit of the account, such as 12.50.",
    "change.rate": "The new rate is below the loan's own, such as 12.5. Anything else takes a plan that is signed.",
    "change.kind": "Choose what is asked for.",
    "offer.rate": "The rate of this account has changed. Ask for a new offer.",
    "offer.amount": "More is let go than is still open.",
    "finding.decision": "Say whether it is what it says, or harmless.",
    "finding.reason": "Give a reason of 5 to 300 signs.",
    "finding.closed": "Somebody has decided on it already.",
    "finding.own": "You wrote it. Somebody else looks at it.",
    "report.did": "Choose what was done.",
    "report.words": "Say in 5 to 300 signs what was done.",
    "report.closed": "It is closed already.",
    "reading.reason": "Choose why you read it.",
    "reading.words": "Say in 3 to 200 signs why you read it.",
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
    "change.role": "Your role may not judge this.",
    "change.unknown": "It is not there any more.",
    "review.role": "Only staff with the role risk answer reviews.",
    "review.unknown": "It is answered already.",
    "review.same_person": "You gave the first answer yourself. Somebody else gives the second.",
    "review.outcome": "Approve it or decline it.",
    "review.limit": "An approval needs a limit above zero and at most the highest of the product.",
    "review.reason": "Write a reason of at most 2000 signs; the applicant reads it.",
    "talk.move": "Another offer has come since, or it was answered. Read the newest one first.",
    "talk.reason": "Choose why you decline.",
    "talk.counter": "No plan can be worked out from this amount. Give a monthly amount such as 800.",
    "relief.shown": "The account has moved since. Look at the plan again.",
    "plan.floor": "The plan would leave the household with too little to live on. Choose a smaller one.",
    "other": "That could not be done. Look at the page again; nothing was changed.",
}
DECISIONS = {"approve": "approved", "refer": "referred to a person", "decline": "declined"}
RULE_STATES = {"same": "the same", "begun": "new", "ended": "ended", "changed": "changed"}
FORCES = {
    "statute": "statute",
    "regulation": "regulation",
    "standard": "standard",
    "self_discipline": "self-discipline",
    "house": "house rule",
}
WORDS = {
    "rule_state": RULE_STATES,
    "force": FORCES,
    "role": ROLES,
    "decision": DECISIONS,
    "change": CHANGES,
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
}
