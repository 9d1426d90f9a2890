"""The embedded broker: a folder whose messages and tables are never seen half-written."""

import json
import threading
from queue import Empty

import pytest
from kombu import Connection, Exchange, Queue

from astria_clone.celery import app
from common.jobs import folder_broker

# A process remembers what it has bound, whatever the folder: every test has queues of its own.


@pytest.fixture
def connect(tmp_path):
    """`connect()`: another process's connection to the same folder."""
    options = {"polling_interval": 0.001}
    for name, option in (("queue", "data_folder_in"), ("queue", "data_folder_out"), ("control", "control_folder")):
        (tmp_path / name).mkdir(exist_ok=True)
        options[option] = str(tmp_path / name)
    return lambda: Connection("filesystem://", transport_options=options)


def test_the_product_uses_it_for_the_embedded_broker():
    assert type(app.connection("filesystem://").transport) is folder_broker.Transport


def test_what_is_put_is_got_once_and_in_turn(connect):
    with connect() as ours, connect() as theirs:
        for number in range(12):
            ours.SimpleQueue("once").put({"n": number})
        queue = theirs.SimpleQueue("once")
        got = [queue.get(timeout=1) for _ in range(12)]

        assert [message.payload["n"] for message in got] == list(range(12))
        with pytest.raises(Empty):
            queue.get(block=False)


def test_queues_keep_their_messages_apart(connect):
    with connect() as connection:
        connection.SimpleQueue("render").put("for render")

        with pytest.raises(Empty):
            connection.SimpleQueue("light").get(block=False)
        assert connection.SimpleQueue("render").get(block=False).payload == "for render"


def test_a_consumer_never_sees_a_message_that_is_still_being_written(connect):
    looks = []

    class Slow:
        def __json__(self):
            """Called in the middle of writing."""
            with pytest.raises(Empty):
                theirs.get(block=False)
            looks.append("nothing there yet")
            return "written"

    with connect() as one, connect() as other:
        theirs = other.SimpleQueue("slow")
        one.SimpleQueue("slow").put("text", headers={"slow": Slow()})
        message = theirs.get(timeout=1)

    assert looks == ["nothing there yet"]
    assert (message.payload, message.headers) == ("text", {"slow": "written"})


def test_bindings_that_are_made_at_once_are_all_kept(connect, tmp_path):
    start = threading.Barrier(8)

    def bind(number):
        with connect() as connection:
            channel = connection.channel()
            start.wait()
            for n in range(20):
                Queue(f"q-{number}-{n}", Exchange("shared"), routing_key=f"r-{number}-{n}")(channel).declare()

    threads = [threading.Thread(target=bind, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    bound = json.loads((tmp_path / "control" / "shared.exchange").read_text())
    assert sorted(queue for _, _, queue in bound) == sorted(f"q-{a}-{b}" for a in range(8) for b in range(20))
