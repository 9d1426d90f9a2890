"""What is said of packs: presets that the catalogue's trainers know, as tunes have them; and what is not told, or heard."""

from __future__ import annotations

import pytest

from catalogue import offers
from catalogue.models import Trainer
from tests.astria.http import FLUX, WOMAN
from tests.tunes.making import tune_fields

HEADSHOTS = "corporate-headshots"
KNOWN = "flux-lora-fast, flux-lora-focus, flux-lora-portrait"
REFUSED = {"preset": [f"must be one of {KNOWN}, or left out"]}


@pytest.fixture
def make(api):
    """`make(preset=…)`: the answer to a new pack."""

    def call(**fields):
        return api.post("/packs", json={"pack": {"title": "mine", "base_tune_id": FLUX} | fields})

    return call


@pytest.mark.parametrize("model_type", ["lora", "pti", None])
def test_a_new_pack_with_a_preset_that_nobody_knows_is_refused(make, model_type):
    answer = make(preset="flux-lora-best", model_type=model_type)

    assert (answer.status_code, answer.json()) == (422, REFUSED)


def test_the_words_are_those_of_a_tune(api, picture):
    form = tune_fields(picture) | {"tune[preset]": "flux-lora-best"}

    assert api.post("/tunes", form).json() == REFUSED


@pytest.mark.parametrize("preset", ["flux-lora-fast", "flux-lora-focus", "flux-lora-portrait", "", None])
def test_a_known_preset_or_none_is_taken(make, preset):
    assert make(preset=preset, model_type="lora").status_code == 201


def test_a_pack_of_face_ids_takes_no_notice_of_it(make):
    assert make(preset="flux-lora-best", model_type="faceid").status_code == 201


def test_a_pack_whose_preset_is_known_no_more_may_change_otherwise(api, make):
    pack = make(preset="flux-lora-fast", model_type="lora").json()
    Trainer.objects.update(steps_per_image={"": 100})
    offers.forget()

    answer = api.send("patch", f"/packs/{pack['id']}", json={"pack": {"title": "Fall"}})

    assert (answer.status_code, answer.json()["title"]) == (200, "Fall")


def test_a_change_is_checked_against_what_the_pack_will_be(api, make):
    pack = make(preset="flux-lora-best", model_type="faceid").json()

    def change(**fields):
        return api.send("patch", f"/packs/{pack['id']}", json={"pack": fields})

    assert change(preset="flux-lora-worst").status_code == 200
    assert change(title="still mine").status_code == 200
    assert change(model_type="lora").json() == REFUSED
    assert change(model_type="lora", preset="flux-lora-fast").status_code == 200
    assert change(preset="flux-lora-best").json() == REFUSED


def test_a_brief_changes_nothing_of_a_run(api):
    told = {"tune_ids": [WOMAN], "prompt_ids": [2_000_000_011]}

    plain, briefed = (
        api.post(f"/p/{HEADSHOTS}/tunes", json={"tune": told | more}).json()
        for more in ({}, {"brief": "For a bank, in blue"})
    )

    texts = [api.get(f"/prompts/{made['prompt_ids'][0]}").json()["text"] for made in (plain, briefed)]
    assert texts[0] == texts[1]
    assert plain["order"]["total_cost_mc"] == briefed["order"]["total_cost_mc"]


def test_nobody_is_told_whose_a_public_pack_is(api, make, alice):
    pack = make().json()
    assert pack["user_id"] == alice.pk

    api.send("patch", f"/packs/{pack['id']}", json={"pack": {"public": True}})

    assert api.get(f"/p/{pack['id']}").json()["user_id"] is None
