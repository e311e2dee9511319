"""The words of an evidence pack in one language: its own from a file, codes of ours as everywhere else."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import override

from lenity.base import dates
from lenity.interfaces.shared.templatetags import lenity

LANGUAGES = ("zh-hans", "en")


class Words:
    """Texts, instants and amounts of a pack as its reader writes them."""

    def __init__(self, language: str, zone: str) -> None:
        self.language = "zh-hans" if language.startswith("zh") else "en"
        self.half = "zh" if self.language == "zh-hans" else "en"
        self.zone = ZoneInfo(zone)
        self._texts: Mapping[str, Any] = _texts()[self.language]

    def __getitem__(self, name: str) -> str:
        return str(self._texts[name])

    def lines(self, name: str) -> list[str]:
        """A text of several lines."""
        return [str(one) for one in self._texts[name]]

    def of(self, group: str, code: str) -> str:
        """A code in the pack's own words; one that is not known stays as it is."""
        return str(self._texts[group].get(code, code))

    def word(self, code: str, kind: str) -> str:
        """A code in the words that pages have for it."""
        with override(self.language):
            return lenity.word(code, kind)

    def amount(self, minor: int, currency: str) -> str:
        """An amount with its currency."""
        with override(self.language):
            return lenity.amount(minor, currency)

    def day(self, text: str) -> str:
        """A day."""
        with override(self.language):
            return lenity.day(date.fromisoformat(text)) if text else ""

    def local(self, text: str) -> datetime | None:
        """An instant on the borrower's clock."""
        return dates.parse_instant(text).astimezone(self.zone) if text else None

    def instant(self, text: str) -> str:
        """An instant on the borrower's clock, to the minute, with its distance from UTC."""
        local = self.local(text)
        if local is None:
            return ""
        offset = local.strftime("%z")
        return f"{local:%Y-%m-%d %H:%M} (UTC{offset[:3]}:{offset[3:]})"

    def short(self, text: str) -> str:
        """The same without the distance."""
        local = self.local(text)
        return f"{local:%Y-%m-%d %H:%M}" if local else ""

    def article(self, article: str) -> str:
        """An article by its number; sections of American rules and house rules have names of their own."""
        plain = article.strip()
        if plain.replace("-", "").isdigit():
            return self["article"].format(article=plain)
        return plain.strip("-")

    def maker(self, by: Mapping[str, str]) -> str:
        """Who made a contact."""
        named = self.of("by_kind", by["kind"]).format(**by)
        return " ".join(named.replace("（工号 ）", "").replace("(staff no. )", "").split())


@cache
def _texts() -> Mapping[str, Any]:
    text = resources.files("lenity.interfaces.shared").joinpath("evidence_pack.toml").read_text("utf-8")
    return tomllib.loads(text)
