"""GET of one prompt and of lists: filters, pages, and what they cost the database."""

from __future__ import annotations

import pytest
from django.utils import timezone

from prompts import lifecycle
from prompts.models import Prompt
from tests.astria.http import FLUX, FLUX_PROMPTS, SDXL, WOMAN, api_of


def ids(answer):
    assert answer.status_code == 200, answer.content
    return [each["id"] for each in answer.json()]


@pytest.fixture
def five(api):
    """Ids of five prompts, oldest first."""
    return [api.made(text=f"fox {number}")["id"] for number in range(5)]


# --- one ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/prompts/{}", "/prompts/{}.json", "/prompts/{}/", FLUX_PROMPTS + "/{}.json"])
def test_a_prompt_reads_the_same_as_when_it_was_made(api, path):
    made = api.made(text="a garden", video_model="kling25", video_prompt="pan left", callback="https://e.example/?a=1")

    answer = api.get(path.format(made["id"]))

    assert answer.status_code == 200
    assert answer.json() == made


@pytest.mark.parametrize("number", ["0", "999999", "999999999999999999", "9" * 19, "9" * 40, "abc", "1.5", "-1"])
def test_an_id_of_nothing_is_not_found(api, number):
    for path in (f"/prompts/{number}", f"{FLUX_PROMPTS}/{number}", f"/tunes/{number}/prompts", f"/tunes/{number}"):
        answer = api.get(path)
        assert (answer.status_code, answer.json()) == (404, {"status": 404, "error": "Not Found"})


def test_a_prompt_does_not_answer_under_a_tune_that_it_has_nothing_to_do_with(api):
    made = api.made(text="a fox")

    assert api.get(f"/tunes/{SDXL}/prompts/{made['id']}").status_code == 404


def test_one_read_takes_two_queries(api, django_assert_num_queries):
    made = api.made(text="a fox")

    with django_assert_num_queries(2):
        api.get(f"/prompts/{made['id']}")


# --- how the state reads --------------------------------------------------------------------------------------------


def test_a_running_prompt_says_how_long_it_has_been_running(api):
    made = api.made(text="a fox")
    Prompt.objects.update(status="running", started_at=timezone.now() - timezone.timedelta(seconds=12))

    shown = api.get(f"/prompts/{made['id']}").json()

    assert shown["started_training_at"] is not None
    assert 12 <= shown["progress_elapsed_seconds"] < 20
    assert (shown["trained_at"], shown["images"]) == (None, [])


def test_a_failed_prompt_has_an_end_and_a_reason_and_no_images(api):
    made = api.made(text="a fox")
    lifecycle.fail(prompt_id=made["id"], code="expired", message="Too late.", now=timezone.now())

    shown = api.get(f"/prompts/{made['id']}").json()

    assert (shown["user_error"], shown["images"]) == ("Too late.", [])
    assert shown["trained_at"] is not None
    assert "progress_elapsed_seconds" not in shown


def test_a_prompt_cancelled_elsewhere_says_so(api):
    made = api.made(text="a fox")
    lifecycle.cancel(prompt_id=made["id"], now=timezone.now())

    shown = api.get(f"/prompts/{made['id']}").json()

    assert (shown["user_error"], shown["images"], shown["trained_at"] is None) == ("Cancelled", [], False)


# --- pages ----------------------------------------------------------------------------------------------------------


def test_a_list_is_a_bare_array_newest_first(api, five):
    answer = api.get("/prompts")

    assert isinstance(answer.json(), list)
    assert ids(answer) == five[::-1]


def test_an_item_of_a_list_is_the_whole_prompt(api):
    made = api.made(text="a fox")

    assert api.get("/prompts").json() == [made]


def test_twenty_come_without_a_limit(api):
    for _ in range(21):
        api.made(text="a fox")

    assert len(ids(api.get("/prompts"))) == 20


@pytest.mark.parametrize(("limit", "count"), [("3", 3), ("1", 1), ("0", 1), ("-5", 1), ("200", 121 - 1), ("", 20)])
def test_a_limit_is_brought_into_its_range(api, limit, count):
    first = Prompt.objects.get(pk=api.made(text="a fox")["id"])
    copies = [Prompt(**{field.attname: getattr(first, field.attname) for field in Prompt._meta.fields
                        if not field.primary_key}) for _ in range(121)]  # fmt: skip
    Prompt.objects.bulk_create(copies)

    assert len(ids(api.get("/prompts", limit=limit))) == count


def test_pages_by_key_meet_without_gap_or_overlap(api, five):
    seen, before = [], {}
    while page := ids(api.get("/prompts", limit=2, **before)):
        seen += page
        before = {"before_id": page[-1]}

    assert seen == five[::-1]


def test_a_page_by_key_stays_the_same_when_new_prompts_come(api, five):
    before = ids(api.get("/prompts", limit=2, before_id=five[3]))
    api.made(text="a newer fox")

    assert ids(api.get("/prompts", limit=2, before_id=five[3])) == before == [five[2], five[1]]


