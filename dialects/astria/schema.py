"""The fields of `prompt[…]`: one table that reads requests and documents them.

Unknown parameters are ignored, "" is unset, numbers and booleans may be text: clients written for Astria do all three.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.core.files.uploadedfile import UploadedFile

from callbacks import addresses
from common.errors import Invalid
from dialects.astria import params
from dialects.astria.base import WORKSPACE
from media.intake import Inline, Source, Uploaded, source_of
from prompts import syntax
from prompts.request import PromptRequest

Kind = Literal["text", "quoted", "integer", "number", "boolean", "picture", "video", "pictures", "url"]


@dataclass(frozen=True)
class Field:
    """One parameter: its name on the wire, how it is read, and what the documentation says."""

    name: str
    kind: Kind
    about: str
    stage: Literal["prompt", "image", "video"] = "prompt"
    aliases: tuple[str, ...] = ()

    @property
    def is_file(self) -> bool:
        return self.kind in ("picture", "video", "pictures")

    @property
    def is_option(self) -> bool:
        """One of the image stage's, which travel together."""
        return self.stage == "image"


FIELDS = (
    Field("text", "text", "What to paint. May hold `<lora:id:weight>` and `<faceid:id:weight>` tags."),
    Field("negative_prompt", "text", "What to keep out. Refused on Flux."),
    Field("callback", "url", 'Called with `{"prompt": {…}}` when the prompt has ended. Signed and retried.'),
    Field("workspace_id", "integer", "The workspace that gets it and pays, over `X-Workspace-Id`. One of yours."),
    Field("orig_prompt_id", "integer", "The prompt that it was made from; recorded only."),
    Field("pack_id", "integer", "Makes it a template of that pack of yours."),
    Field("base_pack_id", "integer", "The pack that it comes from; recorded only."),
    Field("order_id", "integer", "The order that it belongs to; recorded only."),
    Field("community", "boolean", "Show the results to everybody."),
    Field("num_images", "integer", "1 to 8; 1 if left out. A video prompt makes one clip."),
    Field("seed", "integer", "0 to 2³². The same request with the same seed gives the same result."),
    Field("w", "integer", "Width in pixels, a multiple of 8."),
    Field("h", "integer", "Height in pixels, a multiple of 8."),
    Field("ar", "text", "Old name of aspect_ratio; also `portrait` and `landscape`."),
    Field("aspect_ratio", "text", "1:1, 16:9, 9:16, 21:9, 9:21, 3:2, 2:3, 5:4, 4:5, 4:3 or 3:4."),
    Field("resolution", "text", "Of pictures: 1K, 2K or 4K. A clip's resolution is part of its model."),
    Field("input_image", "picture", "A picture to start from."),
    Field("mask_image", "picture", "Where input_image may change: white."),
    Field("steps", "integer", "0 to 50.", "image"),
    Field("cfg_scale", "number", "0 to 15; below 5 on Flux.", "image"),
    Field(
        "denoising_strength",
        "number",
        "0 keeps input_image, 1 ignores it; 0.8 if left out, 0 beside a flag that edits it.",
        "image",
    ),
    Field("controlnet", "text", "How input_image guides the picture.", "image"),
    Field("controlnet_conditioning_scale", "number", "0 to 1.", "image"),
    Field("controlnet_txt2img", "boolean", "Guide a picture made from words alone.", "image"),
    Field("scheduler", "text", "euler, euler_a, dpm++2m_karras, …", "image"),
    Field("style", "text", "Cinematic, Animated, Digital Art, Photographic, …", "image"),
    Field("color_grading", "text", "Film Velvia, Film Portra or Ektar.", "image"),
    Field("theme", "text", "Groups prompts; changes nothing.", "image"),
    Field("backend_version", "integer", "Recorded only.", "image"),
    Field(
        "super_resolution",
        "boolean",
        "Enlarge the result: four times below 512×512 pixels, else twice; no side beyond 4096.",
        "image",
    ),
    Field("inpaint_faces", "boolean", "Paint faces a second time; doubles the price of pictures.", "image"),
    Field("hires_fix", "boolean", "Bring out details, after enlarging.", "image"),
    Field("face_correct", "boolean", "Repair faces.", "image"),
    Field("face_swap", "boolean", "Use the reference's face.", "image"),
    Field("film_grain", "boolean", "Add grain.", "image"),
    Field("use_lpw", "boolean", "Read (word:1.2) weights.", "image"),
    Field("prompt_expansion", "boolean", "Let the model add to the words.", "image"),
    Field("video_model", "text", "Makes the prompt a clip. See the models.", "video"),
    Field("video_prompt", "quoted", "Camera movement, scene, what happens. Required for clips.", "video"),
    Field("video_duration", "integer", "Whole seconds that the model allows; its base duration if left out.", "video"),
    Field("video_audio", "boolean", "Sound, where the model has it.", "video", aliases=("generate_audio",)),
    Field(
        "video_first_frame",
        "picture",
        "The clip's first frame; `text` is then not needed.",
        "video",
        aliases=("source_image",),
    ),
    Field("video_last_frame", "picture", "The clip's last frame, on models that take one.", "video"),
    Field("input_video", "video", "The clip whose motion is replayed; required by motion-control models.", "video"),
    Field(
        "video_upscale_model",
        "text",
        "Enlarges the finished clip; see the add-ons. Its price is by the second.",
        "video",
    ),
    Field(
        "video_upscale_target_resolution",
        "text",
        "720p, 1080p, 2k or 4k, above the clip's own; 1080p if left out.",
        "video",
    ),
    Field("video_fps_model", "text", "Gives the finished clip more frames a second; see the add-ons.", "video"),
    Field("lora_scale", "number", "Weight of the tune that is prompted on; 1 if left out."),
    Field("image_references", "pictures", "Up to 9 pictures, on models that take references.", "video"),
)


