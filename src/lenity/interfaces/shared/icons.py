"""The drawings of the design system: few, one stroke width, in the colour of the text around them."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

_LINE = 'fill="none" stroke="currentColor" stroke-width="1.5"'

DRAWINGS = {
    # Traffic light and states: told apart by shape.
    "open": '<circle cx="8" cy="8" r="7" fill="currentColor"/>'
    '<path d="m4.8 8.2 2.2 2.3 4.3-4.8" fill="none" stroke="var(--paper)" stroke-width="1.6"/>',
    "later": f'<circle cx="8" cy="8" r="6.25" {_LINE}/>'
    '<path d="M8 1.75a6.25 6.25 0 0 1 0 12.5z" fill="currentColor"/>',
    "closed": f'<circle cx="8" cy="8" r="6.25" {_LINE}/><path d="M4.5 8h7" {_LINE}/>',
    "done": '<circle cx="8" cy="8" r="5" fill="currentColor"/>',
    "unknown": f'<circle cx="8" cy="8" r="6.25" {_LINE} stroke-dasharray="2.4 2.1"/>',
    "error": '<path d="M8 1 15.5 14.5H.5z" fill="currentColor"/>'
    '<path d="M8 6v4M8 11.5v1.3" stroke="var(--paper)" stroke-width="1.5"/>',
    # Tabs.
    "home": f'<path d="M2.5 7 8 2.5 13.5 7v6.5h-11zM6.3 13.5V9.4h3.4v4.1" {_LINE}/>',
    "log": f'<path d="M3 3.5h10M3 8h10M3 12.5h6.5" {_LINE}/>',
    "verify": f'<path d="M8 1.8 13 3.6v4.2c0 3.2-2 5.4-5 6.4-3-1-5-3.2-5-6.4V3.6z" {_LINE}/>'
    f'<path d="m5.6 8 1.8 1.8 3.1-3.5" {_LINE}/>',
    "rights": f'<path d="M8 2.2v11.3M4.6 13.5h6.8M2.6 4.4h10.8M2.6 4.4 1.2 9h3.2zM13.4 4.4 11.6 9h3.2z" {_LINE}/>',
    "empty": f'<path d="M1.5 5h13M1.5 11h13" {_LINE}/>',
}


def svg(name: str, words: str = "") -> SafeString:
    """One drawing, inline. With `words` it is an image with a name, without it is hidden from screen readers."""
    body = mark_safe(DRAWINGS[name])
    if words:
        return format_html(
            '<svg viewBox="0 0 16 16" role="img" aria-label="{}" focusable="false">{}</svg>', words, body
        )
    return format_html('<svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">{}</svg>', body)
