"""Anything at all in any field: an answer in Astria's form, 201 or 4xx, and money only for what was made."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dialects.astria.schema import FIELDS
from prompts import books
from tests.astria.http import FLUX_PROMPTS

# Nothing here may fetch: a file is never an address that could be reached.
NAMES = [field.name for field in FIELDS] + [
    "video_model",
    "text",
    "callback",
    "tune_id",
    "workspace_id",
    "generate_audio",
]
WORDS = st.sampled_from([
    "", "0", "1", "-1", "true", "False", "1.5", "1e3", "NaN", "null", "16:9", "adaptive", "portrait", "kling25", "720p",
    "seedance2_480p", "dreamactor_m2", "hailuo02", "<lora:1533312:1>", "<faceid:x:1>", "<lora:1:", "--video", '--video "',
    "a\nw=1\nh=2\nseed=3", "a\nvideo_model=480p\nw=512\nh=512", "a --video --duration 5", "data:image/png;base64,AAAA",
    "\x00", "\ud800", "🦊", "́" * 9, "A" * 10_001, "9" * 25,
])  # fmt: skip
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(0, 100),
    st.floats(allow_nan=False),
    st.text(max_size=12),
    WORDS,
)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
                      max_leaves=4)  # fmt: skip
BODIES = st.fixed_dictionaries({}, optional={"text": st.just("a fox"), "video_prompt": st.just("pan left")}).flatmap(
    lambda base: st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=5).map(lambda more: base | more)
)
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def sent(api, body: bytes, content_type: str, path: str):
    headers = {"Authorization": f"Bearer {api.key}"}
    return api.client.generic("POST", path, body, content_type, headers=headers)


def is_fine(answer) -> bool:
    """201 or 200 with an object, or a refusal in one of Astria's two forms."""
    body = answer.json()
    if answer.status_code in (200, 201):
        return "cost_mc" in body
    if answer.status_code == 422:
        return all(isinstance(each, list) and all(isinstance(text, str) for text in each) for each in body.values())
    return 400 <= answer.status_code < 500 and body["status"] == answer.status_code and bool(body["error"])


@QUICK
@given(fields=BODIES)
def test_any_json_is_answered(api, fields):
    answer = sent(api, json.dumps({"prompt": fields}).encode(), "application/json", FLUX_PROMPTS)

    assert is_fine(answer), (fields, answer.content)
    assert books.faults() == []


@QUICK
@given(fields=BODIES)
def test_any_quote_is_answered(api, fields):
    quoted = sent(api, json.dumps({"prompt": fields}).encode(), "application/json", f"{FLUX_PROMPTS}/quote")

    assert is_fine(quoted), (fields, quoted.content)


@QUICK
@given(names=st.lists(st.text(st.sampled_from("[]prompt0a. _"), max_size=20), max_size=6), value=st.text(max_size=5))
def test_any_names_of_a_form_are_answered(api, names, value):
    body = "&".join(f"{name}={value}" for name in names).encode("utf-8", "surrogatepass")

    assert is_fine(sent(api, body, "application/x-www-form-urlencoded", FLUX_PROMPTS))


@QUICK
@given(body=st.binary(max_size=200))
@pytest.mark.parametrize("content_type", ["application/json", "multipart/form-data; boundary=x", ""])
def test_any_bytes_are_answered(api, body, content_type):
    assert is_fine(sent(api, body, content_type, FLUX_PROMPTS))


@QUICK
@given(query=st.dictionaries(st.sampled_from(["limit", "offset", "before_id", "tune_id", "text", "is_video"]),
                             LEAVES.map(str).map(lambda text: text.replace("\ud800", "?")), max_size=4))  # fmt: skip
def test_any_query_of_a_list_is_answered(api, query):
    answer = api.get("/prompts", **query)

    assert (answer.status_code == 200 and answer.json() == []) or answer.status_code in (400, 422)