def test_an_offset_counts_from_the_newest(api, five):
    assert ids(api.get("/prompts", limit=2, offset=1)) == [five[3], five[2]]
    assert ids(api.get("/prompts", offset=5)) == []
    assert ids(api.get("/prompts", offset=10_000)) == []
    assert ids(api.get("/prompts", offset=-1)) == five[::-1]


@pytest.mark.parametrize(("path", "deepest"), [("/prompts", 10_000), (FLUX_PROMPTS, 10_000), ("/tunes", 200)])
def test_an_offset_ends_somewhere_and_says_what_to_use_instead(api, path, deepest):
    assert api.get(path, offset=deepest).status_code == 200

    answer = api.get(path, offset=deepest + 1)

    assert answer.status_code == 400
    assert "before_id" in answer.json()["error"]


@pytest.mark.parametrize("name", ["limit", "offset", "before_id", "tune_id", "is_video"])
@pytest.mark.parametrize("value", ["x", "1.5", "9" * 30, "[]"])
def test_what_is_no_number_is_refused_under_its_name(api, name, value):
    answer = api.get("/prompts", **{name: value})

    assert answer.status_code == 422
    assert list(answer.json()) == [name]


@pytest.mark.parametrize("count", [1, 20, 120])
def test_a_page_takes_two_queries_whatever_its_length(api, django_assert_num_queries, count):
    first = Prompt.objects.get(pk=api.made(text="<faceid:123> a fox")["id"])
    copies = [Prompt(**{field.attname: getattr(first, field.attname) for field in Prompt._meta.fields
                        if not field.primary_key}) for _ in range(count - 1)]  # fmt: skip
    Prompt.objects.bulk_create(copies)
    api.get(FLUX_PROMPTS)  # so that key and tune are known

    with django_assert_num_queries(2):
        assert len(ids(api.get("/prompts", limit=120))) == count
    with django_assert_num_queries(2):
        assert len(ids(api.get(FLUX_PROMPTS, limit=120))) == count


# --- filters --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("fox", ["a red Fox", "a FOX_1"]),
        ("FOX", ["a red Fox", "a FOX_1"]),
        ("_", ["a FOX_1"]),
        ("%", ["100% wool"]),
        ("0% w", ["100% wool"]),
        ("!", ["stop!"]),
        ("Äpfel", ["grüne Äpfel"]),
        ("grüne", ["grüne Äpfel"]),
        ("'; DROP TABLE prompts_prompt; --", []),
        ("", ["a red Fox", "a FOX_1", "100% wool", "stop!", "grüne Äpfel"]),
    ],
)
def test_text_is_searched_for_as_it_stands(api, wanted, found):
    for text in ("a red Fox", "a FOX_1", "100% wool", "stop!", "grüne Äpfel"):
        api.made(text=text)

    assert [each["text"] for each in api.get("/prompts", text=wanted).json()] == found[::-1]


def test_a_null_character_finds_nothing_and_breaks_nothing(api):
    answer = api.get("/prompts", text="a\x00b")

    assert (answer.status_code, list(answer.json())) == (422, ["text"])


def test_clips_and_pictures_can_be_told_apart(api):
    still = api.made(text="a fox")["id"]
    clip = api.made(text="a fox", video_model="kling25", video_prompt="pan left")["id"]

    assert ids(api.get("/prompts", is_video="true")) == [clip]
    assert ids(api.get("/prompts", is_video="false")) == [still]
    assert ids(api.get("/prompts", is_video="")) == [clip, still]


def test_a_list_can_be_of_one_tune(api):
    flux, sdxl = api.made(text="a fox")["id"], api.made(path=f"/tunes/{SDXL}/prompts", text="a fox")["id"]
    woman = api.made(path=f"/tunes/{WOMAN}/prompts", text="ohwx woman")["id"]

    assert ids(api.get(f"/tunes/{SDXL}/prompts")) == ids(api.get("/prompts", tune_id=SDXL)) == [sdxl]
    assert ids(api.get(FLUX_PROMPTS)) == [woman, flux]
    assert ids(api.get("/prompts", tune_id=WOMAN)) == [woman]


def test_filters_and_pages_go_together(api):
    made = [api.made(text=f"fox {number % 2}")["id"] for number in range(6)]

    assert ids(api.get("/prompts", text="fox 1", limit=2)) == [made[5], made[3]]
    assert ids(api.get("/prompts", text="fox 1", limit=2, before_id=made[3])) == [made[1]]
    assert ids(api.get("/prompts", text="fox 1", limit=2, offset=2)) == [made[1]]


def test_unknown_filters_are_ignored(api, five):
    assert len(ids(api.get("/prompts", page="2", per_page="1", shiny="maybe"))) == 5


def test_a_list_is_of_ones_own(api, five, bob):
    assert ids(api_of(bob).get("/prompts")) == []
    assert ids(api_of(bob).get(FLUX_PROMPTS)) == []


def test_nothing_of_it_names_a_status(api):
    made = api.made(text="a fox")

    assert not {"status", "state"} & set(api.get(f"/tunes/{FLUX}/prompts/{made['id']}").json())
