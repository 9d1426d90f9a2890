"""Anything at all in any field: an answer in ModelsLab's form, 200 or 4xx, and money only for what was made."""

import json
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dialects.modelslab import schema
from prompts import books
from prompts.models import Prompt
from tests.astria.http import balance_of
from tests.astria.test_tenants import PIXELS
from tests.modelslab.http import VIDEO

ENDPOINTS = {
    "img2video": schema.IMG2VIDEO,
    "text2video": schema.TEXT2VIDEO,
    "img2video_ultra": schema.IMG2VIDEO_ULTRA,
    "text2video_ultra": schema.TEXT2VIDEO_ULTRA,
}
NAMES = sorted(
    {name for endpoint in ENDPOINTS.values() for name in endpoint.numbers}
    | {"prompt", "negative_prompt", "model_id", "init_image", "output_type", "temp", "webhook", "track_id", "portrait"}
    | {"base64", "id", "unknown"}
)
# Nothing here may fetch: a picture is never an address that could be reached.
WORDS = st.sampled_from([
    "", " ", "0", "-1", "yes", "NO", "true", "1.5", "1e3", "1e999", "NaN", "Infinity", "1_000", "٣", "gif", "ltx-2.3",
    "<lora:1533312:1>", "<lora:1:", '--video "', "{{name}}", "data:image/png;base64,AAAA", "\x00", "\ud800", "🦊",
    "A" * 10_001, "9" * 400,
])  # fmt: skip
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=12), WORDS)
VALUES = LEAVES | st.lists(LEAVES, max_size=2) | st.dictionaries(st.text(max_size=4), LEAVES, max_size=2)
GOOD = {"model_id": "svd", "prompt": "pan left", "init_image": PIXELS}
BODIES = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=4).map(lambda more: GOOD | more)
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.once  # what is stored of it, `test_what_counts_is_told` looks at on both databases
@QUICK
@given(endpoint=st.sampled_from(sorted(ENDPOINTS)), fields=BODIES)
def test_any_json_is_answered(lab, alice, endpoint, fields):
    before, made = balance_of(alice), Prompt.objects.count()

    answer = lab.send(f"{VIDEO}/{endpoint}", fields)

    shown = answer.json()
    if answer.status_code == 200:
        assert shown["status"] == "processing"
        assert len(shown["future_links"]) == 1
        meta = shown["meta"]
        for name, bounds in ENDPOINTS[endpoint].numbers.items():
            assert name == "seed" or meta[name] is None or bounds.low <= meta[name] <= bounds.high
        assert meta["width"] % 2 == meta["height"] % 2 == 0
    else:
        assert (answer.status_code, shown["status"]) == (402 if before < 17_000 else 400, "error"), (fields, shown)
        assert shown["message"] == shown["messege"] != ""
    assert (Prompt.objects.count() - made, balance_of(alice) != before) in ((1, True), (0, False))
    assert books.faults() == []


@QUICK
@given(body=st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
@pytest.mark.parametrize("content_type", ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])  # fmt: skip
def test_any_bytes_are_answered(server, client, content_type, body):
    answer = client.generic("POST", f"{VIDEO}/fetch/1", body, content_type=content_type)

    assert answer.status_code in (400, 401)
    assert answer.json()["status"] == "error"


@QUICK
@given(asked=st.text(min_size=1, max_size=30).filter(lambda text: "/" not in text and text.isprintable()))
def test_any_id_is_answered(lab, asked):
    if asked.strip(".") == "":
        return  # a path of dots is another path

    assert lab.fetch(quote(asked))["status"] == "failed"


@QUICK
@given(asked=VALUES)
def test_any_id_in_the_body_is_answered(lab, asked):
    answer = lab.send(f"{VIDEO}/fetch", {"request_id": asked})

    assert answer.json()["status"] in ("failed", "error")
    assert answer.status_code in (200, 400)
    assert json.loads(answer.content)
