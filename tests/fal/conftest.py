"""A program that speaks fal's protocol, with $10; nothing is really rendered."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import pytest
from django.conf import settings as real_settings
from django.http import HttpResponse
from django.test import Client

from accounts import keys
from engines import registry
from tests.media.files import corners
from tests.prompts.engines import Obedient
from tunes import selectors

WAN = "fal-ai/wan-i2v"
MONEY_MC = 1_000_000


class Fal:
    """Sends one key with everything."""

    def __init__(self, key: str | None, **headers: str) -> None:
        self.client, self.key, self.headers = Client(), key, headers

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        sent = {"Authorization": f"Key {self.key}"} if self.key else {}
        content = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
        headers = sent | self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(
            method, path, content, content_type=headers.pop("content-type", "application/json"), headers=headers
        )

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.send("GET", path, **headers)

    def submit(
        self, endpoint: str = WAN, query: str = "", headers: dict[str, str] | None = None, **body: Any
    ) -> HttpResponse:
        return self.send("POST", f"/fal/queue/{endpoint}{query}", body, **(headers or {}))

    def submitted(self, endpoint: str = WAN, **body: Any) -> dict[str, Any]:
        answer = self.submit(endpoint, **body)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def of(self, request_id: str, tail: str = "", endpoint: str = WAN) -> HttpResponse:
        return self.get(f"/fal/queue/{endpoint}/requests/{request_id}{tail}")

    def cancel(self, request_id: str) -> HttpResponse:
        return self.send("PUT", f"/fal/queue/{WAN}/requests/{request_id}/cancel")


def fal_of(user, **scopes: Any) -> Fal:
    return Fal(keys.issue(user=user, workspace=user.personal_workspace, name="test", **scopes)[1])


@pytest.fixture(scope="session")
def picture_url() -> str:
    file = io.BytesIO()
    corners(320, 180).save(file, "JPEG", quality=92)
    return "data:image/jpeg;base64," + base64.b64encode(file.getvalue()).decode()


@pytest.fixture
def words(picture_url) -> dict[str, Any]:
    return {"prompt": "Cars racing in slow motion", "image_url": picture_url}


@pytest.fixture
def server(db, settings, monkeypatch) -> None:
    settings.CATALOGUE_TTL_S = 60
    monkeypatch.setattr(selectors, "_house_tunes", None)
    registry.configure({"motion": "tests.prompts.engines.Obedient"})
    Obedient.asked.clear()
    yield
    registry.configure(real_settings.ENGINES)


@pytest.fixture
def fal(server, alice, rich) -> Fal:
    """Alice's program."""
    return fal_of(rich(alice, MONEY_MC))
