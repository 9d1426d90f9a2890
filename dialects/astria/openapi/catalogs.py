"""The catalogs of clients."""

from __future__ import annotations

from typing import Any

from catalogue import sizes
from dialects.astria.openapi import refusals
from dialects.astria.openapi.operations import Operation, answer, operation
from dialects.astria.openapi.samples import Call

Schema = dict[str, Any]
_TEXT, _FLAG, _INTEGER = {"type": "string"}, {"type": "boolean"}, {"type": "integer"}
_MAYBE_TEXT, _NOTHING = {"type": ["string", "null"]}, {"type": "null"}
_RESOLUTIONS = {"type": "array", "items": {"enum": list(sizes.IMAGE_PIXELS)}}
_RATIOS = {"type": "array", "items": {"enum": [*sizes.ASPECT_RATIOS, "adaptive"]}}
_CAN = (
    "motion_control", "needs_input_video", "supports_last_frame", "supports_image_references",
    "supports_audio_reference", "generates_audio", "native_audio", "exclusive_media_modes",
)  # fmt: skip


def paths() -> dict[str, dict[str, Operation]]:
    line = "For the command line: models and what they can do."
    plugin = "For editor plugins: the models that pictures are made with."
    return {
        "/cli/models": {"get": _catalog("cliModels", "/cli/models", line, "CliCatalog")},
        "/plugin/models": {"get": _catalog("pluginModels", "/plugin/models", plugin, "PluginCatalog")},
        "/plugin/tunes": {"get": _catalog("pluginTunes", "/plugin/tunes", f"{plugin} An old name.", "PluginCatalog")},
    }


def schemas() -> dict[str, Schema]:
    return {"CliCatalog": _cli(), "PluginCatalog": _plugin()}


def _cli() -> Schema:
    model = _object({"tune_id": _INTEGER, "title": _TEXT, "resolutions": _RESOLUTIONS, "default": _FLAG}, "default")
    video = _object({"title": _TEXT, **dict.fromkeys(_CAN, _FLAG), "aspect_ratios": _RATIOS})
    versions = {"latest_version": _TEXT, "upgrade": _NOTHING}
    return _object({
        "models": _by_name(model, "Models of pictures by their names."),
        "default": _MAYBE_TEXT,
        "default_tune_id": {"type": ["integer", "null"]},
        "default_video_model": _MAYBE_TEXT,
        "video_models": _by_name(video, "Models of clips by their names."),
        "cache_ttl": {"type": "integer", "description": "Seconds for which it may be kept."},
        "cli": _object({"min_version": _TEXT, **versions, "download_url": _NOTHING}),
        "skills": _object(versions),
    })  # fmt: skip


def _plugin() -> Schema:
    fields = dict.fromkeys(("num_images", "prompt", "prompt_optional", "input_image_required"), _FLAG)
    model = _object({
        "id": {"type": "integer", "description": "The tune to prompt on."}, "title": _TEXT,
        "group": {"type": "string", "description": "The architecture."}, "icon": _NOTHING,
        "resolutions": _RESOLUTIONS, "default_resolution": _TEXT, "qualities": {"type": "array", "maxItems": 0},
        "default_quality": _NOTHING, "aspect_ratios": _RATIOS, "fields": _object(fields),
        "support_mask": _FLAG, "payload": {"type": "object"},
        "avg_time": _NOTHING, "timeout": _NOTHING, "timing": {"type": "object"},
    })  # fmt: skip
    return _object({
        "models": _by_name(model, "Models of pictures by their names."),
        "default_model": _MAYBE_TEXT,
        "num_images": {"type": "array", "items": _INTEGER, "description": "How many pictures may be offered."},
        "versions": {"type": "object"},
        "agent_enabled": _FLAG,
        "default_modifier": _NOTHING,
        "modifiers": {"type": "object"},
    })  # fmt: skip


def _object(properties: dict[str, Schema], *optional: str) -> Schema:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required}


def _by_name(schema: Schema, about: str) -> Schema:
    return {"type": "object", "additionalProperties": schema, "description": about}


def _catalog(id_: str, path: str, about: str, schema: str) -> Operation:
    return operation(
        id_=id_,
        tag="Service",
        summary="Catalog",
        about=f"{about} Takes no key.",
        security=[],
        responses={"200": answer("The catalog.", schema)} | refusals.named("Busy"),
        call=Call(method="GET", path=path, open=True),
    )
