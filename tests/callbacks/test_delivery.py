"""Messages to a real receiver on the loopback; time passes through `now=`."""

import json
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction
from standardwebhooks import Webhook

from callbacks import delivery, signing
from callbacks.models import Delivery
from common.errors import NotFound
from common.jobs import relay
from tests.callbacks.messages import NOW, announced, deliver, due
from tests.common.servers import answering, redirecting, serving

BODY = '{"prompt":{"id":42,"text":"ein Füchslein"}}'.encode()


# --- recording


def test_a_message_is_written_with_the_exact_text_that_will_be_sent(message_to):
    message = message_to("http://shop.example/hook?order=7&sig=%2B")

    assert message.body == BODY.decode()
    assert message.url == "http://shop.example/hook?order=7&sig=%2B"
    assert message.message_id.startswith("msg_")
    assert (message.status, message.tries, message.next_at) == ("queued", 0, NOW)
    assert [ref for ref, _ in announced()] == [message.pk]


def test_a_message_goes_with_the_transaction_it_was_written_in(alice, message_to):
    with transaction.atomic():
        message_to("http://shop.example/")
        transaction.set_rollback(True)

    assert not Delivery.objects.exists()
    assert announced() == []


def test_an_end_that_is_announced_twice_makes_one_message(message_to):
    first = message_to("http://shop.example/", ref=42)
    second = message_to("http://shop.example/", ref=42, body={"prompt": {"id": 42, "text": "later"}})

    assert second == first
    assert second.body == BODY.decode()
    assert len(announced()) == 1


# --- what is sent


def test_posts_the_body_to_the_address_as_it_was_given(message_to, receiver):
    server = receiver(200)
    message = message_to(server.url("/hook?order=7&sig=%2B%20a&x=a;b"))

    deliver(message)

    seen = server.seen[0]
    assert (seen.method, seen.path) == ("POST", "/hook?order=7&sig=%2B%20a&x=a;b")
    assert seen.body == BODY
    assert seen.headers["content-type"] == "application/json"
    assert seen.headers["user-agent"] == "astria-clone/1"
    assert not {"cookie", "authorization"} & set(seen.headers)


def test_the_receiver_can_verify_it_with_the_public_library(message_to, receiver):
    server = receiver(200)
    message = message_to(server.url())

    deliver(message)

    [secret] = signing.valid_secrets(workspace_id=message.workspace_id, now=NOW)
    with time_machine.travel(NOW, tick=False):
        assert Webhook(secret).verify(server.seen[0].body, server.seen[0].headers) == json.loads(BODY)
    assert server.seen[0].headers["webhook-id"] == message.message_id


def test_during_a_rotation_the_old_secret_still_verifies(message_to, receiver):
    server = receiver(200)
    message = message_to(server.url())
    [old] = signing.valid_secrets(workspace_id=message.workspace_id, now=NOW)
    new = signing.rotate(workspace_id=message.workspace_id, now=NOW)

    deliver(message)

    with time_machine.travel(NOW, tick=False):
        for secret in (old, new):
            assert Webhook(secret).verify(server.seen[0].body, server.seen[0].headers) == json.loads(BODY)


# --- answers


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_a_2xx_ends_it(message_to, receiver, status):
    server = receiver(status)

    message = deliver(message_to(server.url()))

    assert (message.status, message.tries, message.answer_status) == ("succeeded", 1, status)
    assert (message.last_error, message.next_at, message.lease_until) == ("", None, None)
    assert NOW <= message.delivered_at < NOW + timedelta(seconds=15)
    assert announced() == []


def test_a_delivered_message_is_not_sent_again(message_to, receiver):
    server = receiver(200)
    message = deliver(message_to(server.url()))

    deliver(message, now=NOW + timedelta(days=1))

    assert len(server.seen) == 1


