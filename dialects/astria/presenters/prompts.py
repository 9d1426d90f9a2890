"""Prompts as Astria's JSON. There is no status field on this wire: clients read the dates."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils import timezone

from common.jobs.models import Status
from common.money import cents_of_mc
from dialects.astria.presenters.moments import moment
from media import links
from prompts.models import Input
from prompts.selectors import File, PromptRow
from prompts.submission.quote import Quote

# The image stage's fields that clients expect back even when they never sent them.
_OPTION_DEFAULTS: dict[str, Any] = {
    "cfg_scale": None,
    "steps": None,
    "super_resolution": False,
    "inpaint_faces": False,
    "hires_fix": False,
    "face_correct": False,
    "face_swap": False,
    "film_grain": False,
    "color_grading": None,
    "style": None,
    "scheduler": None,
    "controlnet": None,
    "controlnet_conditioning_scale": None,
    "controlnet_txt2img": False,
    "denoising_strength": None,
    "use_lpw": False,
    "backend_version": None,
    "prompt_expansion": False,
    "theme": None,
    "only_upscale": False,
    "tiled_upscale": False,
    "is_multiperson": False,
}


def prompt(row: PromptRow, *, origin: str, liked: bool = False, expand: Collection[str] = ()) -> dict[str, Any]:
    """One prompt. `images` and `trained_at` appear together; a failed one has `trained_at` and `user_error`."""
    p = row.columns
    return {
        "id": p.id,
        "callback": p.callback,
        "trained_at": moment(p.ended_at),
        "started_training_at": moment(p.started_at),
        "created_at": moment(p.created_at),
        "updated_at": moment(p.updated_at),
        "tune_id": p.tune_id,
        "text": p.text,
        "negative_prompt": p.negative_prompt,
        **_options(p.options, p.flags),
        "ar": p.ar or "1:1",
        "aspect_ratio": p.aspect_ratio,
        "resolution": p.resolution,
        "w": p.w,
        "h": p.h,
        "num_images": p.num_images,
        "seed": p.seed,
        "url": f"{origin}/tunes/{p.tune_id}/prompts/{p.id}.json",
        "images": [links.public(file.address, file.filename, origin=origin) for file in row.outputs if file.address],
        "content_types": [file.content_type for file in row.outputs],
        "filenames": [file.filename for file in row.outputs],
        "tune": {"id": p.tune_id, "title": row.tune_title},
        "tunes": [{"id": used["tune_id"], "title": used["title"], "name": used["name"]} for used in p.references],
        **_inputs(row.inputs, origin=origin),
        "video_model": p.video_model,
        "video_prompt": p.video_prompt,
        "video_duration": p.video_duration,
        "video_audio": p.video_audio,
        "video_upscale_model": p.video_upscale_model,
        "video_upscale_target_resolution": p.video_upscale_target_resolution,
        "video_fps_model": p.video_fps_model,
        "is_video": p.video_model is not None,
        "cost_mc": p.cost_mc,
        "user_error": p.user_error,
        "engine": p.engine or None,
        "preview_engine": p.preview,
        "unsupported": p.report.get("unsupported", []),
        "ignored": p.report.get("ignored", []),
        "workspace_id": None if row.workspace_is_personal else p.workspace_id,
        "pack_id": p.pack_id,
        "base_pack_id": p.base_pack_id,
        "order_id": p.order_id,
        "orig_prompt_id": p.orig_prompt_id,
        "prompt_likes_count": p.likes_count,
        "liked": liked,
        "is_api": p.api_key_id is not None,
        **_in_flight(p),
        **{name: [] for wanted in expand for name in _EXPANDED.get(wanted, ())},
    }


# What can be asked for by `expand`. Nothing in between is kept here, and nobody comments yet.
_EXPANDED = {
    "debug_images": ("debug_images", "debug_filenames", "debug_content_types"),
    "comments": ("comments",),
}


# Of a published prompt, what is nobody's business but its owner's.
PRIVATE = (
    "callback", "cost_mc", "user_error", "workspace_id", "is_api", "pack_id", "order_id", "orig_prompt_id",
    "input_image", "mask_image", "input_video", "video_first_frame", "video_last_frame", "image_references",
    "unsupported", "ignored", "tunes",
)  # fmt: skip


def published(row: PromptRow, *, origin: str) -> dict[str, Any]:
    """A published prompt as everybody sees it; its `images` are the addresses that everybody may know."""
    return {name: value for name, value in prompt(row, origin=origin).items() if name not in PRIVATE}


def _options(options: Mapping[str, Any], flags: Mapping[str, Any]) -> dict[str, Any]:
    """As fields, also where a flag of the text says so: `only_upscale`, `tiled_upscale`."""
    shown = {name: options.get(name, flags.get(name, default)) for name, default in _OPTION_DEFAULTS.items()}
    if shown["cfg_scale"] is not None:
        shown["cfg_scale"] = f"{float(shown['cfg_scale']):.1f}"  # a SQL decimal there, and so a string
    return shown


def _inputs(files: Sequence[File], *, origin: str) -> dict[str, Any]:
    one = {file.role: _link(file, origin) for file in files}
    return {
        "input_image": one.get(Input.Role.INPUT_IMAGE),
        "mask_image": one.get(Input.Role.MASK_IMAGE),
        "input_video": one.get(Input.Role.DRIVING),
        "video_first_frame": one.get(Input.Role.FIRST_FRAME),
        "video_last_frame": one.get(Input.Role.LAST_FRAME),
        "image_references": [_link(file, origin) for file in files if file.role == Input.Role.REFERENCE],
    }


def _link(file: File, origin: str) -> str:
    return links.signed(file.asset_id, file.filename, origin=origin)


def _in_flight(p: Any) -> dict[str, Any]:
    """Only while it is unfinished: how long it has been running."""
    if p.status not in (Status.WAITING, Status.QUEUED, Status.RUNNING):
        return {}
    elapsed = (timezone.now() - p.started_at).total_seconds() if p.started_at else 0
    return {"progress_elapsed_seconds": round(elapsed, 1)}


def quote(quote: Quote, *, balance_mc: int) -> dict[str, Any]:
    """Ours: what the create call would charge, with lines that add up to it."""
    return {
        "cost_mc": quote.cost_mc,
        "cost_cents": cents_of_mc(quote.cost_mc),
        "breakdown": quote.breakdown,
        "balance_mc": balance_mc,
        "unchecked": quote.unchecked,
    }
