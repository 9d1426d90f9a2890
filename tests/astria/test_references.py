"""Tunes that a text names by `<lora:…>` and `<faceid:…>`, and prompts that are posted to one."""

from __future__ import annotations

import pytest
from django.utils import timezone

from prompts.models import Prompt, UsedTune
from tests.astria.http import FLUX, FLUX_PROMPTS, MAN, WOMAN, api_of, nothing_moves
from tunes.models import Tune


def own_tune(user, **fields):
    now = timezone.now()
    defaults = {
        "workspace": user.personal_workspace, "user": user, "title": "mine", "name": "cat", "token": "ohwx",
        "model_type": "lora", "branch": "flux1", "base_tune_id": FLUX, "trained_at": now, "created_at": now,
        "updated_at": now,
    }  # fmt: skip
    return Tune.objects.create(**defaults | fields)


def used(made):
    return [(each["tune_id"], each["kind"], each["weight"]) for each in Prompt.objects.get(pk=made["id"]).references]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<lora:1533312:1.0> ohwx woman", [(WOMAN, "lora", 1.0)]),
        ("<lora:1533312:0.83> ohwx woman", [(WOMAN, "lora", 0.83)]),
        ("<lora:ohwx:1> by its token", [(WOMAN, "lora", 1.0)]),
        ("ohwx man <faceid:123>", [(MAN, "faceid", 1.0)]),
        ("<faceid:123:1> man", [(MAN, "faceid", 1.0)]),
        ("<faceid:123:0.5> man with <lora:1533312:1>", [(MAN, "faceid", 0.5), (WOMAN, "lora", 1.0)]),
        ("<lora:1533312:0.4> <lora:ohwx:0.9> by both", [(WOMAN, "lora", 0.4)]),
    ],
)
def test_a_tag_is_recorded_with_its_weight_and_stays_in_the_text(api, text, found):
    made = api.made(text=text)

    assert used(made) == found
    assert [each["id"] for each in made["tunes"]] == [tune_id for tune_id, _, _ in found]
    assert made["text"] == text


def test_the_references_are_shown_with_title_and_class(api):
    assert api.made(text="<faceid:123> man")["tunes"] == [{"id": MAN, "title": "ohwx man (sample)", "name": "man"}]


def test_the_words_of_a_clip_may_name_references_too(api):
    made = api.made(video_model="seedance2_480p", video_prompt="<faceid:123:1> man waves")

    assert used(made) == [(MAN, "faceid", 1.0)]


# --- what can't be used ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "tag",
    ["<lora:77:1>", "<lora:123:1>", "<faceid:1533312>", "<faceid:99999999999>", "<lora:nobody:1>", "<lora:1504944:1>"],
    ids=["unknown", "a face as a LoRA", "a LoRA as a face", "a large number", "unknown name", "a base model"],
)
def test_a_tag_of_nothing_that_may_be_used_is_named_before_any_charge(api, tag):
    with nothing_moves():
        answer = api.create(text=f"{tag} a fox")

    assert answer.status_code == 422
    assert answer.json() == {"text": [f"refers to {tag}, which does not exist or is not yours"]}


def test_somebody_elses_tune_is_answered_like_one_that_never_was(api, bob):
    theirs = own_tune(bob)

    foreign, missing = (api.create(text=f"<lora:{pk}:1>") for pk in (theirs.pk, theirs.pk + 1))

    assert foreign.status_code == missing.status_code == 422
    assert foreign.content.replace(str(theirs.pk).encode(), b"X") == missing.content.replace(
        str(theirs.pk + 1).encode(), b"X"
    )


def test_somebody_elses_token_finds_nothing(api, bob):
    own_tune(bob, token="zwx")

    assert api.create(text="<lora:zwx:1>").status_code == 422


def test_the_callers_own_token_wins_over_the_houses(api, alice):
    mine = own_tune(alice, token="ohwx")

    assert used(api.made(text="<lora:ohwx:1>")) == [(mine.pk, "lora", 1.0)]


@pytest.mark.parametrize(
    "text", ['a fox --video_prompt "runs', 'an open "quotation --video', "a fox --outpaint “center"]
)
def test_flags_behind_a_quotation_mark_that_never_closes_are_refused(api, text):
    with nothing_moves():
        answer = api.create(text=text)

    assert answer.status_code == 422
    assert answer.json() == {"text": ["opens a quotation mark that never closes, so its flags can't be read"]}


