"""Requests that run as they stand on a fresh installation: its public tunes, and files that the reader puts beside."""

from __future__ import annotations

from dataclasses import dataclass

from dialects.astria.openapi.samples import Call

FLUX = 1504944


@dataclass(frozen=True, kw_only=True)
class Example:
    """A request body, and what it shows."""

    name: str
    summary: str
    call: Call


def _create(**given: object) -> Call:
    return Call(method="POST", path=f"/tunes/{FLUX}/prompts", **given)  # type: ignore[arg-type]


CLIP = Example(
    name="clip",
    summary="A clip whose first frame is painted from `text`",
    call=_create(
        fields={
            "text": "<lora:1533312:1.0> A thoughtful ohwx woman in a hidden urban garden, soft evening light",
            "video_model": "seedance_v15_720p",
            "video_prompt": "She looks at the camera and smiles, slow pan left",
            "video_duration": 5,
            "aspect_ratio": "16:9",
        }
    ),
)
CREATES = (
    CLIP,
    Example(
        name="text_to_video",
        summary="A clip from words alone",
        call=_create(
            fields={
                "video_model": "happyhorse_720p",
                "video_prompt": "A lone explorer walks across endless dunes at sunrise, zoom in",
                "video_duration": 5,
                "aspect_ratio": "16:9",
            }
        ),
    ),
    Example(
        name="first_frame",
        summary="A clip that begins with your picture",
        call=_create(
            fields={"video_model": "wan22_fast_480p", "video_prompt": "Slow zoom in, leaves move in the wind"},
            files={"video_first_frame": "garden.jpg"},
        ),
    ),
    Example(
        name="motion_control",
        summary="Your clip's motion, on somebody else",
        call=_create(
            fields={
                "text": "ohwx man <faceid:123>",
                "video_model": "kling30_motion_control_pro",
                "video_prompt": "match the dance moves",
                "video_duration": 10,
            },
            files={"input_video": "reference.mp4"},
        ),
    ),
    Example(
        name="pictures",
        summary="Two pictures",
        call=_create(fields={"text": "A lighthouse in a storm, oil on canvas", "num_images": 2, "aspect_ratio": "3:2"}),
    ),
)
FLAT = Example(
    name="clip",
    summary="The same, with the tune in the body",
    call=Call(method="POST", path="/prompts", fields={"tune_id": FLUX, **CLIP.call.fields}),
)
ONCE = Example(
    name="once",
    summary="A create call that may be sent again",
    call=_create(fields=CLIP.call.fields, idempotency_key="order-1042"),
)
