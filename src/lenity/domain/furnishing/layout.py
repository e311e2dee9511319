"""Metro 2, character format: where each field of header, base segment and trailer stands (1-based, inclusive).

From public descriptions of the format; the authority is the CDIA's guide, which was not read.
"""

from __future__ import annotations

from dataclasses import dataclass

RECORD = 426
"""Length of header, base segment and trailer, their descriptor word included."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field: name, first and last position, and how it is filled: n (zeros, right) or a (blanks, left)."""

    name: str
    start: int
    end: int
    kind: str

    @property
    def length(self) -> int:
        return self.end - self.start + 1


def _fields(text: str) -> tuple[Field, ...]:
    rows = (line.split() for line in text.strip().splitlines())
    return tuple(Field(name, int(start), int(end), kind) for name, start, end, kind in rows)


HEADER = _fields("""
rdw 1 4 n
identifier 5 10 a
cycle 11 12 a
innovis_id 13 22 a
equifax_id 23 32 a
experian_id 33 37 a
transunion_id 38 47 a
activity_date 48 55 n
created_date 56 63 n
program_date 64 71 n
program_revision_date 72 79 n
reporter_name 80 119 a
reporter_address 120 215 a
reporter_telephone 216 225 n
software_vendor 226 265 a
software_version 266 270 a
microbilt_id 271 280 a
reserved 281 426 a
""")

BASE = _fields("""
rdw 1 4 n
processing_indicator 5 5 n
timestamp 6 19 n
correction_indicator 20 20 n
identification_number 21 40 a
cycle 41 42 a
account_number 43 72 a
portfolio_type 73 73 a
account_type 74 75 a
date_opened 76 83 n
credit_limit 84 92 n
highest_credit 93 101 n
terms_duration 102 104 a
terms_frequency 105 105 a
scheduled_payment 106 114 n
actual_payment 115 123 n
account_status 124 125 a
payment_rating 126 126 a
payment_history 127 150 a
special_comment 151 152 a
compliance_condition 153 154 a
current_balance 155 163 n
amount_past_due 164 172 n
charge_off_amount 173 181 n
information_date 182 189 n
first_delinquency_date 190 197 n
date_closed 198 205 n
last_payment_date 206 213 n
interest_type 214 214 a
reserved 215 231 a
surname 232 256 a
first_name 257 276 a
middle_name 277 296 a
generation 297 297 a
ssn 298 306 n
birth_date 307 314 n
telephone 315 324 n
ecoa 325 325 a
information_indicator 326 327 a
country 328 329 a
address_1 330 361 a
address_2 362 393 a
city 394 413 a
state 414 415 a
zip 416 424 a
address_indicator 425 425 a
residence 426 426 a
""")

COUNTED_STATUSES = [
    "05",
    "11",
    "13",
    "61",
    "62",
    "63",
    "64",
    "65",
    "71",
    "78",
    "80",
    "82",
    "83",
    "84",
    "88",
    "89",
    "93",
    "94",
    "95",
    "96",
    "97",
]
"""The trailer counts these at 75-83 and every nine positions on."""

TRAILER = (
    *_fields("""
rdw 1 4 n
identifier 5 11 a
base_records 12 20 n
reserved_1 21 29 a
status_DF 30 38 n
j1_segments 39 47 n
j2_segments 48 56 n
blocks 57 65 n
status_DA 66 74 n
"""),
    *(Field(f"status_{status}", 75 + 9 * at, 83 + 9 * at, "n") for at, status in enumerate(COUNTED_STATUSES)),
    *_fields("""
ecoa_z 264 272 n
n1_segments 273 281 n
k1_segments 282 290 n
k2_segments 291 299 n
k3_segments 300 308 n
k4_segments 309 317 n
l1_segments 318 326 n
ssn_all 327 335 n
ssn_base 336 344 n
ssn_j1 345 353 n
ssn_j2 354 362 n
birth_all 363 371 n
birth_base 372 380 n
birth_j1 381 389 n
birth_j2 390 398 n
telephones 399 407 n
reserved_2 408 426 a
"""),
)
