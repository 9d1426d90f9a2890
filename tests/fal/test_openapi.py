"""Endpoints describe themselves, as fal publishes it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone
from openapi_spec_validator import OpenAPIV30SpecValidator

from dialects.fal import endpoints
from tests.fal.conftest import WAN

pytestmark = pytest.mark.usefixtures("server")


def document(endpoint):
    return Client().get("/fal/api/openapi/queue/openapi.json", {"endpoint_id": endpoint})


def test_wan_is_described_as_its_published_schema_has_it():
    told = document(WAN).json()

    takes = told["components"]["schemas"]["WanI2VInput"]
    assert takes["required"] == ["prompt", "image_url"]
    bounds = {
        name: (field.get("minimum"), field.get("maximum"), field.get("default"))
        for name, field in takes["properties"].items()
    }
    assert {name: bounds[name] for name in ("num_frames", "frames_per_second", "num_inference_steps", "guide_scale", "shift")} == {
        "num_frames": (81, 100, 81), "frames_per_second": (5, 24, 16), "num_inference_steps": (2, 40, 30),
        "guide_scale": (1, 10, 5), "shift": (1, 10, 5),
    }  # fmt: skip
    assert takes["properties"]["resolution"] | {"title": ""} == {
        "default": "720p", "enum": ["720p", "480p"], "type": "string", "title": "",
    }  # fmt: skip
    assert takes["properties"]["aspect_ratio"]["enum"] == ["auto", "16:9", "9:16", "1:1"]
    assert list(told["paths"]) == [
        f"/{WAN}", f"/{WAN}/requests/{{request_id}}", f"/{WAN}/requests/{{request_id}}/status",
        f"/{WAN}/requests/{{request_id}}/cancel",
    ]  # fmt: skip
    assert told["servers"] == [{"url": "http://testserver/fal/queue"}]


def test_every_endpoint_has_a_document_and_a_page():
    ids = [endpoint.id for endpoint in endpoints.all(now=timezone.now())]

    assert len(ids) == len(set(ids)) > 30
    for endpoint in ids:
        assert document(endpoint).status_code == 200
        assert f"Model ID: `{endpoint}`" in Client().get(f"/fal/models/{endpoint}/llms.txt").content.decode()


def test_its_page_tells_prices_from_the_catalogue():
    page = Client().get(f"/fal/models/{WAN}/llms.txt").content.decode()

    assert "Price: 40¢ at 720p, 20¢ at 480p; ×1.25 above 81 frames." in page
    assert "- `num_frames` (integer, 81 to 100, default 81)" in page
    assert "preview engine" in page


def test_an_unknown_endpoint_has_none():
    assert document("fal-ai/none").status_code == 404


def test_it_is_valid():
    told = document(WAN).json()

    assert list(OpenAPIV30SpecValidator(told).iter_errors()) == []