@dataclass(frozen=True)
class Flag:
    """A flag inside `text` that edits the picture: its name, what follows it, and what the documentation says."""

    name: str
    takes: str
    about: str


FLAGS = (
    Flag("mask_invert", "", "Black of mask_image may change, instead of white."),
    Flag("mask_dilate", "px or N%", "Grow the mask; negative shrinks it. A percentage is of the shorter side."),
    Flag("mask_blur", "px", "How softly the mask ends."),
    Flag("only_upscale", "", "Enlarge input_image and leave it as it is otherwise."),
    Flag("tiled_upscale", "", "Enlarge, and bring out details."),
    Flag("tiled_upscale_v2", "", "As `--tiled_upscale`."),
    Flag("upscale_v4", "", "As `--tiled_upscale`."),
    Flag("upscale_factor", "1 to 4", "How many times larger; no side goes beyond 4096. Else as super_resolution."),
    Flag(
        "outpaint",
        "anchor",
        "Continue the picture on a larger canvas, where it lies `top-left`, `top-center`, `top-right`, `left-center`,"
        " `center`, `right-center`, `bottom-left`, `bottom-center` or `bottom-right`.",
    ),
    Flag(
        "outpaint_width", "px", "Of the canvas; as long as the other side if left out, half as much again without both."
    ),
    Flag("outpaint_height", "px", "Of the canvas."),
    Flag("outpaint_prompt", '"words"', "What to paint around the picture; without it, its own edges go on."),
    Flag(
        "remove_background",
        "",
        "A PNG with alpha. Where no subject is sure enough, the picture stays whole and `ignored` says so.",
    ),
    Flag("background_color", "#RRGGBB", "Put the subject on this colour."),
)
_PLAIN = tuple(field for field in FIELDS if not field.is_file)
_FILES = tuple(field for field in FIELDS if field.is_file)
_READ: dict[str, Callable[..., Any]] = {
    "integer": params.as_int,
    "number": params.as_float,
    "boolean": params.as_bool,
    "text": params.as_text,
    "url": params.as_text,
}


def read_prompt(given: Mapping[str, Any], *, tune_id: int | None, origin: str) -> PromptRequest:
    """`prompt[…]` as a request; what old text syntax says fills the fields that were left out (D8).

    :raises Invalid: every field that can't be read, at once
    """
    errors: dict[str, list[str]] = {}
    given = _merged(given, errors)
    values = {field.name: value_of(field, given, errors) for field in _PLAIN}
    values.pop(WORKSPACE)  # the caller is there already
    files = {field.name: _file(field, given, errors, origin) for field in _FILES}
    tune_id = tune_id if tune_id is not None else _tune_id(given, errors)
    check_callback(values["callback"], errors)
    if errors or tune_id is None:
        raise Invalid(errors)
    options = {field.name: values.pop(field.name) for field in _PLAIN if field.is_option}
    return PromptRequest(
        tune_id=tune_id,
        source_text=given.get("source_text", ""),
        options={name: value for name, value in options.items() if value not in (None, "")},
        **{name: value for name, value in (values | files).items() if value is not None},
    )


