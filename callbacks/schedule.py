"""When a message is tried again, and when not; pure: clock and chance are passed in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from callbacks.models import Delivery

DELAYS: dict[str, Sequence[timedelta]] = {
    Delivery.Schedule.STANDARD: (
        timedelta(seconds=5),
        timedelta(minutes=5),
        timedelta(minutes=30),
        timedelta(hours=2),
        timedelta(hours=5),
        timedelta(hours=10),
        timedelta(hours=14),
        timedelta(hours=20),
        timedelta(hours=24),
    ),
    Delivery.Schedule.HOURS: (
        timedelta(seconds=5),
        timedelta(seconds=30),
        timedelta(minutes=1),
        timedelta(minutes=3),
        timedelta(minutes=6),
        timedelta(minutes=12),
        timedelta(minutes=20),
        timedelta(minutes=30),
        timedelta(minutes=45),
    ),
}
JITTER = 0.2  # either way, so that messages that failed together do not come back together
RETRY_AFTER_MAX = timedelta(hours=24)


def error_of(status: int | None) -> str:
    """What an answer's status means as a `Delivery.Error`; "" when the message was taken. None: there was no answer."""
    if status is None:
        return Delivery.Error.UNREACHABLE
    if 200 <= status < 300:
        return ""
    if status == 410:  # Gone: the receiver says that it wants no more of this
        return Delivery.Error.GONE
    return Delivery.Error.REDIRECT if 300 <= status < 400 else Delivery.Error.REFUSED


def next_at(
    *, schedule: str, tries: int, retry_after: str | None, now: datetime, chance: Callable[[], float]
) -> datetime | None:
    """The moment of the next attempt after `tries` that failed; None after the last.

    `chance` gives numbers in 0…1. A receiver's `Retry-After` can put the attempt off, by a day at most.
    """
    delays = DELAYS[schedule]
    if tries > len(delays):
        return None
    jittered = delays[tries - 1] * (1 - JITTER + 2 * JITTER * chance())
    return now + max(jittered, min(wait_asked_for(retry_after, now=now), RETRY_AFTER_MAX))


def wait_asked_for(retry_after: str | None, *, now: datetime) -> timedelta:
    """`Retry-After` as a length of time: seconds, or a date (RFC 9110 §10.2.3); zero when it is neither or past."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:10]), int(RETRY_AFTER_MAX.total_seconds())))
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return timedelta()
    return max((at if at.tzinfo else at.replace(tzinfo=UTC)) - now, timedelta())
