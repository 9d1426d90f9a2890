"""`{{key}}` in a text stands for a characteristic of the tunes that it is made with."""

from __future__ import annotations

import pytest

from prompts.models import Prompt
from prompts.rendering import plan
from tests.astria.test_references import own_tune


@pytest.fixture
def woman(alice):
    return own_tune(alice, characteristics={"eye_color": "green eyes", "hair": "red hair"})


def told(made):
    prompt = Prompt.objects.get(pk=made["id"])
    return plan.words(prompt, prompt.text)


def test_the_engine_is_told_the_value_and_the_text_stays_as_it_was(api, woman):
    made = api.made(path=f"/tunes/{woman.pk}/prompts", text="ohwx woman, {{eye_color}} and {{ hair }}")

    assert told(made) == "ohwx woman, green eyes and red hair"
    assert made["text"] == "ohwx woman, {{eye_color}} and {{ hair }}"


def test_a_tune_that_is_named_by_a_tag_counts_after_the_one_posted_to(api, woman, alice):
    other = own_tune(alice, characteristics={"eye_color": "blue eyes", "age": "20 yo"})
    made = api.made(path=f"/tunes/{woman.pk}/prompts", text=f"<lora:{other.pk}:1> {{{{eye_color}}}}, {{{{age}}}}")

    assert told(made) == "green eyes, 20 yo"


def test_a_key_that_nothing_is_known_of_leaves_nothing(api, woman):
    assert told(api.made(path=f"/tunes/{woman.pk}/prompts", text="a woman {{glasses}} smiling")) == "a woman smiling"
    assert told(api.made(text="a fox {{eye_color}}")) == "a fox"
