"""When a message is tried again (reliability.md §6.1). Jitter in the middle: chance = 0.5 is the plain delay."""

from datetime import UTC, datetime, timedelta

import pytest

from callbacks import schedule

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def after(tries, *, retry_after=None, chance=0.5):
    return schedule.next_at(schedule="standard", tries=tries, retry_after=retry_after, now=NOW, chance=lambda: chance)


@pytest.mark.parametrize(
    ("tries", "delay"),
    [
        (1, timedelta(seconds=5)),
        (2, timedelta(minutes=5)),
        (3, timedelta(minutes=30)),
        (4, timedelta(hours=2)),
        (5, timedelta(hours=5)),
        (6, timedelta(hours=10)),
        (7, timedelta(hours=14)),
        (8, timedelta(hours=20)),
        (9, timedelta(hours=24)),
    ],
)
def test_waits_longer_after_each_failure_give_or_take_a_fifth(tries, delay):
    assert after(tries) == NOW + delay
    assert after(tries, chance=0.0) == NOW + delay * 0.8
    assert after(tries, chance=1.0) == NOW + delay * 1.2


def test_the_tenth_failure_is_the_last():
    assert after(10) is None


def test_fals_ten_attempts_take_about_two_hours():
    delays = [
        schedule.next_at(schedule="hours", tries=n, retry_after=None, now=NOW, chance=lambda: 0.5) for n in range(1, 11)
    ]

    assert delays[-1] is None
    assert sum((moment - NOW for moment in delays[:-1]), timedelta()) == timedelta(hours=1, minutes=57, seconds=35)


@pytest.mark.parametrize(
    ("retry_after", "wait"),
    [
        ("120", timedelta(seconds=120)),
        (" 120 ", timedelta(seconds=120)),
        ("3", timedelta(seconds=5)),  # it puts off, it does not hurry
        ("86400", timedelta(hours=24)),
        ("86401", timedelta(hours=24)),
        ("9" * 400, timedelta(hours=24)),
        ("Sun, 01 Mar 2026 12:10:00 GMT", timedelta(minutes=10)),
        ("Sun, 01 Mar 2026 12:10:00", timedelta(minutes=10)),  # without a zone it can only be UTC
        ("Sun, 01 Mar 2026 11:00:00 GMT", timedelta(seconds=5)),
        ("Thu, 01 Jan 2099 00:00:00 GMT", timedelta(hours=24)),
        ("-5", timedelta(seconds=5)),
        ("soon", timedelta(seconds=5)),
        ("٣٠٠", timedelta(seconds=5)),
        ("", timedelta(seconds=5)),
    ],
)
def test_a_receiver_may_put_the_next_attempt_off_by_a_day_at_most(retry_after, wait):
    assert after(1, retry_after=retry_after) == NOW + wait


def test_a_receivers_wish_does_not_add_an_attempt():
    assert after(10, retry_after="60") is None


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (200, ""),
        (204, ""),
        (299, ""),
        (199, "refused"),
        (301, "redirect"),
        (302, "redirect"),
        (304, "redirect"),
        (308, "redirect"),
        (400, "refused"),
        (404, "refused"),
        (410, "gone"),
        (429, "refused"),
        (500, "refused"),
        (503, "refused"),
        (None, "unreachable"),
    ],
)
def test_only_2xx_takes_the_message(status, error):
    assert schedule.error_of(status) == error
