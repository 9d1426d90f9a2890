"""Whether an address could be called at all; whether its host may be, the delivery decides with what it finds."""

from __future__ import annotations

from common import safe_fetch

LONGEST = 2_000


def fault(url: str) -> str | None:
    """What is wrong with it, in words that follow a field's name; None when nothing is."""
    if len(url) > LONGEST:
        return f"is too long (at most {LONGEST} characters)"
    try:
        safe_fetch.parse(url)
    except safe_fetch.NotFetchable:
        return "is not an http or https URL"
    return None
