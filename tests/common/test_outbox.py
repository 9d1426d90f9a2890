"""What must be told is a row of the transaction; the broker is only the doorbell (DESIGN §4 C)."""

import itertools
from datetime import UTC, datetime, timedelta
from queue import Empty

import pytest
from celery import Celery
from django.db import transaction
from django.utils import timezone

from astria_clone.celery import app
from common.jobs import outbox, relay
from common.jobs.models import Outbox
from tests.concurrency import together

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
_numbers = itertools.count(1_000_000)


@pytest.fixture
def ref():
    """A number that no other test publishes: the process's broker is shared by all."""
    return next(_numbers)


@pytest.fixture
def heard():
    """`heard(ref, wait=0)`: how often the broker was given this message; waits for the first so many seconds."""
    got = []

    def count(ref, *, wait=0.0):
        with app.connection_for_read() as connection, connection.SimpleQueue("default") as queue:
            while True:
                try:
                    message = queue.get(block=bool(wait) and ref not in got, timeout=wait or None)
                except Empty:
                    return got.count(ref)
                got.append(message.payload[1].get("ref"))
                message.ack()

    return count


@pytest.fixture
def broker_down():
    """A broker at an address where nobody listens."""
    down = Celery("down", broker="redis://127.0.0.1:1/0")
    down.conf.broker_transport_options = {"max_retries": 1, "interval_start": 0, "interval_step": 0}
    down.set_current()
    yield
    app.set_current()


def due(ref, **fields):
    return Outbox.objects.create(topic="test.topic", ref=ref, **({"next_at": NOW, "created_at": NOW} | fields))


# --- announcing


@pytest.mark.django_db(transaction=True)
def test_an_announcement_is_heard_right_after_commit(ref, heard):
    with transaction.atomic():
        outbox.announce("test.topic", ref=ref)
        assert heard(ref) == 0

    assert heard(ref, wait=5) == 1
    assert Outbox.objects.filter(ref=ref).count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_neither_kept_nor_heard(ref, heard):
    with transaction.atomic():
        outbox.announce("test.topic", ref=ref)
        transaction.set_rollback(True)
    outbox.announce("test.topic", ref=-ref)

    assert heard(-ref, wait=5) == 1
    assert heard(ref) == 0
    assert not Outbox.objects.filter(ref=ref).exists()


@pytest.mark.django_db(transaction=True)
def test_a_message_for_later_rings_no_bell(ref, heard):
    at = timezone.now() + timedelta(hours=1)
    outbox.announce("test.topic", ref=ref, at=at)
    outbox.announce("test.topic", ref=-ref)

    assert heard(-ref, wait=5) == 1
    assert heard(ref) == 0
    assert Outbox.objects.get(ref=ref).next_at == at


def test_the_relay_gives_the_accepting_process_two_seconds(db, ref):
    before = timezone.now()

    outbox.announce("test.topic", ref=ref)

    row = Outbox.objects.get(ref=ref)
    assert row.next_at - row.created_at == 2 * SECOND
    assert before <= row.created_at <= timezone.now()


def test_done_deletes_every_copy_of_one_message_and_no_other(db, ref):
    due(ref)
    due(ref, next_at=NOW + SECOND)
    other_ref, other_topic = (
        due(ref + 1_000),
        Outbox.objects.create(topic="test.other", ref=ref, next_at=NOW, created_at=NOW),
    )

    outbox.done("test.topic", ref=ref)

    assert set(Outbox.objects.all()) == {other_ref, other_topic}


# --- the relay


def test_the_relay_publishes_what_is_due_and_keeps_the_row(db, ref, heard):
    due(ref)

    assert relay.run_due(now=NOW) == 1

    assert heard(ref) == 1
    row = Outbox.objects.get(ref=ref)
    assert (row.tries, row.next_at) == (1, NOW + 2 * SECOND)


def test_the_relay_leaves_what_is_not_due(db, ref, heard):
    due(ref, next_at=NOW + SECOND)

    assert relay.run_due(now=NOW) == 0

    assert heard(ref) == 0
    assert Outbox.objects.get(ref=ref).tries == 0


def test_a_message_that_nobody_works_off_comes_again_ever_more_seldom(db, ref, heard):
    due(ref)
    now, waits = NOW, []

    for _ in range(10):
        assert relay.run_due(now=now) == 1
        after = Outbox.objects.get(ref=ref).next_at
        waits.append(int((after - now).total_seconds()))
        now = after

    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert heard(ref) == 10


def test_the_oldest_come_first_and_two_hundred_at_a_time(db, heard):
    Outbox.objects.bulk_create(
        Outbox(topic="test.topic", ref=-n, next_at=NOW - n * SECOND, created_at=NOW) for n in range(1, 251)
    )

    assert relay.run_due(now=NOW) == 200
    assert set(Outbox.objects.filter(tries=0).values_list("ref", flat=True)) == set(range(-50, 0))
    assert relay.run_due(now=NOW) == 50


def test_a_broker_that_is_down_takes_nothing_and_nothing_is_lost(db, ref, heard, broker_down):
    due(ref)

    assert relay.run_due(now=NOW) == 0
    assert Outbox.objects.filter(ref=ref).count() == 1

    app.set_current()
    assert relay.run_due(now=NOW + 2 * SECOND) == 1
    assert heard(ref) == 1


@pytest.mark.django_db(transaction=True)
def test_relays_that_run_at_once_publish_each_message_once(ref, heard):
    refs = [ref + 10_000 * n for n in range(20)]
    for each in refs:
        due(each)

    published = together(4, lambda _: relay.run_due(now=NOW))

    assert sum(published) == 20
    assert [heard(each) for each in refs] == [1] * 20
