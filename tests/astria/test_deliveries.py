"""The owner's log of what their server was told."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from standardwebhooks import Webhook

from callbacks import delivery
from callbacks.models import Delivery
from tests.astria.http import api_of


@pytest.fixture
def told(alice, api):
    """Three messages: one on its way, one taken, one given up."""
    for ref, status in enumerate(("queued", "succeeded", "failed"), start=1):
        made = delivery.record(
            workspace_id=alice.personal_workspace.pk, url=f"https://example.com/{ref}", body={"prompt": {"id": ref}},
            kind="prompt", ref=ref, dialect="astria", now=timezone.now(),
        )  # fmt: skip
        Delivery.objects.filter(pk=made.pk).update(status=status, tries=2, answer_status=503)
    return list(Delivery.objects.order_by("pk"))


def test_the_log_is_newest_first_without_bodies(api, told):
    found = api.get("/callbacks").json()

    assert [each["ref"] for each in found] == [3, 2, 1]
    assert (found[0]["status"], found[0]["tries"], found[0]["answer_status"]) == ("failed", 2, 503)
    assert found[0]["webhook_id"] == told[2].message_id
    assert "body" not in found[0]


def test_the_log_is_narrowed(api, told):
    assert [each["ref"] for each in api.get("/callbacks", status="failed").json()] == [3]
    assert [each["ref"] for each in api.get("/callbacks", ref="2").json()] == [2]
    assert api.get("/callbacks", kind="tune").json() == []
    assert api.get("/callbacks", status="sent").json() == {
        "status": ["must be one of queued, running, succeeded, failed"]
    }
    assert [each["ref"] for each in api.get("/callbacks", before_id=str(told[2].pk), limit="1").json()] == [2]


def test_one_message_is_shown_to_the_byte(api, told):
    assert json.loads(api.get(f"/callbacks/{told[0].pk}").json()["body"]) == {"prompt": {"id": 1}}


def test_an_ended_message_is_sent_again_under_its_old_name(api, told, run_jobs, receiver):
    server = receiver(200)
    Delivery.objects.filter(pk=told[2].pk).update(url=server.url("/again"))

    answer = api.post(f"/callbacks/{told[2].pk}/resend")
    run_jobs()

    assert (answer.status_code, answer.json()["status"]) == (202, "queued")
    (seen,) = [seen for seen in server.seen if seen.path == "/again"]
    assert seen.headers["webhook-id"] == told[2].message_id
    assert api.get(f"/callbacks/{told[2].pk}").json()["status"] == "succeeded"


def test_one_that_is_still_tried_is_not_sent_twice(api, told):
    answer = api.post(f"/callbacks/{told[0].pk}/resend")

    assert (answer.status_code, answer.json()["message"]) == (409, "This message is still being tried.")


def test_a_new_secret_signs_beside_the_old_one_for_a_day(api, told, run_jobs, receiver, time_machine):
    server = receiver(200)
    old = api.get("/callbacks/secret").json()["secret"]

    new = api.post("/callbacks/secret").json()["secret"]
    Delivery.objects.filter(pk=told[1].pk).update(url=server.url("/"))
    api.post(f"/callbacks/{told[1].pk}/resend")
    run_jobs()

    assert old != new == api.get("/callbacks/secret").json()["secret"]
    seen = server.seen[-1]
    for secret in (old, new):
        Webhook(secret).verify(seen.body, seen.headers)
    time_machine.move_to(timezone.now() + timedelta(hours=25))
    api.post(f"/callbacks/{told[1].pk}/resend")
    run_jobs()
    Webhook(new).verify(server.seen[-1].body, server.seen[-1].headers)
    assert len(server.seen[-1].headers["webhook-signature"].split()) == 1


def test_the_log_is_ones_own(told, bob):
    stranger = api_of(bob)

    assert stranger.get("/callbacks").json() == []
    assert stranger.get(f"/callbacks/{told[0].pk}").status_code == 404
    assert stranger.post(f"/callbacks/{told[1].pk}/resend").status_code == 404
