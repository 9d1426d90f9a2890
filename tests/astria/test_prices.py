"""What a prompt costs: the quote, the answer and the ledger say the same."""

from __future__ import annotations

import pytest
from django.utils import timezone

from billing import ledger
from billing.models import Entry, Transaction
from catalogue import offers, sheet
from catalogue.models import Price, Row
from prompts import books
from prompts.models import Prompt
from tests.astria.http import SDXL, api_of, balance_of, nested, nothing_moves, upload

VIDEOS = {line.name: line for line in sheet.read() if line.kind == "video"}
EVERY = [(name, seconds) for name, line in VIDEOS.items() for seconds in line.fields["durations"]]
PER_IMAGE_MC = 2_875


def price_mc(name, seconds):
    """The formula, written a second time: base × max(seconds, base seconds) ÷ base seconds, rounded up."""
    line = VIDEOS[name]
    base_mc, base_s = int(line.cents * 1000), line.fields["base_seconds"]
    return -(-base_mc * max(seconds, base_s) // base_s)


def test_there_are_234_of_them():
    assert len(EVERY) == 234


@pytest.mark.parametrize("name", VIDEOS)
def test_quote_charge_and_ledger_agree_for_every_duration(api, alice, film, name):
    for seconds in VIDEOS[name].fields["durations"]:
        fields = {"text": "a garden", "video_model": name, "video_prompt": "pan left", "video_duration": str(seconds)}
        driving = VIDEOS[name].fields["motion_control"]
        quoted = api.quote(**fields, **({"input_video": upload(film)} if driving else {})).json()
        before = balance_of(alice)

        made = api.made(**fields, **({"input_video": upload(film)} if driving else {}))

        assert quoted["cost_mc"] == made["cost_mc"] == before - balance_of(alice) == price_mc(name, seconds)
        assert sum(line["amount_mc"] for line in quoted["breakdown"]) == quoted["cost_mc"]
        assert quoted["balance_mc"] == before
    assert books.faults() == []


@pytest.mark.parametrize(
    ("fields", "cost_mc", "cents"),
    [
        ({"video_model": "seedance_v15_720p"}, 14_000, "14"),
        ({"video_model": "seedance_v15_720p", "video_duration": "4"}, 14_000, "14"),
        ({"video_model": "seedance_v15_720p", "video_duration": "12"}, 33_600, "33.6"),
        ({"video_model": "happyhorse_720p", "video_duration": "6"}, 92_400, "92.4"),
        ({"video_model": "veo31_fast_720p", "video_duration": "4"}, 85_000, "85"),
        ({"video_model": "kling30_pro_audio", "video_duration": "15"}, 555_000, "555"),
        ({"video_model": "480p"}, 20_000, "20"),
    ],
)
def test_some_prices_by_hand(api, fields, cost_mc, cents):
    quoted = api.quote(text="a garden", video_prompt="pan left", **fields).json()

    assert (quoted["cost_mc"], str(quoted["cost_cents"])) == (cost_mc, cents)


def test_a_longer_clip_shows_its_base_and_the_rest(api):
    quoted = api.quote(text="a", video_prompt="b", video_model="seedance_v15_720p", video_duration="7").json()

    assert quoted["breakdown"] == [
        {"label": "Video, up to 5 s", "quantity": 5, "unit": "second", "amount_mc": 14_000},
        {"label": "Longer than that", "quantity": 2, "unit": "second", "amount_mc": 5_600},
    ]


# --- a clip is one clip ---------------------------------------------------------------------------------------------


def test_a_clip_makes_one_file_for_one_price_whatever_num_images_says(api):
    made = api.made(text="a", video_prompt="b", video_model="seedance_v15_720p", num_images="4")

    assert (made["num_images"], made["cost_mc"]) == (1, 14_000)


def test_image_options_cost_nothing_inside_a_clip(api):
    made = api.made(
        text="a", video_prompt="b", video_model="wan22_fast_480p", inpaint_faces="true", super_resolution="true",
        hires_fix="true",
    )  # fmt: skip

    assert made["cost_mc"] == 6_000


# --- pictures -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tune_id", [1504944, 690204, 666678])
@pytest.mark.parametrize("count", [1, 2, 8])
def test_a_picture_costs_2_875_cents_on_every_base(api, alice, tune_id, count):
    before = balance_of(alice)

    made = api.made(path=f"/tunes/{tune_id}/prompts", text="a fox", num_images=str(count))

    assert made["cost_mc"] == before - balance_of(alice) == PER_IMAGE_MC * count


def test_painting_faces_again_doubles_it(api):
    made = api.made(text="a fox", num_images="3", inpaint_faces="true", super_resolution="true")

    assert made["cost_mc"] == 2 * 3 * PER_IMAGE_MC


@pytest.mark.parametrize("option", ["super_resolution", "hires_fix", "face_correct", "film_grain", "use_lpw"])
def test_other_options_cost_nothing(api, option):
    assert api.made(text="a fox", **{option: "true"})["cost_mc"] == PER_IMAGE_MC


# --- the quote ------------------------------------------------------------------------------------------------------


def test_a_quote_moves_nothing(api):
    with nothing_moves():
        assert api.quote(text="a fox").status_code == 200


def test_a_quote_takes_the_tune_as_a_field_too(api):
    answer = api.post("/prompts/quote", nested({"text": "a fox", "tune_id": str(SDXL)}))

    assert answer.json()["cost_mc"] == PER_IMAGE_MC


def test_an_empty_wallet_may_ask_for_prices(poor_api):
    quoted = poor_api.quote(text="a", video_prompt="b", video_model="kling30_4k").json()

    assert (quoted["cost_mc"], quoted["balance_mc"]) == (263_000, 0)


def test_a_quote_opens_no_file_and_follows_no_address(api, receiver):
    elsewhere = receiver()

    quoted = api.quote(
        text="a", video_prompt="b", video_model="kling25", video_first_frame=upload(b"no picture"),
        video_last_frame_url=elsewhere.url("/x.jpg"),
    ).json()  # fmt: skip

    assert quoted["unchecked"] == ["video_first_frame", "video_last_frame"]
    assert elsewhere.seen == []


# --- what is frozen -------------------------------------------------------------------------------------------------


def test_a_later_price_does_not_touch_what_was_accepted(api, alice):
    made = api.made(text="a", video_prompt="b", video_model="kling25")
    Price.objects.create(row=Row.objects.get(name="kling25"), from_at=timezone.now(), base_cost_cents=50)
    offers.forget()

    assert api.get(f"/prompts/{made['id']}").json()["cost_mc"] == 39_000
    assert api.quote(text="a", video_prompt="b", video_model="kling25").json()["cost_mc"] == 50_000


def test_the_ledger_says_what_was_bought(api, alice):
    made = api.made(text="a", video_prompt="b", video_model="kling25", video_duration="10")

    charge = Transaction.objects.get(kind="charge")
    prompt = Prompt.objects.get(pk=made["id"])
    assert charge.reference == f"prompt:{made['id']}"
    assert charge.facts == {
        "model": "kling25",
        "tune": 1504944,
        "key": prompt.api_key_id,
        "workspace": alice.personal_workspace.pk,
        "seconds": 10,
    }
    assert dict(Entry.objects.filter(transaction=charge).values_list("account_id", "amount_mc")) == {
        ledger.wallet_id(alice.personal_workspace.pk): -78_000,
        -2: 78_000,
    }
    assert sum(line["amount_mc"] for line in prompt.breakdown) == 78_000


# --- an empty wallet ------------------------------------------------------------------------------------------------


def test_an_empty_wallet_is_told_in_words_that_clients_look_for(poor_api):
    with nothing_moves():
        answer = poor_api.create(text="a fox")

    assert (answer.status_code, answer.json()) == (422, {"base": ["Not enough balance. Add funds to continue."]})


def test_one_millicent_short_is_short(server, api, bob, rich):
    short = api_of(rich(bob, PER_IMAGE_MC - 1))

    assert short.create(text="a fox").status_code == 422
    rich(bob, 1)
    assert short.create(text="a fox").status_code == 201
    assert balance_of(bob) == 0


@pytest.mark.parametrize("field", ["video_first_frame", "input_image"])
def test_the_wallet_is_looked_at_before_anything_is_fetched_or_decoded(poor_api, receiver, field):
    elsewhere = receiver()

    with nothing_moves():
        by_url = poor_api.create(text="a", video_prompt="b", video_model="kling25", **{f"{field}_url": elsewhere.url()})
        by_file = poor_api.create(text="a", video_prompt="b", video_model="kling25", **{field: upload(b"no picture")})

    assert elsewhere.seen == []
    assert by_url.json() == by_file.json() == {"base": ["Not enough balance. Add funds to continue."]}


def test_what_is_wrong_with_the_fields_is_said_before_the_money(poor_api):
    assert poor_api.create(text="").json() == {"text": ["can't be blank"]}
