"""One prompt of each dialect: the same rows in the list, the ledger and the callbacks' log, whatever words it came in."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.utils import timezone

from billing.models import Transaction
from callbacks.models import Delivery
from media.models import Asset
from prompts import books
from prompts.models import Prompt
from tests.astria.http import Api


@pytest.fixture
def three(fal, words, receiver, picture_url):
    """Ids of three clips, asked for in three ways, each with an address that is told of its end."""
    hook, key = receiver(200), fal.key
    astria, lab = Api(key), Client()
    made = astria.post(
        "/tunes/1504944/prompts",
        json={"prompt": {"video_model": "wan21_720p", "video_prompt": "pan left", "video_first_frame_url": picture_url,
                         "callback": hook.url("/astria")}},
    )  # fmt: skip
    assert made.status_code == 201, made.content
    fal.submit(query=f"?fal_webhook={hook.url('/fal')}", **words)
    body = {"key": key, "model_id": "wan2.2", "init_image": picture_url, "webhook": hook.url("/lab"), "track_id": "t"}
    asked = lab.post("/api/v6/video/img2video", json.dumps(body), content_type="application/json")
    assert asked.status_code == 200, asked.content
    return list(Prompt.objects.order_by("pk")), hook


def test_they_stand_side_by_side_in_the_list(fal, three, run_jobs):
    run_jobs()

    listed = Api(fal.key).get("/prompts").json()

    assert [prompt["video_model"] for prompt in listed] == ["wan22_fast_480p", "wan21_720p", "wan21_720p"]
    assert len({frozenset(prompt) for prompt in listed}) == 1, "with the same fields"
    assert all(prompt["trained_at"] and prompt["images"] and not prompt["user_error"] for prompt in listed)
    assert [prompt["cost_mc"] for prompt in listed] == [6_000, 40_000, 40_000]


def test_they_have_equal_rows_in_the_ledger(three, run_jobs):
    prompts, _ = three
    run_jobs()

    charges = [Transaction.objects.get(kind="charge", reference=prompt.reference) for prompt in prompts]

    assert [prompt.dialect for prompt in prompts] == ["astria", "fal", "modelslab"]
    assert len({frozenset(charge.facts) for charge in charges}) == 1
    assert books.faults() == []


def test_each_server_is_told_in_its_own_words_and_all_are_in_one_log(fal, three, run_jobs):
    prompts, hook = three
    run_jobs()

    told = {seen.path: json.loads(seen.body) for seen in hook.seen}
    assert told["/astria"]["prompt"]["id"] == prompts[0].pk
    assert (told["/fal"]["request_id"], told["/fal"]["status"]) == (str(prompts[1].request_id), "OK")
    assert (told["/lab"]["id"], told["/lab"]["status"], told["/lab"]["track_id"]) == (prompts[2].pk, "success", "t")
    log = Api(fal.key).get("/callbacks").json()
    assert [(each["kind"], each["ref"], each["status"]) for each in log] == [
        ("prompt", prompt.pk, "succeeded") for prompt in reversed(prompts)
    ]
    assert Delivery.objects.filter(signed_as__isnull=True).count() == 2


def test_each_is_found_and_cancelled_through_astrias_words(fal, three):
    prompts, _ = three
    api = Api(fal.key)

    assert [api.delete(f"/prompts/{prompt.pk}").status_code for prompt in prompts] == [200] * 3
    assert Transaction.objects.filter(kind="refund").count() == 3
    assert books.faults() == []


def test_a_copy_is_filmed_as_the_original_was(fal, three, run_jobs):
    prompts, _ = three
    api = Api(fal.key)

    copies = [Prompt.objects.get(pk=api.post(f"/prompts/{one.pk}/duplicate", {}).json()["id"]) for one in prompts]

    for original, copy in zip(prompts, copies, strict=True):
        assert (copy.sampling, copy.clip, copy.crop) == (original.sampling, original.clip, original.crop)
        assert (copy.dialect, copy.request_id, copy.echo, copy.wish) == ("astria", None, {}, None)
    assert copies[1].sampling["shift"] == 5.0
    assert [bool(copy.callback) for copy in copies] == [True, False, False], (
        "no server is told in other words than its own"
    )


def test_a_result_that_is_kept_no_longer_is_shown_nowhere(fal, three, run_jobs):
    prompts, _ = three
    run_jobs()
    for prompt in prompts:
        Api(fal.key).send("patch", f"/prompts/{prompt.pk}", json={"prompt": {"community": True}})
    assert len(Client().get("/gallery.json").json()) == 3

    Asset.objects.update(deleted_at=timezone.now())

    assert Client().get("/gallery.json").json() == []
    assert [each["images"] for each in Api(fal.key).get("/prompts").json()] == [[], [], []]
    assert fal.of(str(prompts[1].request_id)).status_code == 404
