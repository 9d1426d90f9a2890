"""A prompt once more, with changes: its fields as a request, its files as they lie in storage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from common.errors import Invalid, NotFound
from media.intake import Kept
from prompts.models import Input, Output, Prompt
from prompts.request import ExactClip, PromptRequest

_COLUMNS = (
    "text", "source_text", "negative_prompt", "callback", "seed", "w", "h", "ar", "aspect_ratio", "resolution",
    "video_model", "video_prompt", "video_duration", "video_audio", "video_upscale_model",
    "video_upscale_target_resolution", "video_fps_model", "crop", "base_pack_id", "order_id",
)  # fmt: skip


def again(
    *,
    workspace_id: int,
    prompt_id: int,
    dialect: str,
    changes: Mapping[str, Any],
    image_index: int | None,
    tune_id: int | None = None,
) -> PromptRequest:
    """The request that makes the prompt again. `changes`: fields of a PromptRequest; `image_index` picks one of its
    pictures, to go on from without painting it anew: as a clip's first frame, or as the input of a picture.

    :raises NotFound: no such prompt in this workspace, or not on that tune
    :raises Invalid: it has no such picture
    """
    prompt = _original(workspace_id, prompt_id, tune_id)
    request = _request(prompt, dialect=dialect)
    if image_index is not None:
        request = _from_picture(request, _picture(prompt, image_index), to_clip=bool(_chosen(request, changes)))
    options = {**request.options, **changes.get("options", {})}
    merged = {name: value for name, value in changes.items() if name != "options"}
    if merged.get("video_duration") is not None:
        merged.setdefault("clip", None)  # whole seconds instead of exact frames
    if "text" in merged:
        merged.setdefault("source_text", "")
    if "video_model" in changes and changes["video_model"] != prompt.video_model:
        merged = dict.fromkeys(("video_duration", "video_audio", "clip")) | merged  # the other row has its own
    return replace(request, **merged, options=options)


def _original(workspace_id: int, prompt_id: int, tune_id: int | None) -> Prompt:
    prompt = Prompt.objects.of_workspace(workspace_id).filter(pk=prompt_id).first()
    if prompt is None:
        raise NotFound
    if tune_id not in (None, prompt.tune_id) and not prompt.used_tunes.filter(tune_id=tune_id).exists():
        raise NotFound
    return prompt


def _request(prompt: Prompt, *, dialect: str) -> PromptRequest:
    columns = {name: getattr(prompt, name) for name in _COLUMNS if getattr(prompt, name) not in (None, "")}
    if prompt.dialect != dialect:  # its server expects another body
        columns.pop("callback", None)
    posted = prompt.posted_tune_id or prompt.tune_id
    weight = next((used["weight"] for used in prompt.references if used["tune_id"] == posted), None)
    return PromptRequest(
        tune_id=posted,
        **columns,
        **_files(prompt),
        num_images=None if prompt.video_model else prompt.num_images,
        options=prompt.options,
        clip=ExactClip(**prompt.clip) if prompt.clip else None,
        sampling=prompt.sampling,
        lora_scale=weight,
        orig_prompt_id=prompt.pk,
    )


def _files(prompt: Prompt) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for given in Input.objects.filter(prompt=prompt).select_related("asset").order_by("role", "position"):
        if given.role == Input.Role.REFERENCE:
            found.setdefault(given.role, []).append(Kept(given.asset))
        else:
            found[given.role] = Kept(given.asset)
    return found


def _picture(prompt: Prompt, index: int) -> Kept:
    output = Output.objects.filter(prompt=prompt, position=index).select_related("asset").first()
    if output is None or not output.asset.content_type.startswith("image/"):
        raise Invalid({"image_index": [f"there is no picture {index} in prompt {prompt.pk}"]})
    return Kept(output.asset)


def _chosen(request: PromptRequest, changes: Mapping[str, Any]) -> Any:
    return changes.get("video_model", request.video_model)


def _from_picture(request: PromptRequest, picture: Kept, *, to_clip: bool) -> PromptRequest:
    files: dict[str, Any] = {
        "input_image": None if to_clip else picture,
        "video_first_frame": picture if to_clip else None,
    }
    return replace(request, mask_image=None, **files)
