"""The account-wide switch of Astria: a request that equals an earlier one is that one (R18). Off by default.

Whoever has the switch on gives each prompt a digest, and an index lets one workspace hold it once; a prompt that came
to nothing gives its digest back.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from django.db import IntegrityError, transaction

from prompts.models import Prompt
from prompts.submission.accept import accept
from prompts.submission.prepare import Prepared

_COLUMNS = ("text", "seed", "callback", "negative_prompt", "ar", "num_images", "w", "h")
_OPTIONS = (
    "cfg_scale", "steps", "super_resolution", "face_correct", "controlnet", "denoising_strength", "use_lpw",
    "controlnet_conditioning_scale", "hires_fix", "scheduler", "controlnet_txt2img", "inpaint_faces",
)  # fmt: skip

_OF_CLIPS = (
    "video_model", "video_prompt", "video_audio", "video_upscale_model", "video_upscale_target_resolution",
    "video_fps_model", "aspect_ratio", "resolution", "crop",
)  # fmt: skip


def accept_once(*, prepared: Prepared, now: datetime) -> tuple[Prompt, bool]:
    """The prompt, and whether it is new; an equal one of before is answered in its place, and nothing is charged.

    :raises PriceChanged, InsufficientFunds: as `accept`
    """
    if not prepared.caller.collapses_duplicates:
        return accept(prepared=prepared, agreed_mc=None, now=now), True
    key = digest(prepared)
    twin = _find(prepared, key)
    if twin is not None:
        return twin, False
    try:
        with transaction.atomic():
            return accept(prepared=prepared, agreed_mc=None, now=now, twin_key=key), True
    except IntegrityError:  # another request was faster, by less than a transaction
        twin = _find(prepared, key)
        if twin is None:
            raise
        return twin, False


def digest(prepared: Prepared) -> str:
    """SHA-256 of the attributes that Astria's documentation names, as the answer shows them: what is left out is equal
    to its default. That list is older than clips; of a clip, everything that shapes it counts.
    """
    request = prepared.quote.request
    told = {name: getattr(request, name) for name in _COLUMNS} | {name: request.options.get(name) for name in _OPTIONS}
    told |= {"tune_id": request.tune_id, "num_images": request.num_images or 1, "ar": request.ar or "1:1"}
    if request.video_model:
        told |= {name: getattr(request, name) for name in _OF_CLIPS}
        told["video_duration"] = prepared.quote.seconds
        told["files"] = [(role, position, file.sha256) for role, position, file in prepared.inputs]
    said = {name: value for name, value in told.items() if value not in (None, "", False)}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _find(prepared: Prepared, key: str) -> Prompt | None:
    return Prompt.objects.of_workspace(prepared.caller.workspace_id).filter(twin_key=key).first()
