"""Errors as modelslab.md §6 has them, each of which moves nothing; and the setting that answers them with 200."""

import json

import pytest

from accounts import keys
from accounts.models import Workspace
from billing import ledger
from catalogue import offers
from catalogue.models import VideoModel
from tests.astria.http import nothing_moves
from tests.common.servers import answering
from tests.modelslab.http import VIDEO, Lab

LONG = "x" * 10_001


def refused(answer, status):
    """The message, once the answer has the shape of an error."""
    body = answer.json()
    assert (answer.status_code, body["status"], body["messege"]) == (status, "error", body["message"])
    return body["message"]


@pytest.mark.parametrize(
    ("endpoint", "fields", "message"),
    [
        ("img2video", {"init_image": None}, "init_image is required"),
        ("img2video", {"init_image": "  "}, "init_image is required"),
        ("img2video", {"model_id": None, "init_image": None}, "model_id is required; init_image is required"),
        ("text2video", {"prompt": ""}, "prompt is required"),
        ("img2video_ultra", {}, "prompt is required"),
        ("img2video", {"num_frames": "many"}, "num_frames has to be a number"),
        ("img2video", {"num_frames": [3]}, "num_frames has to be a number"),
        ("img2video", {"num_frames": True}, "num_frames has to be a number"),
        ("img2video", {"fps": "inf"}, "fps has to be a number"),
        ("img2video", {"temp": "perhaps"}, 'temp has to be "yes" or "no"'),
        ("img2video", {"temp": {}}, 'temp has to be "yes" or "no"'),
        ("img2video", {"prompt": ["a"]}, "prompt has to be text"),
        ("img2video", {"prompt": "a\x00b"}, "prompt has to be text"),
        ("img2video", {"prompt": "\ud83d"}, "prompt has to be text"),
        ("img2video", {"init_image": {"url": "x"}}, "init_image has to be text"),
        ("img2video", {"webhook": "ftp://example.com/"}, "webhook is not an http or https URL"),
        ("img2video", {"webhook": "https://example.com/" + LONG}, "webhook is too long (at most 2000 characters)"),
        ("img2video", {"track_id": {"a": 1}}, "track_id has to be text or a number"),
        ("img2video", {"track_id": "\x00"}, "track_id has to be text or a number"),
        ("img2video", {"track_id": LONG}, "track_id is too long (at most 1000 characters)"),
        ("text2video", {"prompt": LONG}, "prompt is too long (at most 10000 characters)"),
        ("img2video", {"prompt": "<lora:7:1>"}, "prompt refers to <lora:7:1>, which does not exist or is not yours"),
    ],
)  # fmt: skip
def test_fields_that_can_not_be_read(lab, endpoint, fields, message):
    with nothing_moves():
        answer = lab.animate(endpoint, **fields)

    assert refused(answer, 400) == message


def test_everything_is_said_at_once(lab):
    answer = lab.animate(init_image=None, num_frames="x", webhook="nowhere")

    assert refused(answer, 400).count(";") == 2


@pytest.mark.parametrize("key", [None, "", "sd_wrong", 7, ["sd_wrong"]])
def test_no_good_key(server, key):
    with nothing_moves():
        answer = Lab(None).animate(key=key)

    assert refused(answer, 401) == ("Invalid API key" if key else "API key required")


def test_an_unreachable_picture(lab, receiver):
    nothing_there = receiver(404).url("/gone.jpg")

    with nothing_moves():
        answer = lab.animate(init_image=nothing_there)

    assert refused(answer, 400) == "init_image can't be fetched from that address"
    assert "without signing in" in answer.json()["tip"]


def test_a_file_that_is_no_picture(lab, receiver):
    page = receiver(answering(200, b"<html>", content_type="text/html")).url("/page")

    with nothing_moves():
        answer = lab.animate(init_image=page)

    assert refused(answer, 400).startswith("init_image ")


def test_no_money(poor_lab):
    with nothing_moves():
        answer = poor_lab.animate()

    assert refused(answer, 402) == "Not enough balance for this."


