"""The one lease machine (DESIGN §4 D), tried on deliveries: any room's jobs are worked off the same way."""

from datetime import UTC, datetime, timedelta

import pytest

from callbacks.models import Delivery
from common.jobs import lease, outbox
from common.jobs.models import Outbox
from tests.concurrency import together

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LEASE = timedelta(seconds=60)
SECOND = timedelta(seconds=1)
TOPIC = "callbacks.deliver"


@pytest.fixture
def job(alice):
    """`job(status="running", …)`: a job as it stands in the table; queued since NOW unless told otherwise."""
    numbers = iter(range(1, 1_000))

    def make(**fields):
        number = next(numbers)
        row = {
            "workspace": alice.personal_workspace,
            "message_id": f"msg_{number}",
            "url": "http://shop.example/",
            "kind": "prompt",
            "ref": number,
            "dialect": "astria",
            "created_at": NOW,
            "next_at": NOW,
        }
        return Delivery.objects.create(**(row | fields))

    return make


def claim(row, *, now=NOW, worker="w"):
    return lease.claim(Delivery, pk=row.pk, worker=worker, now=now)


def state(row):
    row.refresh_from_db()
    return row.status, row.attempt, row.strikes


def announcements(row):
    return list(Outbox.objects.filter(topic=TOPIC, ref=row.pk).values_list("next_at", flat=True))


# --- claiming


def test_a_claim_takes_the_job_for_a_minute(job):
    row = job()

    assert claim(row, worker="gpu-1:77") == 1

    assert state(row) == ("running", 1, 0)
    assert (row.worker, row.lease_until) == ("gpu-1:77", NOW + LEASE)


def test_a_claimed_job_is_nobody_elses_while_its_lease_holds(job):
    row = job()
    claim(row)

    assert claim(row, now=NOW + LEASE) is None

    assert state(row) == ("running", 1, 0)


def test_a_silent_workers_job_can_be_claimed_and_costs_a_strike(job):
    row = job()
    claim(row, worker="silent")

    assert claim(row, now=NOW + LEASE + SECOND, worker="next") == 2

    assert state(row) == ("running", 2, 1)
    assert row.worker == "next"


def test_a_job_is_not_claimed_before_its_time(job):
    row = job(next_at=NOW + SECOND)

    assert claim(row) is None
    assert state(row) == ("queued", 0, 0)
    assert claim(row, now=NOW + SECOND) == 1


@pytest.mark.parametrize("status", ["waiting", "succeeded", "failed", "cancelled"])
def test_only_queued_and_silent_jobs_are_claimed(job, status):
    row = job(status=status, lease_until=NOW - LEASE)

    assert claim(row) is None

    assert state(row) == (status, 0, 0)


def test_a_job_with_three_strikes_is_not_claimed(job):
    row = job(strikes=3)

    assert claim(row) is None

    assert state(row) == ("queued", 0, 3)


def test_an_expired_lease_that_would_be_the_third_strike_is_left_to_the_sweeper(job):
    row = job(status="running", attempt=3, strikes=2, lease_until=NOW - SECOND)

    assert claim(row) is None

    assert state(row) == ("running", 3, 2)


def test_a_workers_long_name_is_cut_to_the_column(job):
    row = job()

    claim(row, worker="n" * 200)

    row.refresh_from_db()
    assert row.worker == "n" * 80


@pytest.mark.django_db(transaction=True)
def test_of_twenty_workers_that_claim_at_once_one_gets_the_job(job):
    row = job()

    attempts = together(20, lambda n: claim(row, worker=f"w{n}"))

    assert sorted(attempts, key=str) == [1, *[None] * 19]
    assert state(row) == ("running", 1, 0)


@pytest.mark.django_db(transaction=True)
def test_of_twenty_workers_that_find_a_silent_job_one_takes_it_over(job):
    row = job(status="running", attempt=1, lease_until=NOW - SECOND)

    attempts = together(20, lambda n: claim(row, worker=f"w{n}"))

    assert sorted(attempts, key=str) == [2, *[None] * 19]
    assert state(row) == ("running", 2, 1)


# --- holding


def test_a_beat_keeps_the_lease(job):
    row = job()
    claim(row)

    assert lease.beat(Delivery, pk=row.pk, attempt=1, now=NOW + LEASE - SECOND) is True

    assert claim(row, now=NOW + 2 * LEASE - SECOND) is None
    assert claim(row, now=NOW + 2 * LEASE) == 2


