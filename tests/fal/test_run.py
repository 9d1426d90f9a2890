"""Requests that wait: the synchronous run, and streams."""

from __future__ import annotations

import json
import socket
import threading
from itertools import count

import pytest
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

from billing import ledger
from dialects.fal import waiting
from prompts.models import Prompt
from tests.fal.conftest import MONEY_MC, WAN


@pytest.fixture
def worker(run_jobs, monkeypatch):
    """Whatever waits finds that somebody worked meanwhile."""
    monkeypatch.setattr(waiting, "sleep", lambda _seconds: run_jobs())


def events(answer):
    text = b"".join(answer.streaming_content).decode()
    return [json.loads(event.removeprefix("data: ")) for event in text.strip().split("\n\n")]


def test_a_run_answers_with_the_result(fal, words, worker, alice):
    answer = fal.send("POST", f"/fal/run/{WAN}", words)

    prompt = Prompt.objects.get()
    assert (answer.status_code, set(answer.json())) == (200, {"video", "seed"})
    assert answer["x-fal-request-id"] == str(prompt.request_id)
    assert answer["x-fal-billable-units"] == "1"
    assert ledger.balance_mc(alice.personal_workspace.pk) == MONEY_MC - 40_000


def test_what_is_wrong_is_told_at_once(fal):
    assert fal.send("POST", f"/fal/run/{WAN}", {"prompt": "x"}).status_code == 422


def test_a_stream_ends_with_the_result(fal, words, worker):
    answer = fal.send("POST", f"/fal/run/{WAN}/stream", words, Accept="text/event-stream")

    assert answer.headers["Content-Type"] == "text/event-stream"
    first, *_, last = events(answer)
    assert (first["status"], set(last)) == ("IN_QUEUE", {"video", "seed"})


def test_a_status_stream_ends_with_the_end(fal, words, worker):
    told = fal.submitted(**words)

    shown = events(fal.of(told["request_id"], "/status/stream?logs=1"))

    assert [each["status"] for each in shown] == ["IN_QUEUE", "COMPLETED"]
    assert shown[-1]["logs"][-1]["message"].startswith("Finished in ")


def test_a_silent_stream_says_that_it_is_there(fal, words, monkeypatch, run_jobs):
    clock = count(step=8)  # seconds between two looks at it
    monkeypatch.setattr(waiting, "monotonic", lambda: next(clock))
    monkeypatch.setattr(waiting, "sleep", lambda _seconds: None)
    told = fal.submitted(**words)
    stream = fal.of(told["request_id"], "/status/stream").streaming_content

    first, second = next(stream), next(stream)

    assert (first[:6], second) == (b"data: ", b": still there\n\n")
    run_jobs()
    (last,) = stream
    assert json.loads(last.removeprefix(b"data: "))["status"] == "COMPLETED"


def test_at_most_half_of_the_threads_wait_and_the_rest_are_told_so(fal, words, settings, alice):
    held = [waiting.Place() for _ in range(settings.WEB_THREADS // 2)]

    run = fal.send("POST", f"/fal/run/{WAN}", words)
    stream = fal.send("POST", f"/fal/run/{WAN}/stream", words)

    assert {run.status_code, stream.status_code} == {429}
    assert ledger.balance_mc(alice.personal_workspace.pk) == MONEY_MC, "nothing is charged"
    assert fal.submit(**words).status_code == 200, "the queue takes it all the same"
    for place in held:
        place.leave()


def test_a_place_is_given_back_whatever_happens(fal, words, worker, settings):
    for _ in range(settings.WEB_THREADS):
        assert fal.send("POST", f"/fal/run/{WAN}", words).status_code == 200
        assert fal.send("POST", f"/fal/run/{WAN}/stream", {}).status_code == 422
        unread = fal.send("POST", f"/fal/run/{WAN}/stream", words)
        for close in unread._resource_closers:  # what the server does when the receiver is gone
            close()
    free = [waiting.Place() for _ in range(settings.WEB_THREADS // 2)]
    for place in free:
        place.leave()


@pytest.mark.django_db(transaction=True)
def test_a_run_waits_for_a_worker_of_another_process(fal, words, run_jobs):
    answers = []

    def ask():
        answers.append(fal.send("POST", f"/fal/run/{WAN}", words))
        connection.close()

    asking = threading.Thread(target=ask)
    asking.start()
    while asking.is_alive():
        run_jobs()
        asking.join(0.05)

    assert answers[0].status_code == 200


def test_who_hangs_up_gets_the_price_back_and_the_place_is_free(fal, words, settings, alice, monkeypatch):
    monkeypatch.setattr(waiting, "is_gone", lambda _request: True)

    for _ in range(settings.WEB_THREADS):
        assert fal.send("POST", f"/fal/run/{WAN}", words).status_code == 499

    assert ledger.balance_mc(alice.personal_workspace.pk) == MONEY_MC


def test_a_closed_connection_is_seen():
    ours, theirs = socket.socketpair()
    request = RequestFactory().get("/")
    request.META["gunicorn.socket"] = ours

    assert waiting.is_gone(request) is False
    theirs.send(b"the next request")
    assert waiting.is_gone(request) is False
    ours.recv(100)
    theirs.close()
    assert waiting.is_gone(request) is True
    ours.close()


def test_a_stream_ends_when_its_prompt_is_deleted(fal, words, monkeypatch):
    told = fal.submitted(**words)
    monkeypatch.setattr(waiting, "sleep", lambda _seconds: Prompt.objects.update(deleted_at=timezone.now()))

    assert len(events(fal.of(told["request_id"], "/status/stream"))) == 1