def test_money_is_asked_for_before_the_picture(poor_lab, receiver):
    site = receiver()

    poor_lab.animate(init_image=site.url("/photo.jpg"))

    assert site.seen == []


def test_a_key_made_for_less(lab_of, alice, rich):
    reader = lab_of(rich(alice, 100_000), scopes=["prompts:read"])

    with nothing_moves():
        answer = reader.animate()

    assert refused(answer, 403) == "This key lacks the scope prompts:write."


def test_a_workspace_that_is_not_hers(lab):
    other = Workspace.objects.create(title="other")

    answer = lab.send(f"{VIDEO}/img2video", {}, headers={"X-Workspace-Id": str(other.pk)})

    assert refused(answer, 404)


@pytest.mark.parametrize("body", ["", "{", "[1]", '"a"', "{'a': 1}", '{"a": NaN}', "[" * 100_000, "\xff"])
def test_a_body_that_is_none(lab, body):
    answer = lab.client.generic("POST", f"{VIDEO}/img2video", body.encode("latin-1"), content_type="application/json")

    assert refused(answer, 400 if body else 401) == ("Invalid API Request" if body else "API key required")


@pytest.mark.parametrize("path", ["img2video", "text2video", "fetch/1", "fetch"])
@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_other_methods(lab, path, method):
    answer = getattr(lab.client, method)(f"{VIDEO}/{path}")

    assert refused(answer, 405)
    assert answer["Content-Type"] == "application/json"


def test_a_model_that_is_paused(lab):
    VideoModel.objects.filter(name="wan22_fast_480p").update(enabled=False)
    offers.forget()

    with nothing_moves():
        answer = lab.animate()

    assert refused(answer, 400).startswith("model_id ")


def test_as_modelslabs_servers_often_answer(lab, poor_lab, receiver, settings):
    settings.MODELSLAB_ERRORS_AS_200 = True

    assert refused(Lab(None).animate(), 200) == "API key required"
    assert refused(poor_lab.animate(), 200) == "Not enough balance for this."
    assert refused(lab.animate(init_image=receiver(404).url("/")), 200)
    assert refused(lab.client.get(f"{VIDEO}/fetch/1"), 405)
    assert lab.fetch(999)["status"] == "failed"


def test_of_two_at_once_one_may_spend_the_last_cents(lab_of, bob, rich):
    lab = lab_of(rich(bob, 6_000))

    assert lab.animate().status_code == 200
    with nothing_moves():
        assert lab.animate().status_code == 402
    assert ledger.balance_mc(bob.personal_workspace.pk) == 0


def test_a_revoked_key(lab, alice):
    keys.revoke(key=alice.api_keys.get(), now=alice.created_at)

    assert refused(lab.animate(), 401) == "Invalid API key"


def test_too_much_that_is_unfinished(lab, settings):
    settings.UNFINISHED_MAX = 1
    lab.made()

    with nothing_moves():
        answer = lab.animate()

    assert refused(answer, 429).startswith("A workspace may have 1 unfinished")
    assert (answer.json()["retry_after"], answer["Retry-After"]) == (30, "30")


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_not_there_is_told_in_this_apis_words(lab, method):
    answer = getattr(lab.client, method)("/api/v6/video/watermark_remover")

    assert (answer.status_code, answer.json()["status"]) == (404, "error")
    assert answer.json()["message"] == answer.json()["messege"] == "There is no such endpoint here."


def test_json_under_a_forms_name_is_json_for_the_idempotency_key_too(lab):
    def ask(prompt):
        body = json.dumps({"key": lab.key, "prompt": prompt})
        return lab.client.post(
            f"{VIDEO}/text2video",
            body,
            content_type="application/x-www-form-urlencoded",
            headers={"Idempotency-Key": "k"},
        )

    assert [ask(prompt).status_code for prompt in ("a+b", "a+b", "a b")] == [200, 200, 422]
