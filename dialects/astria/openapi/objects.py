"""The objects of the answers as JSON Schema; a test holds them against what `presenters` writes."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]
ONLY_WHILE_UNFINISHED = "progress_elapsed_seconds"


def _of(kind: str, about: str = "", **more: Any) -> Schema:
    """A property; a kind that ends in "?" may be null."""
    types: Any = [kind[:-1], "null"] if kind.endswith("?") else kind
    return {"type": types, **more} | ({"description": about} if about else {})


def _moment(about: str, *, null: bool = True) -> Schema:
    return _of("string?" if null else "string", about, format="date-time")


def _url(about: str, *, null: bool = True) -> Schema:
    return _of("string?" if null else "string", about, format="uri")


def _urls(about: str) -> Schema:
    return _of("array", about, items=_url("", null=False))


def _object(about: str, properties: dict[str, Schema], *, optional: tuple[str, ...] = ()) -> Schema:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "description": about, "properties": properties, "required": required}


_LIFE: dict[str, Schema] = {
    "id": _of("integer"),
    "callback": _of("string?", "As it was given."),
    "trained_at": _moment("When it ended, well or not. Null while it waits or runs."),
    "started_training_at": _moment("When rendering began. Null while it waits."),
    "created_at": _moment("", null=False),
    "updated_at": _moment("", null=False),
}
_WORDS: dict[str, Schema] = {
    "tune_id": _of("integer", "The base model it runs on. After a POST to a LoRA or FaceID tune: that tune's base."),
    "text": _of("string", "Without the video flags and the `key=value` block, which have become fields."),
    "negative_prompt": _of("string"),
}
_IMAGE_STAGE: dict[str, Schema] = {
    "cfg_scale": _of("string?", "A decimal in a string, as `7.0`."),
    "steps": _of("integer?"),
    "super_resolution": _of("boolean"),
    "inpaint_faces": _of("boolean"),
    "hires_fix": _of("boolean"),
    "face_correct": _of("boolean"),
    "face_swap": _of("boolean"),
    "film_grain": _of("boolean"),
    "color_grading": _of("string?"),
    "style": _of("string?"),
    "scheduler": _of("string?"),
    "controlnet": _of("string?"),
    "controlnet_conditioning_scale": _of("number?"),
    "controlnet_txt2img": _of("boolean"),
    "denoising_strength": _of("number?"),
    "use_lpw": _of("boolean"),
    "backend_version": _of("integer?"),
    "prompt_expansion": _of("boolean"),
    "theme": _of("string?"),
    "only_upscale": _of("boolean"),
    "tiled_upscale": _of("boolean"),
    "is_multiperson": _of("boolean"),
}
_SHAPE: dict[str, Schema] = {
    "ar": _of("string"),
    "aspect_ratio": _of("string?"),
    "resolution": _of("string?"),
    "w": _of("integer?"),
    "h": _of("integer?"),
    "num_images": _of("integer"),
    "seed": _of("integer?", "As it was given; null stays null."),
}
_RESULTS: dict[str, Schema] = {
    "url": _url("The prompt's own address.", null=False),
    "images": _urls("The results: pictures, or one MP4. Written together with `trained_at`. No key is needed to read."),
    "content_types": _of("array", "Of `images`, in the same order.", items=_of("string")),
    "filenames": _of("array", "Of `images`, in the same order.", items=_of("string")),
    "tune": _object("The base model.", {"id": _of("integer"), "title": _of("string")}),
    "tunes": _of(
        "array",
        "The LoRA and FaceID tunes it uses.",
        items=_object("", {"id": _of("integer"), "title": _of("string"), "name": _of("string?")}),
    ),
}
_INPUTS: dict[str, Schema] = {
    name: _url("Your file, under a link that lives for 30 to 60 minutes.")
    for name in ("input_image", "mask_image", "input_video", "video_first_frame", "video_last_frame")
} | {"image_references": _urls("Your files, under links that live for 30 to 60 minutes.")}
_VIDEO: dict[str, Schema] = {
    "video_model": _of("string?"),
    "video_prompt": _of("string?"),
    "video_duration": _of("integer?", "Seconds."),
    "video_audio": _of("boolean?", "As it was given; null when it was not."),
    "video_upscale_model": _of("string?"),
    "video_upscale_target_resolution": _of("string?"),
    "video_fps_model": _of("string?"),
    "is_video": _of("boolean"),
}
_OUTCOME: dict[str, Schema] = {
    "cost_mc": _of("integer", "What it cost, in millicents: 1,000 are one cent. Given back in full if it fails."),
    "user_error": _of("string?", "Why it failed, in words for your user. It has cost nothing then."),
    "engine": _of("string?", "What rendered it. Null before that."),
    "preview_engine": _of("boolean", "True when that engine only stands in for the model named."),
    "unsupported": _of("array", "What of the words the engine could not do.", items={}),
    "ignored": _of("array", "Fields and flags that changed nothing on this engine.", items=_of("string")),
}
_PLACE: dict[str, Schema] = {
    "workspace_id": _of("integer?", "Null in a personal workspace."),
    "pack_id": _of("integer?"),
    "base_pack_id": _of("integer?"),
    "order_id": _of("integer?"),
    "orig_prompt_id": _of("integer?"),
    "prompt_likes_count": _of("integer"),
    "liked": _of("boolean"),
    "is_api": _of("boolean"),
    ONLY_WHILE_UNFINISHED: _of("number", "Only while unfinished: seconds since rendering began."),
}
PROMPT = _object(
    "A prompt. There is no status field: it waits while `started_training_at` is null, runs until `trained_at` is set,"
    " and has failed when `user_error` is set.",
    _LIFE | _WORDS | _IMAGE_STAGE | _SHAPE | _RESULTS | _INPUTS | _VIDEO | _OUTCOME | _PLACE,
    optional=(ONLY_WHILE_UNFINISHED,),
)
TUNE = _object(
    "A base model, or a LoRA or FaceID tune that a text may refer to.",
    {
        "id": _of("integer"),
        "title": _of("string"),
        "name": _of("string?", "The class: `woman`, `man`, …"),
        "is_api": _of("boolean"),
        "token": _of("string?", "The word that stands for the subject."),
        "eta": _moment("When training is expected to end."),
        "callback": _of("string?"),
        "trained_at": _moment("When it became usable."),
        "started_training_at": _moment(""),
        "expires_at": _moment(""),
        "created_at": _moment("", null=False),
        "updated_at": _moment("", null=False),
        "model_type": _of("string?", "`lora`, `pti` or `faceid`; null for a checkpoint or a base model."),
        "base_tune_id": _of("integer?"),
        "branch": _of("string?", "The base's architecture: `flux1`, `sd15`, `sdxl1`, …"),
        "args": _of("string?"),
        "steps": _of("integer?"),
        "face_crop": _of("boolean?"),
        "ckpt_url": _url(""),
        "ckpt_urls": _urls(""),
        "url": _url("The tune's own address.", null=False),
        "orig_images": _urls("Its pictures, under links that live for 30 to 60 minutes."),
        "auto_extend": _of("boolean", "Further storage is paid for when it ends."),
        "characteristics": _of("object?", "What `{{key}}` stands for in the texts of prompts on it."),
        "cost_mc": _of("integer", "What its training cost, in millicents. Given back in full if it fails."),
        "user_error": _of("string?", "Why it could not be trained, in words for your user."),
        "engine": _of("string?", "What trained it. Null before that, and where nothing was trained."),
        "preview_engine": _of("boolean", "True when that engine only stands in for real training."),
        "ignored": _of("array", "Training fields that changed nothing on this engine.", items=_of("string")),
        "prompts": _of(
            "array", "Only in the answer to a create call with prompts.", items={"$ref": "#/components/schemas/Prompt"}
        ),
    },
    optional=("prompts",),
)
_LINE = _object(
    "",
    {
        "label": _of("string"),
        "quantity": _of("integer"),
        "unit": _of("string", enum=["second", "frame", "image", "step"]),
        "amount_mc": _of("integer"),
    },
)
QUOTE = _object(
    "What the create call would charge at this moment.",
    {
        "cost_mc": _of("integer", "Millicents: 1,000 are one cent."),
        "cost_cents": _of("number", "The same in cents, for people."),
        "breakdown": _of("array", "Lines that add up to `cost_mc`.", items=_LINE),
        "balance_mc": _of("integer", "What the paying wallet holds."),
        "unchecked": _of("array", "Files that count as good here; the create call looks at them.", items=_of("string")),
    },
)
TUNE_QUOTE = {
    **QUOTE,
    "properties": QUOTE["properties"] | {"steps": _of("integer", "Training steps; 0 where nothing is trained.")},
    "required": [*QUOTE["required"], "steps"],
}
INVALID = {
    "type": "object",
    "description": "Each field with its messages; `base` is the request as a whole.",
    "additionalProperties": _of("array", items=_of("string"), minItems=1),
    "minProperties": 1,
}
PROBLEM = _object(
    "",
    {
        "status": _of("integer"),
        "error": _of("string"),
        "message": _of("string", "In words, where there is more to say."),
    },
    optional=("message",),
)
DELETED = _object("", {"message": _of("string")})
HEALTH = _object("", {"ok": _of("boolean")})
READINESS = _object(
    "",
    {
        "ok": _of("boolean"),
        "checks": {
            "type": "object",
            "additionalProperties": _object(
                "", {"ok": _of("boolean"), "error": _of("string", "Only when it failed.")}, optional=("error",)
            ),
        },
    },
)
SCHEMAS: dict[str, Schema] = {
    "Prompt": PROMPT,
    "Tune": TUNE,
    "Quote": QUOTE,
    "TuneQuote": TUNE_QUOTE,
    "Invalid": INVALID,
    "Problem": PROBLEM,
    "Deleted": DELETED,
    "Health": HEALTH,
    "Readiness": READINESS,
}
