"""Packs: what is in them, what they cost, and their runs."""

from __future__ import annotations

import json

import pytest
from django.conf import settings as real_settings
from django.test import Client

from callbacks.models import Delivery
from catalogue import offers
from catalogue.models import ImageModel
from engines import registry
from prompts import books
from prompts.models import Order, Pack, Prompt, Template
from prompts.packs import house
from tests.astria.http import FLUX, MAN, WOMAN, balance_of, nothing_moves, status_of, upload
from tests.astria.test_references import own_tune
from tests.tunes.making import tune_fields

IMAGE_MC = 2_875
HEADSHOTS, OUTFITS = "corporate-headshots", "outfits"


@pytest.fixture(autouse=True)
def engine():
    registry.configure({"motion": "tests.prompts.engines.Obedient"})
    yield
    registry.configure(real_settings.ENGINES)


def template_ids(class_name):
    found = Template.objects.filter(pack__slug=HEADSHOTS, class_name=class_name)
    return list(found.order_by("pk").values_list("pk", flat=True))


def run(api, name, **fields):
    return api.post(f"/p/{name}/tunes", json={"tune": fields})


# --- what there is --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("server")
def test_public_packs_are_everybodys_to_see():
    found = Client().get("/gallery/packs").json()

    assert [pack["slug"] for pack in found][-1] == HEADSHOTS
    assert {pack["slug"] for pack in found} == {told["slug"] for told in json.loads(house.FILE.read_text())}
    assert found[-1]["cost_mc_hash"] == {"man": 150_000 + 10 * IMAGE_MC, "woman": 150_000 + 10 * IMAGE_MC}
    assert found[-1]["costs"]["man"] == {"cost": 179, "cost_mc": 178_750, "num_images": 10}


@pytest.mark.usefixtures("server")
def test_a_pack_is_found_by_its_slug_and_by_its_id():
    by_slug = Client().get(f"/p/{HEADSHOTS}").json()
    by_id = Client().get(f"/p/{by_slug['id']}.json").json()

    assert by_slug == by_id
    assert len(by_slug["template_prompts"]) == 20
    assert {prompt["cost_mc"] for prompt in by_slug["template_prompts"]} == {IMAGE_MC}
    assert by_slug["reference_class_names"] == ["man", "woman"]
    assert by_slug["use_multi"] is False
    assert "{class}" not in json.dumps(by_slug)


@pytest.mark.usefixtures("server")
def test_a_template_that_can_not_be_had_has_no_price_and_its_class_only_that_of_the_tune():
    ImageModel.objects.update(enabled=False)
    offers.forget()

    pack = Client().get(f"/p/{HEADSHOTS}").json()

    assert {prompt["cost_mc"] for prompt in pack["template_prompts"]} == {None}
    assert pack["costs"]["man"] == {"cost": 150, "cost_mc": 150_000, "num_images": 10}


@pytest.mark.usefixtures("server")
def test_a_pack_with_slots_says_so():
    pack = Client().get(f"/p/{OUTFITS}").json()

    assert pack["use_multi"] is True
    assert [slot["key"] for slot in pack["template_slots"]] == ["person", "garment"]


def test_the_file_is_followed_however_often_it_is_loaded(db):
    before = list(Template.objects.order_by("pk").values())
    Template.objects.filter(pk=before[0]["id"]).update(fields={"text": "other"})
    Template.objects.create(pk=2_000_000_099, pack=Pack.objects.get(slug=HEADSHOTS), class_name="x", fields={})

    house.load()

    assert list(Template.objects.order_by("pk").values()) == before


# --- runs on tunes that exist ---------------------------------------------------------------------------------------


def test_each_template_runs_on_every_tune_of_its_class(api, alice):
    woman = own_tune(alice, name="woman")
    before = balance_of(alice)

    answer = run(api, HEADSHOTS, tune_ids=[WOMAN, woman.pk])

    assert answer.status_code == 201
    made = answer.json()
    assert (made["status"], made["message"], len(made["prompt_ids"])) == (201, "Prompts created", 20)
    assert made["order"]["total_cost_mc"] == 20 * IMAGE_MC == before - balance_of(alice)
    prompt = api.get(f"/prompts/{made['prompt_ids'][0]}").json()
    pack = Pack.objects.get(slug=HEADSHOTS)
    assert (prompt["base_pack_id"], prompt["order_id"]) == (pack.pk, made["order"]["id"])
    assert prompt["orig_prompt_id"] == 2_000_000_011
    assert prompt["tunes"][0]["id"] == WOMAN
    assert prompt["aspect_ratio"] == "4:5"
    assert [
        each["id"] for each in api.get("/prompts", order_id=str(made["order"]["id"]), limit="120").json()
    ] == sorted(made["prompt_ids"], reverse=True)
    assert books.faults() == []


