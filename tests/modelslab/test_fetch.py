"""`fetch`: how a prompt stands, whichever dialect it came by."""

import json

import pytest
from django.utils import timezone

from accounts import keys, people
from accounts.models import Membership, Workspace
from prompts import lifecycle
from tests.astria.http import Api, balance_of, nested
from tests.modelslab.http import VIDEO, Lab

CLIP = {"text": "a garden", "video_model": "kling25", "video_prompt": "pan left"}


@pytest.mark.parametrize("path", ["fetch/{}", "fetch/{}/"])
def test_the_id_in_the_path(lab, path):
    made = lab.made()

    answer = lab.send(f"{VIDEO}/{path.format(made['id'])}", {})

    assert answer.json() == made


@pytest.mark.parametrize("field", ["id", "request_id"])
@pytest.mark.parametrize("kind", [int, str])
def test_the_id_in_the_body(lab, field, kind):
    made = lab.made()

    answer = lab.send(f"{VIDEO}/fetch", {field: kind(made["id"])})

    assert answer.json() == made


def test_no_id_at_all(lab):
    answer = lab.send(f"{VIDEO}/fetch", {})

    assert (answer.status_code, answer.json()["message"]) == (400, "request_id is required")


@pytest.mark.parametrize("asked", ["0", "999999", "9" * 30, "abc", "٣", "-1", "1.0"])
def test_an_id_that_never_was(lab, asked):
    assert lab.fetch(asked) == {
        "status": "failed",
        "id": "",
        "message": "Request not found",
        "output": "",
        "tip": "Check the id: it is the number that the request was answered with.",
    }


def test_a_failure_is_an_error_and_the_money_is_back(lab, alice):
    before = balance_of(alice)
    made = lab.made()
    lifecycle.fail(prompt_id=made["id"], code="rejected", message="The picture is too dark.", now=timezone.now())

    fetched = lab.fetch(made["id"])

    assert (fetched["status"], fetched["id"], fetched["output"]) == ("error", made["id"], [])
    assert fetched["message"] == fetched["messege"] == "The picture is too dark."
    assert balance_of(alice) == before
    assert lab.read(made["future_links"][0])[0] == 404


def test_a_cancelled_one(lab):
    made = lab.made()
    lifecycle.cancel(prompt_id=made["id"], now=timezone.now())

    assert (lab.fetch(made["id"])["status"], lab.fetch(made["id"])["message"]) == ("error", "Cancelled")


def test_those_that_wait_before_it_count_into_the_time(lab):
    first, second = lab.made(), lab.made()

    assert (first["eta"], second["eta"]) == (5, 10)
    assert (lab.fetch(first["id"])["eta"], lab.fetch(second["id"])["eta"]) == (5, 10)


def test_a_prompt_that_came_by_astrias_api(lab):
    made = Api(lab.key).create(**CLIP).json()

    fetched = lab.fetch(made["id"])

    assert (fetched["status"], fetched["future_links"], fetched["meta"]["prompt"]) == ("processing", [], "pan left")


def test_and_the_other_way_round(lab):
    made = lab.made(prompt="pan left")

    shown = Api(lab.key).get(f"/prompts/{made['id']}").json()

    assert (shown["video_model"], shown["video_prompt"]) == ("wan22_fast_480p", "pan left")


def test_once_more_with_changes_by_astrias_api(lab):
    made = lab.made(prompt="pan left")

    again = Api(lab.key).post(f"/prompts/{made['id']}/duplicate", nested({"video_prompt": "zoom in"})).json()

    assert lab.fetch(again["id"])["status"] == "processing"


def test_the_webhook_is_told_of_a_failure(lab, receiver, run_jobs):
    customer = receiver()
    made = lab.made(webhook=customer.url("/done"), track_id="a-1")
    lifecycle.fail(prompt_id=made["id"], code="rejected", message="Too dark.", now=timezone.now())

    run_jobs()

    (call,) = customer.seen
    assert json.loads(call.body) == {
        "status": "failed",
        "id": made["id"],
        "message": "Too dark.",
        "track_id": "a-1",
    }


def test_in_a_shared_workspace_the_payer_pays_and_members_fetch(lab, alice):
    guest = people.create_user(email="guest@example.com", password=None)
    team = Workspace.objects.create(title="team", payer=alice.personal_workspace)
    for user in (alice, guest):
        Membership.objects.create(workspace=team, user=user)
    _, text = keys.issue(user=guest, workspace=team, name="guest")
    his, before = Lab(text, picture=lab.picture), balance_of(alice)

    made = his.made()

    assert before - balance_of(alice) == 6_000
    assert lab.fetch(made["id"])["status"] == "failed"
    hers = lab.send(f"{VIDEO}/fetch/{made['id']}", {}, headers={"X-Workspace-Id": str(team.pk)})
    assert hers.json()["status"] == "processing"