def test_a_stale_worker_is_fenced_off(job):
    row = job()
    claim(row)
    claim(row, now=NOW + LEASE + SECOND, worker="next")

    assert lease.beat(Delivery, pk=row.pk, attempt=1, now=NOW + 2 * LEASE) is False
    assert lease.write(Delivery, pk=row.pk, attempt=1, last_error="refused") is False
    assert lease.hand_back(Delivery, topic=TOPIC, pk=row.pk, attempt=1, next_at=NOW + 3 * LEASE, strike=True) is False

    assert state(row) == ("running", 2, 1)
    assert (row.worker, row.last_error, row.lease_until) == ("next", "", NOW + 2 * LEASE + SECOND)
    assert announcements(row) == []


@pytest.mark.parametrize("status", ["succeeded", "failed", "cancelled", "queued"])
def test_a_job_that_was_ended_or_taken_back_hears_no_more_of_its_worker(job, status):
    row = job()
    claim(row)
    Delivery.objects.filter(pk=row.pk).update(status=status)

    assert lease.beat(Delivery, pk=row.pk, attempt=1, now=NOW) is False

    assert state(row) == (status, 1, 0)


# --- handing back


def test_a_job_handed_back_waits_without_a_strike(job):
    row = job()
    claim(row)

    assert lease.hand_back(Delivery, topic=TOPIC, pk=row.pk, attempt=1, next_at=NOW + LEASE, strike=False) is True

    assert state(row) == ("queued", 1, 0)
    assert (row.next_at, row.lease_until) == (NOW + LEASE, None)
    assert announcements(row) == [NOW + LEASE]
    assert claim(row, now=NOW + LEASE - SECOND) is None
    assert claim(row, now=NOW + LEASE) == 2


def test_a_job_that_died_is_handed_back_with_a_strike(job):
    row = job()
    claim(row)

    lease.hand_back(Delivery, topic=TOPIC, pk=row.pk, attempt=1, next_at=NOW, strike=True)

    assert state(row) == ("queued", 1, 1)


# --- sweeping


def sweep(now):
    return [(dead.pk, dead.attempt) for dead in lease.sweep(Delivery, topic=TOPIC, now=now)]


def test_the_sweeper_takes_an_expired_lease_back_and_announces_the_job(job):
    row = job()
    claim(row)

    assert sweep(NOW + LEASE + SECOND) == []

    assert state(row) == ("queued", 1, 1)
    assert len(announcements(row)) == 1
    assert claim(row, now=NOW + LEASE + SECOND) == 2


def test_the_sweeper_leaves_a_held_lease_alone(job):
    row = job()
    claim(row)

    assert sweep(NOW + LEASE) == []

    assert state(row) == ("running", 1, 0)
    assert announcements(row) == []


def test_a_job_that_kills_its_worker_is_started_three_times_and_then_reported(job):
    row, now = job(), NOW
    starts = 0

    while claim(row, now=now) is not None:
        starts += 1
        now += LEASE + SECOND
        dead = sweep(now)

    assert starts == 3
    assert dead == [(row.pk, 3)]
    assert state(row) == ("running", 3, 2)  # its end is the room's to write


def test_a_job_that_was_handed_back_with_three_strikes_is_reported(job):
    row = job(strikes=2)
    claim(row)
    lease.hand_back(Delivery, topic=TOPIC, pk=row.pk, attempt=1, next_at=NOW, strike=True)

    assert sweep(NOW) == [(row.pk, 1)]


@pytest.mark.parametrize("next_at", [NOW - timedelta(seconds=61), None])
def test_a_queued_job_that_nobody_announces_is_announced(job, next_at):
    row = job(next_at=next_at)

    sweep(NOW)
    sweep(NOW)

    assert len(announcements(row)) == 1
    assert state(row) == ("queued", 0, 0)


def test_a_queued_job_is_given_a_minute_before_it_counts_as_lost(job):
    row = job(next_at=NOW - timedelta(seconds=60))

    sweep(NOW)

    assert announcements(row) == []


def test_a_job_that_is_announced_already_is_not_announced_again(job):
    row = job(next_at=NOW - timedelta(hours=1))
    outbox.announce(TOPIC, ref=row.pk, at=NOW + timedelta(hours=1))

    sweep(NOW)

    assert announcements(row) == [NOW + timedelta(hours=1)]


def test_an_announcement_of_another_topic_does_not_count(job):
    row = job(next_at=NOW - timedelta(hours=1))
    outbox.announce("prompts.render", ref=row.pk)

    sweep(NOW)

    assert len(announcements(row)) == 1


@pytest.mark.parametrize("status", ["waiting", "succeeded", "failed", "cancelled"])
def test_what_waits_or_has_ended_is_not_announced(job, status):
    row = job(status=status, next_at=NOW - timedelta(hours=1), lease_until=NOW - timedelta(hours=1))

    assert sweep(NOW) == []

    assert state(row) == (status, 0, 0)
    assert announcements(row) == []