@pytest.mark.parametrize("tag", ["<lora:1533312:strong>", "<faceid:ohwx>", "<lora:>", "<faceid::1>", "<lora:a b:1>"])
def test_a_malformed_tag_is_named(api, tag):
    with nothing_moves():
        answer = api.create(text=f"{tag} a fox")

    assert answer.json() == {"text": [f"holds {tag}, which is not <lora:id:weight> or <faceid:id:weight>"]}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"failed_at": timezone.now(), "trained_at": None}, "could not be trained"),
        ({"expires_at": timezone.now()}, "has expired"),
    ],
)
def test_a_tune_that_is_over_is_refused(api, alice, change, reason):
    mine = own_tune(alice, **change)

    with nothing_moves():
        answers = [api.create(text=f"<lora:{mine.pk}:1>"), api.create(path=f"/tunes/{mine.pk}/prompts", text="a cat")]

    assert [answer.json() for answer in answers] == [{"tune": [f"{mine.pk} {reason}"]}] * 2


def test_a_deleted_tune_is_gone_for_tags_and_paths(api, alice):
    mine = own_tune(alice, deleted_at=timezone.now())

    with nothing_moves():
        assert api.create(text=f"<lora:{mine.pk}:1>").status_code == 422
        assert api.create(path=f"/tunes/{mine.pk}/prompts", text="a cat").json() == {"tune": [f"{mine.pk} was deleted"]}
        assert api.get(f"/tunes/{mine.pk}/prompts").status_code == 404


def test_twenty_tunes_are_enough_for_a_text(api, django_assert_num_queries):
    text = " ".join(f"<lora:{number}:1>" for number in range(1, 22))

    api.quote(text="so that key and rows are known")

    with django_assert_num_queries(0):
        answer = api.create(text=text)

    assert answer.json() == {"text": ["refers to more than 20 tunes"]}


def test_a_text_beyond_all_measure_costs_no_queries(api, django_assert_num_queries):
    api.quote(text="so that key and rows are known")

    with django_assert_num_queries(0):
        answer = api.create(text="<lora:1:1>" * 1_001)

    assert answer.json() == {"text": ["is too long (at most 10000 characters)"]}


# --- prompts on a reference -----------------------------------------------------------------------------------------


def test_a_prompt_on_a_reference_runs_on_its_base_and_applies_it(api):
    made = api.made(path=f"/tunes/{WOMAN}/prompts", text="ohwx woman in the rain")

    assert (made["tune_id"], made["tune"]["id"], made["tunes"][0]["id"]) == (FLUX, FLUX, WOMAN)
    assert made["url"].endswith(f"{FLUX_PROMPTS}/{made['id']}.json")
    assert used(made) == [(WOMAN, "lora", 1.0)]


def test_it_answers_under_both_ids_and_alone(api):
    made = api.made(path=f"/tunes/{WOMAN}/prompts", text="ohwx woman in the rain")

    paths = [f"/tunes/{WOMAN}/prompts/{made['id']}", f"{FLUX_PROMPTS}/{made['id']}", f"/prompts/{made['id']}"]
    assert [api.get(path).json()["id"] for path in paths] == [made["id"]] * 3
    assert api.get(f"/tunes/{MAN}/prompts/{made['id']}").status_code == 404


def test_the_same_tag_in_the_text_is_not_applied_twice_and_sets_the_weight(api):
    made = api.made(path=f"/tunes/{WOMAN}/prompts", text="<faceid:123> <lora:1533312:0.4> ohwx woman")

    assert used(made) == [(WOMAN, "lora", 0.4), (MAN, "faceid", 1.0)]
    assert UsedTune.objects.filter(prompt_id=made["id"]).count() == 2


def test_lists_of_a_reference_show_the_prompts_that_use_it(api):
    posted = api.made(path=f"/tunes/{WOMAN}/prompts", text="ohwx woman")
    named = api.made(text="<lora:1533312:1> ohwx woman")
    api.made(text="a fox")

    assert [each["id"] for each in api.get(f"/tunes/{WOMAN}/prompts").json()] == [named["id"], posted["id"]]


def test_a_tune_in_training_keeps_its_prompt_waiting(api, alice, run_jobs):
    mine = own_tune(alice, trained_at=None)

    made = api.made(path=f"/tunes/{mine.pk}/prompts", text="a cat")

    prompt = Prompt.objects.get(pk=made["id"])
    assert (prompt.status, prompt.deadline, prompt.next_at) == ("waiting", None, None)
    assert made["cost_mc"] == 2_875
    assert run_jobs() == []


def test_a_workspaces_tune_is_nothing_to_its_members_personal_scope(server, alice, bob, rich):
    rich(bob, 10_000)
    mine = own_tune(alice)

    assert api_of(bob).create(path=f"/tunes/{mine.pk}/prompts", text="a cat").status_code == 404
