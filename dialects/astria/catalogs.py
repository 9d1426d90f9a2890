"""The catalogs that the command line and the editor plugins read before anybody has a key."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from catalogue import offers, sizes
from catalogue.offers import Offer
from dialects.astria.base import AstriaView, answer
from prompts.submission import images

CACHE_S = 3_600
COUNTS = (1, 2, 3, 4, 8)  # of pictures, that a plugin offers
LATEST = "1.0.0"  # of clients: none is ever told to upgrade


class CliModels(AstriaView):
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        every = offers.all(now=timezone.now())
        pictures = [offer for offer in every if offer.kind == "image"]
        videos = [offer for offer in every if offer.kind == "video"]
        return _public({
            "models": {offer.name: _cli_model(offer, default=offer is pictures[0]) for offer in pictures},
            "default": pictures[0].name if pictures else None,
            "default_tune_id": pictures[0].tune_id if pictures else None,
            "default_video_model": videos[0].name if videos else None,
            "video_models": {offer.name: _cli_video(offer) for offer in videos},
            "cache_ttl": CACHE_S,
            "cli": {"min_version": "0.0.0", "latest_version": LATEST, "upgrade": None, "download_url": None},
            "skills": {"latest_version": LATEST, "upgrade": None},
        })  # fmt: skip


class PluginModels(AstriaView):
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        pictures = [offer for offer in offers.all(now=timezone.now()) if offer.kind == "image"]
        return _public({
            "models": {offer.name: _plugin_model(offer) for offer in pictures},
            "default_model": pictures[0].name if pictures else None,
            "num_images": [count for count in COUNTS if count <= images.IMAGES_MAX],
            "versions": {},
            "agent_enabled": False,
            "default_modifier": None,
            "modifiers": {},
        })  # fmt: skip


def _public(body: dict[str, Any]) -> HttpResponse:
    response = answer(body)
    response["Cache-Control"] = f"public, max-age={CACHE_S}"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _cli_model(offer: Offer, *, default: bool) -> dict[str, Any]:
    shown = {"tune_id": offer.tune_id, "title": offer.title, "resolutions": list(sizes.IMAGE_PIXELS)}
    return shown | ({"default": True} if default else {})


def _cli_video(offer: Offer) -> dict[str, Any]:
    sounds = offer.audio != "none"
    return {
        "title": offer.title,
        "motion_control": "motion" in offer.tasks,
        "needs_input_video": "input_video" in offer.requires,
        "supports_last_frame": offer.last_frame,
        "supports_image_references": "references" in offer.tasks,
        "supports_audio_reference": False,
        "generates_audio": sounds,
        "native_audio": offer.audio == "on",
        "exclusive_media_modes": "references" in offer.tasks,
        "aspect_ratios": [*sizes.ASPECT_RATIOS, *(["adaptive"] if "references" in offer.tasks else [])],
    }


def _plugin_model(offer: Offer) -> dict[str, Any]:
    return {
        "id": offer.tune_id,
        "title": offer.title,
        "group": offer.branch,
        "icon": None,
        "resolutions": list(sizes.IMAGE_PIXELS),
        "default_resolution": next(iter(sizes.IMAGE_PIXELS)),
        "qualities": [],
        "default_quality": None,
        "aspect_ratios": list(sizes.ASPECT_RATIOS),
        "fields": {"num_images": True, "prompt": True, "prompt_optional": False, "input_image_required": False},
        "support_mask": True,
        "payload": {},
        "avg_time": None,
        "timeout": None,
        "timing": {},
    }
