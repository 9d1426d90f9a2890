"""Many receivers and many workers at once: the slow delay nobody else, the dead lose nothing."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections

from callbacks import delivery
from callbacks.models import Delivery
from tests.callbacks.messages import NOW, announced, deliver
from tests.common.servers import answering

# --- fairness


def hang_until(release):
    def handler(request, server):
        release.wait(10)
        answering(200)(request, server)

    return handler


def in_thread(message):
    def run():
        try:
            delivery.deliver(delivery_id=message.pk, worker="test", now=NOW)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def wait_for(condition):
    for _ in range(1_000):
        if condition():
            return
        threading.Event().wait(0.01)
    pytest.fail("did not happen within 10 s")


@pytest.mark.django_db(transaction=True)
def test_a_slow_receiver_holds_two_threads_and_does_not_delay_others(message_to, receiver):
    release = threading.Event()
    slow, quick = receiver(hang_until(release)), receiver(200)
    slow_messages = [message_to(slow.url(f"/{n}", host="127.0.0.1")) for n in range(3)]
    other = message_to(quick.url(host="localhost"))
    threads = [in_thread(message) for message in slow_messages[:2]]
    wait_for(lambda: len(slow.seen) == 2)

    third = deliver(slow_messages[2])
    other = deliver(other)

    assert other.status == "succeeded"
    assert len(slow.seen) == 2
    assert (third.status, third.tries, third.strikes) == ("queued", 0, 0)
    assert NOW + timedelta(seconds=1) <= third.next_at <= NOW + timedelta(seconds=3)
    assert announced() == [(third.pk, third.next_at)]

    release.set()
    for thread in threads:
        thread.join()
    assert deliver(third, now=third.next_at).status == "succeeded"


@pytest.mark.django_db(transaction=True)
def test_a_server_that_hangs_for_one_workspace_hears_from_another_at_once(message_to, receiver, bob):
    release = threading.Event()
    shared = receiver(
        lambda request, server: (hang_until(release) if "slow" in request.path else answering(200))(request, server)
    )
    threads = [in_thread(message_to(shared.url("/slow"))) for _ in range(2)]
    wait_for(lambda: len(shared.seen) == 2)

    bobs = deliver(message_to(shared.url("/quick"), workspace_id=bob.personal_workspace.pk))

    release.set()
    for thread in threads:
        thread.join()
    assert bobs.status == "succeeded"


@pytest.mark.django_db(transaction=True)
def test_a_workspace_with_many_slow_receivers_holds_four_threads(message_to, receiver, bob):
    release = threading.Event()
    hosts = ["127.0.0.1", "localhost", "127.0.0.1", "localhost"]
    slow = receiver(hang_until(release))
    threads = [in_thread(message_to(slow.url(host=host))) for host in hosts]
    wait_for(lambda: len(slow.seen) == 4)
    quick = receiver(200)

    fifth = deliver(message_to(quick.url(host="[::ffff:127.0.0.1]")))
    bobs = deliver(
        message_to(quick.url(host="[::ffff:127.0.0.1]"), workspace_id=bob.personal_workspace.pk),
    )

    release.set()
    for thread in threads:
        thread.join()
    assert (fifth.status, fifth.tries) == ("queued", 0)
    assert bobs.status == "succeeded"


@pytest.mark.django_db(transaction=True)
def test_no_transaction_and_no_pooled_connection_waits_for_a_receiver(message_to, receiver):
    ours, seen = connections["default"], []

    def look(request, server):
        seen.append((ours.in_atomic_block, ours.connection is not None))
        answering(200)(request, server)

    assert deliver(message_to(receiver(look).url())).status == "succeeded"

    assert seen == [(False, connection.vendor == "sqlite")]  # SQLite has no pool, and opening a file anew is a waste


# --- workers that die


def test_two_workers_with_the_same_message_send_it_once(message_to, receiver):
    server = receiver(200)
    message = message_to(server.url())
    assert delivery._claim(message.pk, worker="other", now=NOW) == 1

    deliver(message)

    assert server.seen == []
    assert (message.status, message.worker) == ("running", "other")


def test_a_message_whose_worker_died_comes_back_after_its_lease(message_to, receiver):
    server = receiver(200)
    message = message_to(server.url())
    delivery._claim(message.pk, worker="dead", now=NOW)
    assert announced() == []

    delivery.sweep(NOW + timedelta(seconds=60))
    assert announced() == []
    delivery.sweep(NOW + timedelta(seconds=61))

    assert [ref for ref, _ in announced()] == [message.pk]
    assert deliver(message, now=NOW + timedelta(seconds=61)).status == "succeeded"
    assert (message.attempt, message.strikes, message.tries) == (2, 1, 1)


def test_three_deaths_in_a_row_end_it(message_to):
    message, now = message_to("http://shop.example/"), NOW

    for _ in range(3):
        assert delivery._claim(message.pk, worker="dead", now=now) is not None
        now += timedelta(seconds=61)
        delivery.sweep(now)

    message.refresh_from_db()
    assert (message.status, message.last_error, message.attempt) == ("failed", "worker_died", 3)
    assert announced() == []


def test_an_attempt_that_was_lived_through_wipes_earlier_deaths_out(message_to, receiver):
    server = receiver(500)
    message = message_to(server.url())
    Delivery.objects.filter(pk=message.pk).update(strikes=2)

    deliver(message)

    assert (message.status, message.strikes, message.tries) == ("queued", 0, 1)


def test_a_late_worker_changes_nothing(message_to, receiver):
    server = receiver(500)
    message = message_to(server.url())
    late = delivery._claim(message.pk, worker="late", now=NOW)
    after = NOW + timedelta(seconds=61)
    delivery._claim(message.pk, worker="next", now=after)
    message.refresh_from_db()

    delivery._attempt(message, attempt=late, now=after)

    message.refresh_from_db()
    assert (message.status, message.worker, message.tries, message.last_error) == ("running", "next", 0, "")
    assert announced() == []
