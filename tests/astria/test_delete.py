"""DELETE of a prompt, on both paths."""

from __future__ import annotations

import pytest
from django.utils import timezone

from billing.models import Transaction
from common.jobs.models import Outbox
from media.models import Asset
from prompts import books, lifecycle
from prompts.models import Prompt
from tests.astria.http import FLUX_PROMPTS, WOMAN, api_of, balance_of, status_of, upload
from tests.prompts.making import finished


def refunds():
    return Transaction.objects.filter(kind="refund").count()


def test_the_nested_path_answers_with_nothing(api):
    made = api.made(text="a fox")

    answer = api.delete(f"{FLUX_PROMPTS}/{made['id']}")

    assert (answer.status_code, answer.content) == (204, b"")


def test_the_flat_path_answers_with_a_message(api):
    made = api.made(text="a fox")

    answer = api.delete(f"/prompts/{made['id']}.json")

    assert (answer.status_code, answer.json()) == (200, {"message": f"Prompt {made['id']} was deleted"})


def test_the_tune_posted_to_is_a_path_too(api):
    made = api.made(path=f"/tunes/{WOMAN}/prompts", text="ohwx woman")

    assert api.delete(f"/tunes/{WOMAN}/prompts/{made['id']}").status_code == 204


@pytest.mark.parametrize("status", ["queued", "running", "waiting"])
def test_an_unfinished_prompt_is_cancelled_and_refunded_once(api, alice, status):
    before = balance_of(alice)
    made = api.made(text="a garden", video_model="kling25", video_prompt="pan left")
    Prompt.objects.update(status=status)

    answers = [api.delete(f"/prompts/{made['id']}").status_code for _ in range(3)]

    assert answers == [200, 404, 404]
    assert (balance_of(alice), refunds()) == (before, 1)
    assert Prompt.objects.get().status == "cancelled"
    assert books.faults() == []


def test_afterwards_it_is_nowhere(api):
    made = api.made(text="a fox")
    api.delete(f"/prompts/{made['id']}")

    assert api.get(f"/prompts/{made['id']}").status_code == 404
    assert api.get(f"{FLUX_PROMPTS}/{made['id']}").status_code == 404
    assert api.get("/prompts").json() == []


def test_nobody_is_told_to_render_or_called_back(api, run_jobs, receiver):
    customer = receiver()
    made = api.made(text="a fox", callback=customer.url())

    api.delete(f"/prompts/{made['id']}")

    assert [topic for topic, _ in run_jobs()] == ["prompt.ended"]
    assert not Outbox.objects.exists()
    assert customer.seen == []


def test_a_finished_prompt_costs_what_it_cost_and_its_address_is_dead(api, alice, tmp_path):
    made = api.made(text="a fox")
    paid = balance_of(alice)
    address = finished(made["id"], tmp_path)
    assert status_of(address) == 200

    assert api.delete(f"/prompts/{made['id']}").status_code == 200

    assert status_of(address) == 404
    assert (balance_of(alice), refunds()) == (paid, 0)


def test_a_failed_prompt_is_not_refunded_a_second_time(api, alice):
    before = balance_of(alice)
    made = api.made(text="a fox")
    lifecycle.fail(prompt_id=made["id"], code="expired", message="Too late.", now=timezone.now())

    api.delete(f"/prompts/{made['id']}")

    assert (balance_of(alice), refunds()) == (before, 1)
    assert Prompt.objects.get().status == "failed"


def test_its_inputs_go_with_it(api, picture):
    made = api.made(text="a fox", input_image=upload(picture))
    link = made["input_image"]
    assert status_of(link) == 200

    api.delete(f"/prompts/{made['id']}")

    assert status_of(link) == 404
    assert not Asset.objects.filter(deleted_at=None).exists()


def test_a_stranger_deletes_nothing(api, bob):
    made = api.made(text="a fox")

    assert api_of(bob).delete(f"/prompts/{made['id']}").status_code == 404
    assert api_of(bob).delete(f"{FLUX_PROMPTS}/{made['id']}").status_code == 404
    assert api.get(f"/prompts/{made['id']}").status_code == 200


def test_a_path_of_another_tune_deletes_nothing(api):
    made = api.made(text="a fox")

    assert api.delete(f"/tunes/{WOMAN}/prompts/{made['id']}").status_code == 404
    assert api.get(f"/prompts/{made['id']}").status_code == 200