def test_what_holds_for_every_prompt_is_said_once(api):
    made = run(
        api, HEADSHOTS, tune_ids=[WOMAN], prompt_ids=[2_000_000_011, 2_000_000_013],
        prompt_attributes={"num_images": 3, "aspect_ratio": "1:1", "callback": "https://example.com/x"},
    ).json()  # fmt: skip

    prompts = [api.get(f"/prompts/{id_}").json() for id_ in made["prompt_ids"]]
    assert {(p["num_images"], p["aspect_ratio"], p["callback"]) for p in prompts} == {
        (3, "1:1", "https://example.com/x")
    }
    assert made["order"]["total_cost_mc"] == 2 * 3 * IMAGE_MC


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"tune_ids": []}, {"tune_ids": ["can't be blank"]}),
        ({"tune_ids": [77]}, {"tune_ids": ["77 does not exist or is not yours"]}),
        ({"tune_ids": [FLUX]}, {"tune_ids": [f"{FLUX} is a base model, and no reference"]}),
        ({"tune_ids": [WOMAN], "prompt_ids": [5]}, {"prompt_ids": ["5 is no template of this pack"]}),
        ({"tune_ids": [WOMAN], "prompt_attributes": {"num_images": 9}}, {"num_images": ["must be between 1 and 8"]}),
        ({"tune_ids": [WOMAN], "prompts_callback": "x"}, {"prompts_callback": ["is not an http or https URL"]}),
    ],
)
def test_what_is_wrong_is_named_and_nothing_moves(api, fields, errors):
    with nothing_moves():
        answer = run(api, HEADSHOTS, **fields)

    assert (answer.status_code, answer.json()) == (422, errors)


def test_a_class_that_the_pack_has_not_is_told_those_that_it_has(api, alice):
    shoes = own_tune(alice, name="shoes")

    assert run(api, HEADSHOTS, tune_ids=[shoes.pk]).json() == {
        "tune_ids": ["are of no class of this pack; there are: man, woman"]
    }


def test_a_run_that_can_not_be_paid_makes_nothing(poor_api):
    with nothing_moves():
        answer = run(poor_api, HEADSHOTS, tune_ids=[WOMAN])

    assert answer.status_code == 422
    assert not Order.objects.exists()


def test_the_same_key_runs_it_once(api):
    body = {"tune": {"tune_ids": [WOMAN]}}

    first, again = (api.post(f"/p/{HEADSHOTS}/tunes", json=body, headers={"Idempotency-Key": "k"}) for _ in range(2))

    assert first.content == again.content
    assert Order.objects.count() == 1


def test_one_callback_tells_of_the_whole_run(api, run_jobs):
    made = run(
        api, HEADSHOTS, tune_ids=[WOMAN], prompt_ids=[2_000_000_011, 2_000_000_012],
        prompts_callback="https://example.com/all",
    ).json()  # fmt: skip

    run_jobs()

    (told,) = Delivery.objects.filter(kind="order")
    assert (told.url, told.ref) == ("https://example.com/all", made["order"]["id"])
    assert [prompt["id"] for prompt in json.loads(told.body)["prompts"]] == made["prompt_ids"]


def test_a_pack_with_slots_takes_a_tune_for_each(api, alice):
    dress = own_tune(alice, name="dress", model_type="faceid", token=None)

    lacking = run(api, OUTFITS, tune_ids=[MAN])
    made = run(api, OUTFITS, tune_ids=[dress.pk, MAN]).json()

    assert lacking.status_code == 422
    assert lacking.json()["tune_ids"][0].startswith("lack one for Garment")
    prompt = api.get(f"/prompts/{made['prompt_ids'][0]}").json()
    assert [tune["id"] for tune in prompt["tunes"]] == [MAN, dress.pk]
    assert prompt["text"].endswith(f"<faceid:{dress.pk}:1> dress")
    assert len(made["prompt_ids"]) == 8


# --- runs on new pictures -------------------------------------------------------------------------------------------


