"""Codes of the borrower's side in words; translated where they are shown."""

from __future__ import annotations

from collections.abc import Mapping

PROBLEMS = {
    "amount": "Enter an amount in digits, such as 350 or 350.50",
    "day": "Enter a day",
    "adults": "Enter how many adults there are, from 1 to 20",
    "children": "Enter how many children there are, from 0 to 20",
    "pay_day": "Choose a day from 1 to 28, or no fixed day",
    "reason": "Say in a few words what it is for",
    "tick": "Tick the box if this is what you want",
    "name": "Enter a name",
    "reach": "Enter a number or an address",
    "words": "Say it in a few words",
    "about": "Choose what it is about",
    "file.type": "Choose a PDF, PNG or JPEG file, or a recording where one is asked for",
    "file.size": "Each file may be at most 1 MB, three files in all",
    "scope": "Choose what this person may do",
    "until": "Choose a day from today to a year from now",
    "kind": "Choose what should happen",
    "key": "This key opens nothing: it is mistyped, has run out, or was ended",
    "how": "Choose how you were contacted",
    "when": "Enter a day that is not after today, and the time as near as you know",
    "number": "At most 80 signs",
    "plan.month": "Tell us your month in short first; without it no plan can be signed",
    "data.open": "Ten requests are open; wait for an answer to one of them",
    "language": "Choose one of the languages",
    "channel": "Choose one of the channels",
    "weekdays": "Choose days of the week",
    "wish.unknown": "It was removed already",
    "helper.unknown": "It was ended already",
    "hours": "Enter two different times, such as 21:00 and 09:00",
    "promise.amount": "Enter an amount above zero and no more than you owe",
    "promise.day": "Choose a day from today to the last one shown",
    "promise.open": "You have made a promise already; wait for its day, or propose a plan",
    "cost.unread": "Open the statement and read it first",
    "cost.too_soon": "That was quick; take the time to read it, then confirm",
    "plan.floor": "This plan would take what you need to live, so it cannot be agreed",
    "plan.length": "This plan would run longer than a plan may; choose fewer or larger payments",
    "plan.choice": "This plan is not on offer any more; choose again",
    "relief.shown": "Your account has changed since the plan was shown; look at it again, nothing was agreed",
    "demand.ceiling": "This plan would cost more than it may by law; choose another",
    "budget.currency": "We have no floor for this currency yet; ask for a review instead",
    "talk.move": "This has changed meanwhile; look at where the talk stands",
    "review.unknown": "There is no such decision",
    "review.asked": "You asked for it a moment ago",
    "review.twice": "Two people have looked at this; you may apply again, or complain",
    "point.mobile": "Enter a mobile number with all its digits; a foreign one begins with + and its country",
    "point.email": "Enter an e-mail address, such as name@example.com",
    "point.same": "This is the one that we have already",
    "point.kind": "Choose a number or an e-mail address",
    "point.often": "You asked for this three times today; try again tomorrow",
    "point.code": "The code is not right, was used or is too old; look again, or stop this and begin anew",
    "code.wrong": "The code is not right, was used or is too old; go back and ask for a new one",
    "code.not_sent": "No code could be sent: too many were asked for, or we have no number. Try in an hour",
}
EVERY = {"week": "a week", "two_weeks": "every two weeks", "month": "a month", "year": "a year"}
BUDGET_PAGES = {
    "household": "Your household",
    "income": "What comes in",
    "home": "Your home",
    "living": "Daily life",
    "family": "Family and insurance",
    "debts": "Other debts",
}
BUDGET_LINES = {
    "wages": "Wages, after tax",
    "benefits": "Pension or benefits",
    "family_help": "Help from family",
    "other_income": "Other income",
    "rent": "Rent or home loan",
    "energy": "Water, power, heating",
    "phone": "Phone and internet",
    "food": "Food and household goods",
    "transport": "Transport",
    "health": "Medicine and doctors",
    "clothing": "Clothing",
    "children": "School and child care",
    "parents": "Support for parents or others",
    "insurance": "Insurance",
    "other_loans": "Other loans and cards",
    "arrears_elsewhere": "Arrears of rent, power or tax",
}
AGREEMENT = {
    "title": "Repayment agreement",
    "between": "Between",
    "account": "Account ending",
    "signed_on": "Signed on",
    "in_all": "You pay in all",
    "new": "New",
    "before": "Before",
    "month": "What is left of your month",
    "signatures": "Signatures",
    "proof": "Proof",
    "income": "Comes in each month",
    "kept": "You keep for living",
    "debts": "Other debts",
    "others": "Your other accounts with us",
    "heaviest": "This plan, in its heaviest month",
    "left": "Left over",
    "by_code": "one-time code to your own number",
    "digest": "Digest of the text both sides hold",
    "key": "Key that checks our signature",
    "place": "Place in the evidence log",
    "head": "Signed head of the log",
    "later": "The evidence log is sealed daily; load this copy again tomorrow for its proof.",
}
STEPS = {
    "payment": "Your next payment",
    "plan_payment": "The next payment of your plan; while you keep to it we do not remind you",
    "promise": "You promised to pay; we do not remind you before",
    "answer": "Our answer to what you told us; we do not remind you before",
    "answer_late": "Our answer is late; we do not remind you until you have it",
    "may_remind": "We may remind you, as rarely as your limits say; interest goes on as agreed",
}
LOOKS = {
    "queue": "Took your case in turn",
    "look_up": "Looked you up",
    "helper": "Your helper read",
    "concern": "Read what you told us, with its files",
    "data_request": "Read your request about your data",
    "review": "Read a decision that you asked to be reviewed",
    "pack": "Made a pack of your evidence",
}
WISH_KINDS = {
    "cease": "No reminder on any channel",
    "neutral": "No word of a debt where others may look",
    "channel_opt_out": "Not by this channel",
    "quiet_hours": "Quiet hours",
    "stress_budget": "Most points in a week",
}
WHY_LOOKED = {
    "she_called": "You called us",
    "she_wrote": "You wrote to us",
    "agreed_call": "A call at an agreed time",
    "transferred": "Handed over by a colleague",
    "to_answer": "To answer you",
    "to_check": "To check an answer",
    "borrower_asks": "You asked about it",
    "authority_asks": "An authority asks about it",
}
REPORT_DID = {
    "warned": "We warned people of it",
    "spam_line": "We told the body for spam",
    "police": "We told the police",
    "own_staff": "It was our own staff, and we apologise",
    "nothing_found": "We found nothing that was ours",
}
DAY_PARTS = {"morning": "Morning", "afternoon": "Afternoon", "evening": "Evening"}
DAY_HOURS = {"morning": "until 12:00", "afternoon": "12:00 to 18:00", "evening": "from 18:00"}
SHORT_LINES = {
    "income": "What comes in each month, all together",
    "home": "Home: rent or home loan, water, power, phone",
    "living": "Food, transport, medicine, children, parents, insurance",
    "debts": "Other loans, cards and arrears",
}
HOLDS = {
    "promise": "your promise to pay",
    "plan": "your repayment plan",
    "offer_again": "a new offer after the last plan",
    "dispute": "your dispute",
    "complaint": "your complaint",
    "hardship_review": "the review of your situation",
    "bankruptcy": "the insolvency proceedings",
    "discharged": "the discharge of this debt",
    "identity_theft": "what you told us of identity theft",
    "deceased": "a death in the family",
    "wrong_person": "a mix-up of persons",
}
TALKS = {"waits_for_lender": "we answer next", "waits_for_borrower": "your answer is next"}
SIDES = {"borrower": "You", "lender": "We"}
MOVES = {
    "offer": "an offer",
    "counter": "another offer",
    "accept": "agreed to it; it is yours to sign",
    "decline": "declined",
    "withdraw": "taken back",
    "sign": "signed",
}
REASONS = {
    "too_low": "the amount is too low",
    "too_long": "it takes too long",
    "floor": "it would leave too little to live on",
    "other_plan": "another plan fits better",
    "not_needed": "nothing is overdue",
    "other": "another reason, told in words",
}
FORCES = {
    "statute": "Statutes",
    "regulation": "Regulations",
    "standard": "National standards",
    "self_discipline": "Rules of the trade",
    "house": "Our own rules, stricter than the law",
}
WEEKDAYS = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}
SCOPES = {"see": "may see what I owe", "talk": "may also talk about plans, never sign"}
DATA_REQUESTS = {
    "correction": "Correct something",
    "deletion": "Delete something",
    "bureau_statement": "A statement beside my credit report",
}
DATA_ANSWERS = {"done": "it was done", "partly_done": "partly done", "not_done": "not done"}
POINTS = {"mobile": "Mobile number", "landline": "Landline", "email": "E-mail", "address": "Address"}
PROMISES = {"open": "still to come", "kept": "kept", "broken": "not kept"}
WORDS: Mapping[str, dict[str, str]] = {
    "problem": PROBLEMS,
    "every": EVERY,
    "budget_page": BUDGET_PAGES,
    "budget_line": BUDGET_LINES,
    "hold": HOLDS,
    "step": STEPS,
    "agreement": AGREEMENT,
    "look": LOOKS,
    "report_did": REPORT_DID,
    "wish_kind": WISH_KINDS,
    "why_looked": WHY_LOOKED,
    "day_part": DAY_PARTS,
    "day_hours": DAY_HOURS,
    "short_line": SHORT_LINES,
    "talk": TALKS,
    "side": SIDES,
    "move": MOVES,
    "reason": REASONS,
    "promise": PROMISES,
    "forces": FORCES,
    "weekday": WEEKDAYS,
    "helper_scope": SCOPES,
    "data_request": DATA_REQUESTS,
    "data_answer": DATA_ANSWERS,
    "point": POINTS,
}
