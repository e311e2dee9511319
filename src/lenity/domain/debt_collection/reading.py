"""A text as screening reads it: half width, one case, simplified signs, nothing hidden between the signs of a word.

Each sign keeps its place in the text as it was written, so that what is found can be quoted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

STOPS = "。！？；;?!\n"
_LOOK_ALIKES = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "@": "a", "$": "s", "’": "'"})
_TRADITIONAL = str.maketrans(
    "賴諾還錢債訴訟師執凍結賬戶帳號單親屬鄰領導給轉專員癡騙無恥丟臉殺滅獄門後負傳銀紅燒們這個會讓來從",
    "赖诺还钱债诉讼师执冻结账户账号单亲属邻领导给转专员痴骗无耻丢脸杀灭狱门后负传银红烧们这个会让来从",
)
_SPACED = re.compile(r"(?<![A-Za-z])(?:[A-Za-z][\s.\-*_·]){2,}[A-Za-z](?![A-Za-z])")
_MASKED = re.compile(r"(?<![\w@$])(?=\w*[a-z@$])(?=\w*[0-9@$])[a-z0-9@$]{4,}(?![\w@$])")


@dataclass(frozen=True)
class Reading:
    """A text as it is matched, with the place in the original of each of its signs."""

    text: str
    places: tuple[int, ...]


def plain(text: str) -> Reading:
    """Half width, no case, simplified where it matters, nothing invisible."""
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        if unicodedata.category(sign) in ("Cf", "Mn"):
            continue
        for plain in unicodedata.normalize("NFKC", sign).casefold().translate(_TRADITIONAL):
            signs.append("'" if plain in "’‘" else plain)
            places.append(place)
    return Reading("".join(signs), tuple(places))


def squeezed(plain: Reading) -> Reading:
    """The same without what was put between the signs of a word, and with digits read as the letters they mimic."""
    text = _MASKED.sub(lambda match: match.group().translate(_LOOK_ALIKES), plain.text)
    drop: set[int] = set()
    for match in _SPACED.finditer(text):
        drop |= {at for at in range(match.start(), match.end()) if not text[at].isalnum()}
    for at, sign in enumerate(text):
        if not sign.isalnum() and sign not in STOPS and _between_han(text, at):
            drop.add(at)
    kept = [at for at in range(len(text)) if at not in drop]
    return Reading("".join(text[at] for at in kept), tuple(plain.places[at] for at in kept))


def sounded(tight: Reading, pairs: Sequence[tuple[str, str]]) -> Reading:
    """The same with words that are written as they sound read as what they mean; places stay."""
    text = tight.text
    for written, meant in pairs:
        text = text.replace(written, meant)
    return Reading(text, tight.places)


def _between_han(text: str, at: int) -> bool:
    left = next((sign for sign in reversed(text[max(0, at - 3) : at]) if sign.isalnum()), "")
    right = next((sign for sign in text[at + 1 : at + 4] if sign.isalnum()), "")
    return bool(left and right) and left > "\u2e7f" and right > "\u2e7f"