def test_new_pictures_become_a_tune_and_the_prompts_of_its_class(api, picture, run_jobs, alice):
    before = balance_of(alice)
    form = tune_fields(picture, base_tune_id=None, model_type=None)
    form |= {"tune[prompt_attributes][num_images]": "2", "tune[prompts_callback]": "https://example.com/all"}

    answer = api.post(f"/p/{HEADSHOTS}/tunes", form)

    assert answer.status_code == 201
    made = answer.json()
    assert (made["model_type"], made["base_tune_id"], made["steps"]) == ("lora", FLUX, 300)
    assert len(made["prompts"]) == 10
    assert {prompt["num_images"] for prompt in made["prompts"]} == {2}
    assert before - balance_of(alice) == 150_000 + 20 * IMAGE_MC
    run_jobs()
    assert set(Prompt.objects.values_list("status", flat=True)) == {"succeeded"}
    assert Delivery.objects.filter(kind="prompts", ref=made["id"]).count() == 1


def test_new_pictures_pay_for_the_chosen_templates_alone(api, picture, alice):
    first, second, *_ = template_ids("woman")
    before = balance_of(alice)
    form = tune_fields(picture, base_tune_id=None, model_type=None)

    made = api.post(f"/p/{HEADSHOTS}/tunes", form | {"tune[prompt_ids][]": [str(first), str(second)]}).json()

    assert sorted(prompt["orig_prompt_id"] for prompt in made["prompts"]) == [first, second]
    assert before - balance_of(alice) == 150_000 + 2 * IMAGE_MC


@pytest.mark.parametrize(
    ("class_name", "error"), [("man", "are of other classes than 'woman'"), (None, "7 is no template of this pack")]
)
def test_new_pictures_with_templates_that_do_not_fit_are_refused(api, picture, class_name, error):
    form = tune_fields(picture, base_tune_id=None, model_type=None)
    chosen = template_ids(class_name)[0] if class_name else 7

    with nothing_moves():
        answer = api.post(f"/p/{HEADSHOTS}/tunes", form | {"tune[prompt_ids][]": str(chosen)})

    assert answer.json() == {"prompt_ids": [error]}


def test_new_pictures_of_a_class_that_it_has_not_are_refused(api, picture):
    with nothing_moves():
        answer = api.post(f"/p/{HEADSHOTS}/tunes", tune_fields(picture, name="shoes"))

    assert answer.json() == {"name": ["'shoes' is no class of this pack; there are: man, woman"]}


# --- packs of one's own ---------------------------------------------------------------------------------------------


@pytest.fixture
def pack(api):
    return api.post("/packs", json={"pack": {"title": "Autumn", "base_tune_id": FLUX, "model_type": "lora"}}).json()


def test_a_prompt_becomes_a_template_and_no_more(api, pack, alice):
    tune = own_tune(alice, name="cat")
    made = api.made(path=f"/tunes/{tune.pk}/prompts", text="ohwx cat in autumn leaves", pack_id=str(pack["id"]),
                    num_images="2", steps="20")  # fmt: skip

    (template,) = api.get(f"/p/{pack['slug']}").json()["template_prompts"]
    assert (template["id"], template["class_name"], template["text"]) == (
        made["id"],
        "cat",
        "ohwx cat in autumn leaves",
    )
    assert template["cost_mc"] == 2 * IMAGE_MC
    other = own_tune(alice, name="cat")
    again = run(api, pack["slug"], tune_ids=[other.pk]).json()
    copy = api.get(f"/prompts/{again['prompt_ids'][0]}").json()
    assert (copy["orig_prompt_id"], copy["steps"], copy["tunes"][0]["id"]) == (made["id"], 20, other.pk)

    api.send("patch", f"/prompts/{made['id']}", json={"prompt": {"pack_id": None}})

    assert api.get(f"/p/{pack['slug']}").json()["template_prompts"] == []


def test_a_template_has_to_name_a_tune(api, pack):
    with nothing_moves():
        answer = api.create(text="a fox", pack_id=str(pack["id"]))

    assert answer.json() == {"text": ["Prompt is not using a fine-tuned model"]}