def test_a_receiver_that_is_down_three_times_gets_it_on_the_fourth(message_to, receiver):
    server = receiver(500, 503, 404, 200)
    message = message_to(server.url())

    for _ in range(4):
        deliver(message, now=due(message))

    assert (message.status, message.tries, message.answer_status, message.strikes) == ("succeeded", 4, 200, 0)
    assert len({seen.headers["webhook-id"] for seen in server.seen}) == 1
    assert {seen.body for seen in server.seen} == {BODY}
    assert len({seen.headers["webhook-timestamp"] for seen in server.seen}) == 4


def test_a_failure_waits_its_turn_and_is_announced_for_then(message_to, receiver):
    server = receiver(500)

    message = deliver(message_to(server.url()))

    assert (message.status, message.tries, message.answer_status, message.last_error) == ("queued", 1, 500, "refused")
    assert NOW + timedelta(seconds=4) <= message.next_at <= NOW + timedelta(seconds=8)
    assert announced() == [(message.pk, message.next_at)]


def test_it_is_not_sent_before_its_time(message_to, receiver):
    server = receiver(500)
    message = deliver(message_to(server.url()))

    deliver(message, now=message.next_at - timedelta(milliseconds=1))

    assert len(server.seen) == 1
    assert message.status == "queued"
    assert len(announced()) == 1


def test_the_tenth_failure_is_the_end(message_to, receiver):
    server = receiver(500)
    message = message_to(server.url())

    for _ in range(9):
        deliver(message, now=due(message))
        assert message.status == "queued"
    deliver(message, now=due(message))

    assert (message.status, message.tries, message.last_error) == ("failed", 10, "refused")
    assert len(server.seen) == 10
    assert announced() == []


def test_410_stops_at_once(message_to, receiver):
    server = receiver(410)

    message = deliver(message_to(server.url()))

    assert (message.status, message.tries, message.answer_status, message.last_error) == ("failed", 1, 410, "gone")
    assert announced() == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_a_failure_and_never_followed(message_to, receiver, status):
    elsewhere = receiver(200)
    server = receiver(redirecting(elsewhere.url("/secret"), status))

    message = deliver(message_to(server.url()))

    assert (message.status, message.answer_status, message.last_error) == ("queued", status, "redirect")
    assert len(server.seen) == 1
    assert elsewhere.seen == []


def test_retry_after_puts_the_next_attempt_off(message_to, receiver):
    server = receiver(answering(429, retry_after="3600"))

    message = deliver(message_to(server.url()))

    assert NOW + timedelta(hours=1) <= message.next_at <= NOW + timedelta(hours=1, seconds=5)


def test_nothing_of_an_answers_body_is_kept(message_to, receiver):
    server = receiver(answering(500, b"canary-of-the-receiver"))

    message = deliver(message_to(server.url()))

    row = Delivery.objects.filter(pk=message.pk).values_list().get()
    assert "canary" not in repr(row)


def test_a_receiver_that_hangs_is_left_after_the_timeout(message_to, receiver, monkeypatch):
    monkeypatch.setattr(delivery, "TIMEOUT_S", 0.2)
    server = receiver(lambda request, server: server.closing.wait(10))

    message = deliver(message_to(server.url()))

    assert (message.status, message.answer_status, message.last_error) == ("queued", None, "unreachable")
    # The delay counts from the end of the attempt, or a slow failure would be tried again at once.
    assert message.next_at >= NOW + timedelta(seconds=4.2)


def test_an_answer_may_take_fifteen_seconds():
    assert delivery.TIMEOUT_S == 15


def test_an_address_inside_is_never_reached(message_to):
    with serving(answering(200)) as inside:
        message = deliver(message_to(inside.url()))

    assert inside.seen == []
    assert (message.status, message.answer_status, message.last_error) == ("queued", None, "unreachable")


# --- sending again


