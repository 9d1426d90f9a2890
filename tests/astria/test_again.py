"""A prompt once more, with changes; and what an owner may change of one that exists."""

from __future__ import annotations

import pytest
from django.conf import settings as real_settings

from accounts.models import Membership, Workspace
from engines import registry
from prompts.models import Input, Prompt
from tests.astria.http import SDXL, balance_of, nothing_moves, status_of, upload
from tests.astria.test_references import own_tune
from tests.prompts.engines import Obedient

CLIP = {"video_model": "kling25", "video_prompt": "pan left"}


@pytest.fixture(autouse=True)
def engine(monkeypatch):
    registry.configure({"motion": "tests.prompts.engines.Obedient"})
    monkeypatch.setattr(Obedient, "asked", [])
    yield
    registry.configure(real_settings.ENGINES)


@pytest.fixture
def again(api):
    """`again(made, image_index=…, field=…)`: the answer."""

    def post(made, *, path="/prompts/{id}/duplicate", headers=None, **fields):
        form = {f"prompt[{name}]": value for name, value in fields.items() if name != "image_index"}
        form |= {name: value for name, value in fields.items() if name == "image_index"}
        return api.post(path.format(**made), form, headers=headers or {})

    return post


@pytest.fixture
def pictures(api, run_jobs):
    """Two finished pictures."""
    made = api.made(text="a fox", num_images="2", seed="7", cfg_scale="3")
    run_jobs()
    return api.get(f"/prompts/{made['id']}").json()


def test_everything_is_taken_over_and_paid_for_again(api, again, alice):
    made = api.made(text="a fox", num_images="2", seed="7", cfg_scale="3", aspect_ratio="3:2")
    before = balance_of(alice)

    answer = again(made)

    assert answer.status_code == 201
    copy = answer.json()
    assert copy["orig_prompt_id"] == made["id"] != copy["id"]
    assert before - balance_of(alice) == copy["cost_mc"] == made["cost_mc"]
    own = {"id", "url", "created_at", "updated_at", "orig_prompt_id", "progress_elapsed_seconds"}
    assert {name: copy[name] for name in copy if name not in own} == {
        name: made[name] for name in made if name not in own
    }


def test_what_is_given_is_changed(api, again):
    made = api.made(text="a fox", seed="7", cfg_scale="3")

    copy = again(made, text="a hare", seed="8", steps="20", tune_id=str(SDXL)).json()

    assert (copy["text"], copy["seed"], copy["steps"], copy["cfg_scale"]) == ("a hare", 8, 20, "3.0")
    assert copy["tune_id"] == SDXL


def test_the_nested_path_is_the_same(api, again):
    made = api.made(text="a fox")

    assert again(made, path="/tunes/{tune_id}/prompts/{id}/duplicate").status_code == 201
    assert again(made, path="/tunes/690204/prompts/{id}/duplicate").status_code == 404


def test_files_are_shared_and_outlive_the_first_prompt(api, again, picture):
    made = api.made(text="a fox", input_image=upload(picture))

    copy = again(made).json()
    api.delete(f"/prompts/{made['id']}")

    assert Input.objects.values("asset_id").distinct().count() == 1
    assert status_of(copy["input_image"]) == 200


def test_a_tune_posted_to_is_kept_with_its_weight(api, again, alice):
    tune = own_tune(alice)
    made = api.made(path=f"/tunes/{tune.pk}/prompts", text="ohwx cat", lora_scale="0.6")

    copy = again(made).json()

    assert [used["id"] for used in copy["tunes"]] == [tune.pk]
    assert Prompt.objects.get(pk=copy["id"]).references[0]["weight"] == 0.6


def test_a_finished_picture_becomes_a_clip_without_painting_it_anew(again, pictures, run_jobs):
    copy = again(pictures, image_index="1", **CLIP).json()
    run_jobs()

    assert copy["cost_mc"] == 39_000
    asked = Obedient.asked[-1]
    assert (asked.task, asked.prompt, asked.first is not None) == ("image_to_video", "pan left", True)
    assert len([request for request in Obedient.asked if request.task == "image"]) == 2


def test_a_finished_picture_becomes_another_picture(again, pictures, run_jobs):
    again(pictures, image_index="0", denoising_strength="0.4", text="a red fox")
    run_jobs()

    asked = Obedient.asked[-1]
    assert (asked.prompt, asked.strength, asked.picture is not None) == ("a red fox", 0.4, True)


@pytest.mark.parametrize(("index", "message"), [("2", "there is no picture 2 in prompt"), ("x", "is not a number")])
def test_a_picture_that_is_not_there_is_named(again, pictures, index, message):
    with nothing_moves():
        answer = again(pictures, image_index=index, **CLIP)

    assert answer.status_code == 422
    assert answer.json()["image_index"][0].startswith(message)


def test_another_model_has_its_own_duration(api, again):
    made = api.made(**CLIP, text="a fox", video_duration="10")

    assert again(made, video_model="veo31_fast_720p").json()["video_duration"] == 8


def test_the_same_key_makes_it_once(api, again):
    made = api.made(text="a fox")

    first, second = (again(made, headers={"Idempotency-Key": "k"}) for _ in range(2))

    assert first.content == second.content
    assert Prompt.objects.count() == 2


# --- PATCH ----------------------------------------------------------------------------------------------------------


def patch(api, made, **fields):
    return api.send("patch", f"/prompts/{made['id']}", json={"prompt": fields})


def test_where_it_belongs_may_change_and_nothing_else(api):
    first, made = api.made(text="a hare"), api.made(text="a fox")

    answer = patch(api, made, orig_prompt_id=first["id"], text="other", cost_mc=0, status="failed", user_id=1)

    assert answer.status_code == 200
    assert answer.json()["orig_prompt_id"] == first["id"]
    assert (answer.json()["text"], answer.json()["cost_mc"]) == ("a fox", made["cost_mc"])
    assert patch(api, made, orig_prompt_id=None).json()["orig_prompt_id"] is None


@pytest.mark.parametrize("field", ["pack_id", "base_pack_id", "order_id", "orig_prompt_id"])
def test_what_is_not_there_or_not_ones_own_is_refused(api, field):
    made = api.made(text="a fox")

    assert patch(api, made, **{field: 77}).json() == {field: ["does not exist or is not yours"]}
    with nothing_moves():
        assert api.create(text="a fox", **{field: "77"}).json() == {field: ["does not exist or is not yours"]}


def test_a_finished_one_moves_to_another_workspace_with_its_files(api, alice, pictures):
    team = Workspace.objects.create(title="team")
    Membership.objects.create(user=alice, workspace=team, role="owner")

    moved = patch(api, pictures, workspace_id=team.pk)

    assert moved.json()["workspace_id"] == team.pk
    assert api.get(f"/prompts/{pictures['id']}").status_code == 404
    there = api.send("get", "/prompts", headers={"X-Workspace-Id": str(team.pk)}).json()
    assert [each["id"] for each in there] == [pictures["id"]]


def test_an_unfinished_one_does_not_move_and_none_moves_to_strangers(api, alice, bob):
    team = Workspace.objects.create(title="team")
    Membership.objects.create(user=alice, workspace=team, role="owner")
    made = api.made(text="a fox")

    assert list(patch(api, made, workspace_id=team.pk).json()) == ["workspace_id"]
    assert patch(api, made, workspace_id=bob.personal_workspace.pk).status_code == 404