def read_changes(given: Mapping[str, Any], *, origin: str) -> dict[str, Any]:
    """`prompt[…]` of a duplicate: only the fields that were given, by their names in a request.

    :raises Invalid: every field that can't be read, at once
    """
    request = read_prompt(given, tune_id=params.as_int(given.get("tune_id"), field="tune_id") or 0, origin=origin)
    untold = PromptRequest(tune_id=0)
    return {
        field.name: value
        for field in dataclasses.fields(request)
        if (value := getattr(request, field.name)) != getattr(untold, field.name)
    }


def _merged(given: Mapping[str, Any], errors: dict[str, list[str]]) -> dict[str, Any]:
    """The fields, with the text's flags and block behind them; a text that is none is reported and left."""
    given = {**given, **_by_alias(given)}
    try:
        text = params.as_text(given.get("text"), field="text") or ""
    except Invalid as error:
        errors.update(error.errors)
        return {**given, "text": ""}
    legacy = syntax.read(text)
    merged = syntax.merge(fields=given, legacy=legacy)
    for name in ("input_image", "mask_image"):  # a field wins over the text's URL in whatever form it comes
        if given.get(f"{name}_url") in (None, "") and given.get(f"{name}_base64") not in (None, ""):
            merged.pop(f"{name}_url", None)
    if legacy.text != legacy.source_text:
        merged["source_text"] = legacy.source_text
    else:
        merged.pop("source_text", None)
    return merged


def _by_alias(given: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in FIELDS:
        for alias in field.aliases:
            for ending in ("", "_url") if field.is_file else ("",):
                value, own = given.get(alias + ending), given.get(field.name + ending)
                if value not in (None, "") and own in (None, ""):
                    found[field.name + ending] = value
    return found


def value_of(field: Field, given: Mapping[str, Any], errors: dict[str, list[str]]) -> Any:
    value = given.get(field.name)
    try:
        if field.kind == "quoted":
            return params.as_text(value, field=field.name, quoted=True) or None
        read = _READ[field.kind](value, field=field.name)
    except Invalid as error:
        errors.update(error.errors)
        return None
    # An empty callback is echoed as such; every other empty text was not given.
    return None if read == "" and field.kind != "url" else read


def _tune_id(given: Mapping[str, Any], errors: dict[str, list[str]]) -> int | None:
    try:
        tune_id = params.as_int(given.get("tune_id"), field="tune_id")
    except Invalid as error:
        errors.update(error.errors)
        return None
    if tune_id is None:
        errors["tune_id"] = ["can't be blank"]
    return tune_id


def _file(field: Field, given: Mapping[str, Any], errors: dict[str, list[str]], origin: str) -> Any:
    """A file under its own name, or a URL or base64 text under it with `_url` or `_base64`."""
    try:
        if field.kind == "pictures":
            return _files(field, given, origin) or None
        for ending in ("", "_url", "_base64"):
            value = given.get(field.name + ending)
            if value not in (None, ""):
                return source(value, field=field.name, origin=origin, coded=ending == "_base64")
    except Invalid as error:
        errors.update(error.errors)
    return None


def _files(field: Field, given: Mapping[str, Any], origin: str) -> list[Source]:
    files = params.items(given.get(field.name), field=field.name)
    urls = params.items(given.get("image_reference_urls"), field=field.name)
    if files and urls:
        raise Invalid({field.name: ["come either as files or as image_reference_urls, not both"]})
    return [source(value, field=field.name, origin=origin) for value in files or urls]


def source(value: Any, *, field: str, origin: str, coded: bool = False) -> Source:
    params.check_whole(value, field=field)
    if isinstance(value, UploadedFile):
        return Uploaded(value)
    if not isinstance(value, str):
        raise Invalid({field: ["is not a file"]})
    return Inline(value) if coded else source_of(value, origin=origin)


def check_callback(callback: str | None, errors: dict[str, list[str]], *, field: str = "callback") -> None:
    """That it could be called at all."""
    if callback and (fault := addresses.fault(callback)):
        errors[field] = [fault]
