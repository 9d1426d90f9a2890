"""A program that speaks ModelsLab's API: JSON by POST, its key in the body."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

VIDEO = "/api/v6/video"
# The body of seed 002, but for the key and the picture.
SEED = {
    "model_id": "wan2.2",
    "height": 512,
    "width": 512,
    "num_frames": 25,
    "num_inference_steps": 20,
    "min_guidance_scale": 1,
    "max_guidance_scale": 3,
    "motion_bucket_id": 20,
    "noise_aug_strength": 0.02,
    "webhook": None,
    "track_id": None,
}


class Lab:
    """`picture`: what it names as `init_image` if a test names nothing else."""

    def __init__(self, key: str | None, *, picture: str = "") -> None:
        self.key, self.picture = key, picture
        self.client = Client()

    def send(self, path: str, fields: dict[str, Any], **options: Any) -> HttpResponse:
        keyed = ({"key": self.key} if self.key else {}) | fields
        return self.client.post(path, json.dumps(keyed), content_type="application/json", **options)

    def animate(self, endpoint: str = "img2video", **fields: Any) -> HttpResponse:
        return self.send(f"{VIDEO}/{endpoint}", {"model_id": "wan2.2", "init_image": self.picture} | fields)

    def made(self, endpoint: str = "img2video", **fields: Any) -> dict[str, Any]:
        """A clip that was accepted, as the answer shows it."""
        answer = self.animate(endpoint, **fields)
        assert answer.status_code == 200, answer.content
        shown = answer.json()
        assert shown["status"] == "processing"
        return shown

    def fetch(self, prompt_id: object) -> dict[str, Any]:
        answer = self.send(f"{VIDEO}/fetch/{prompt_id}", {})
        assert answer.status_code == 200, answer.content
        return answer.json()

    def read(self, url: str) -> tuple[int, bytes]:
        """What stands at the address of a file, for somebody without a key."""
        answer = self.client.get(url)
        return answer.status_code, b"".join(answer.streaming_content if answer.streaming else [answer.content])
