"""Nothing personal is logged: numbers, addresses, codes and tokens leave a record before it is written.

The last wall: code of ours logs ids and counts only, but a library's message may carry what a caller sent.
"""

from __future__ import annotations

import logging
import re

RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "[address]"),
    (re.compile(r"(?i)\b(bearer|authorization:?|cookie:?)\s+\S+"), r"\1 [token]"),
    (
        re.compile(r"(?i)\b((?:code|proof|password|token|mobile|sessionid)['\"]?\s*[=:]\s*)[^\s&,;}]+"),
        r"\1[hidden]",
    ),
    (re.compile(r"(?<![\dA-Za-z])\d{17}[\dXx](?![\dA-Za-z])"), "[identity number]"),
    (re.compile(r"(?<![\dA-Za-z.])\d{3}-\d{2}-\d{4}(?![\dA-Za-z])"), "[identity number]"),
    (re.compile(r"(?<![\dA-Za-z.])\+?\d[\d -]{8,16}\d(?![\dA-Za-z:]|\.\d)"), "[number]"),
    (re.compile(r"\b[2-9A-HJ-NP-Z]{40,}\b"), "[token]"),
)


class Scrubber(logging.Filter):
    """Rewrites a record's message, arguments put in, and the text of its exception."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every record passes, scrubbed."""
        record.msg, record.args = scrubbed(record.getMessage()), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = scrubbed(record.exc_text)
        return True


def scrubbed(text: str) -> str:
    """A text without what may be personal.

    >>> scrubbed("POST mobile=+8613800138000 from wang@example.com")
    'POST mobile=[hidden] from [address]'
    """
    for pattern, instead in RULES:
        text = pattern.sub(instead, text)
    return text
