"""Filters for words and figures that come from code and have to be shown to people."""

from __future__ import annotations

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from common.money import cents_of_mc

register = template.Library()
_CODE = re.compile(r"`([^`]+)`")


@register.filter
def prose(text: str) -> SafeString:
    """Plain text whose `words in backticks` become code."""
    return mark_safe(_CODE.sub(r"<code>\1</code>", escape(text)))  # noqa: S308  escaped just before


@register.filter
def breakable(path: str) -> SafeString:
    """A path that a narrow column may break after a slash."""
    return mark_safe(escape(path).replace("/", "/<wbr>"))  # noqa: S308  escaped just before


@register.filter
def cents(mc: int) -> str:
    """Millicents as people read them: 14000 → "14¢", 2875 → "2.875¢"."""
    return f"{cents_of_mc(mc):,}¢"