def test_a_pack_is_ones_own_until_it_is_public(api, pack):
    stranger = Client()
    assert stranger.get(f"/p/{pack['slug']}").status_code == 404

    api.send("patch", f"/packs/{pack['id']}", json={"pack": {"public": True, "title": "Fall"}})

    assert stranger.get(f"/p/{pack['slug']}").json()["title"] == "Fall"
    api.send("patch", f"/packs/{pack['id']}", json={"pack": {"unlisted": True}})
    assert pack["id"] not in {each["id"] for each in stranger.get("/gallery/packs").json()}
    assert api.delete(f"/packs/{pack['id']}").status_code == 204
    assert stranger.get(f"/p/{pack['slug']}").status_code == 404


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"base_tune_id": FLUX}, {"title": ["can't be blank"]}),
        ({"title": "x"}, {"base_tune_id": ["can't be blank"]}),
        ({"title": "x", "base_tune_id": FLUX, "slug": "film-stills"}, {"slug": ["has already been taken"]}),
        ({"title": "x", "base_tune_id": FLUX, "slug": "A b"}, {"slug": ["only lower case letters, numbers and hyphens allowed, and not numbers alone"]}),
        ({"title": "x", "base_tune_id": FLUX, "slug": "2026"}, {"slug": ["only lower case letters, numbers and hyphens allowed, and not numbers alone"]}),
        ({"title": "x", "base_tune_id": 77}, {"base_tune_id": ["does not exist or is not yours"]}),
        ({"title": "x", "base_tune_id": FLUX, "preset": "p" * 41}, {"preset": ["is too long (at most 40 characters)"]}),
        ({"title": "x", "base_tune_id": FLUX, "token": "p" * 41}, {"token": ["is too long (at most 40 characters)"]}),
        ({"title": "x", "base_tune_id": FLUX, "model_type": "y"}, {"model_type": ["must be one of lora, pti, faceid, or left out"]}),
    ],
)  # fmt: skip
def test_a_pack_that_can_not_be_is_refused_by_field(api, fields, errors):
    assert api.post("/packs", json={"pack": fields}).json() == errors


def test_pictures_and_tunes_are_not_mixed(api, picture):
    form = {"tune[tune_ids][]": str(WOMAN), "tune[images][]": [upload(picture, "a.jpg")]}

    assert api.post(f"/p/{HEADSHOTS}/tunes", form).status_code == 201


# --- what a second look found -----------------------------------------------------------------------------------------


def own_pack(api, **fields):
    return api.post("/packs", json={"pack": {"title": "mine", "base_tune_id": FLUX} | fields}).json()


def test_a_template_gets_its_picture_when_it_is_there(api, alice, run_jobs):
    pack = own_pack(api)
    api.made(path=f"/tunes/{own_tune(alice).pk}/prompts", text="ohwx cat", pack_id=str(pack["id"]))

    run_jobs()

    told = api.get(f"/p/{pack['id']}").json()
    (image,) = told["prompts_per_class"]["cat"][0]["images"]
    assert told["cover_url"] == image
    assert status_of(image) == 200


def test_a_public_pack_shows_only_what_was_published(api, alice, run_jobs):
    pack = own_pack(api, public=True)
    made = api.made(path=f"/tunes/{own_tune(alice).pk}/prompts", text="ohwx cat", pack_id=str(pack["id"]))
    run_jobs()
    assert Client().get(f"/p/{pack['id']}").json()["cover_url"] is None

    api.send("patch", f"/prompts/{made['id']}", json={"prompt": {"community": True}})

    assert Client().get(f"/p/{pack['id']}").json()["cover_url"] is not None


def test_a_template_goes_with_its_prompt(api, alice):
    pack = own_pack(api)
    made = api.made(path=f"/tunes/{own_tune(alice).pk}/prompts", text="ohwx cat", pack_id=str(pack["id"]))

    api.delete(f"/prompts/{made['id']}")

    assert api.get(f"/p/{pack['id']}").json()["template_prompts"] == []


def test_a_template_stands_for_one_tune(api, alice):
    pack, tune = own_pack(api), own_tune(alice)

    answer = api.create(path=f"/tunes/{tune.pk}/prompts", text=f"ohwx <faceid:{MAN}:1>", pack_id=str(pack["id"]))

    assert answer.json() == {"text": ["uses more than one fine-tuned model; a template stands for one"]}


def test_a_class_is_the_same_in_capitals(api, alice):
    made = run(api, HEADSHOTS, tune_ids=[own_tune(alice, name="Woman").pk])

    assert made.status_code == 201
    assert len(made.json()["prompt_ids"]) == 10


def test_attributes_of_all_prompts_come_as_json_in_a_form_too(api, picture):
    form = tune_fields(picture, base_tune_id=None, model_type=None) | {"tune[prompt_attributes]": '{"num_images": 2}'}

    made = api.post(f"/p/{HEADSHOTS}/tunes", form).json()

    assert {prompt["num_images"] for prompt in made["prompts"]} == {2}


def test_empty_tune_ids_are_none(api, picture):
    form = tune_fields(picture, base_tune_id=None, model_type=None) | {"tune[tune_ids]": ""}

    assert "prompts" in api.post(f"/p/{HEADSHOTS}/tunes", form).json()