def test_the_owner_can_send_a_failed_message_again_with_the_same_id_and_body(message_to, receiver):
    server = receiver(410, 200)
    message = deliver(message_to(server.url()))
    later = NOW + timedelta(days=3)

    assert delivery.resend(delivery_id=message.pk, workspace_id=message.workspace_id, now=later) is True

    assert deliver(message, now=later).status == "succeeded"
    assert message.tries == 1
    assert server.seen[0].headers["webhook-id"] == server.seen[1].headers["webhook-id"]
    assert server.seen[0].body == server.seen[1].body


def test_a_message_that_is_still_being_tried_is_left_alone(message_to):
    message = message_to("http://shop.example/")

    assert delivery.resend(delivery_id=message.pk, workspace_id=message.workspace_id, now=NOW) is False

    assert len(announced()) == 1


def test_a_stranger_finds_no_message(message_to, receiver, bob):
    message = deliver(message_to(receiver(410).url()))

    with pytest.raises(NotFound):
        delivery.resend(delivery_id=message.pk, workspace_id=bob.personal_workspace.pk, now=NOW)

    message.refresh_from_db()
    assert message.status == "failed"
    assert announced() == []


# --- through the registered task


def test_the_task_works_off_what_was_announced(message_to, receiver, run_jobs):
    server = receiver(200)
    message = message_to(server.url())

    assert run_jobs() == [("callbacks.deliver", message.pk)]

    assert len(server.seen) == 1
    assert run_jobs() == []


def test_the_relay_announces_a_retry_when_its_time_has_come(message_to, receiver):
    message = deliver(message_to(receiver(500).url()))

    assert relay.run_due(now=message.next_at - timedelta(seconds=1)) == 0
    assert relay.run_due(now=message.next_at) == 1


# --- what the operator sees


def _said(*arguments) -> str:
    out = StringIO()
    call_command("deliveries", *arguments, stdout=out)
    return out.getvalue()


def test_a_private_address_leaves_a_line_in_the_log_without_the_query(message_to, caplog):
    message = message_to("http://127.0.0.1:9/hook?secret=7")

    with caplog.at_level("WARNING"):
        deliver(message)

    (line,) = [record for record in caplog.records if record.name == "callbacks.delivery"]
    assert line.levelname == "WARNING"
    assert line.getMessage() == f"{message} was not delivered to 127.0.0.1: address or port not permitted"


def test_a_refusal_leaves_a_line_in_the_log(message_to, receiver, caplog):
    message = message_to(receiver(500).url("/hook?secret=7"))

    with caplog.at_level("WARNING"):
        deliver(message)

    (line,) = [record.getMessage() for record in caplog.records if record.name == "callbacks.delivery"]
    assert line == f"{message} was not taken by 127.0.0.1: HTTP 500"


def test_lists_callbacks_newest_first_and_keeps_queries_to_itself(message_to, receiver):
    waiting = message_to("http://shop.example/hook?secret=7")
    gone = deliver(message_to(receiver(410).url("/gone?secret=7")))
    address = gone.url.partition("?")[0]

    lines = [
        f"{gone.pk}  2026-03-01 12:00  prompt {gone.ref}  {address}  failed, 1 try: gone (HTTP 410)",
        f"{waiting.pk}  2026-03-01 12:00  prompt {waiting.ref}  http://shop.example/hook  queued, 0 tries",
    ]
    assert _said().splitlines() == lines
    assert _said("--failed").splitlines() == lines[:1]
    assert _said("--limit", "1").splitlines() == lines[:1]


def test_sends_one_again_from_the_command_line(message_to, receiver):
    gone = deliver(message_to(receiver(410).url()))

    assert _said("--resend", str(gone.pk)) == f"Callback {gone.pk} is on its way again.\n"

    gone.refresh_from_db()
    assert (gone.status, gone.tries) == ("queued", 0)
    with pytest.raises(CommandError, match=r"It is still being tried\."):
        _said("--resend", str(gone.pk))
    with pytest.raises(CommandError, match=r"There is no such callback\."):
        _said("--resend", "999999")
