"""What fal's endpoints take, as pydantic models: they read a body, name what is wrong with it as fal's own servers do
(which are made of pydantic too), and describe themselves for OpenAPI.

`fal-ai/wan-i2v` as its published schema has it; every other image-to-video row of the catalogue with the fields that
carry over. Bounds, durations and resolutions come from the rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, create_model

from catalogue.offers import Offer
from prompts.submission.images import SEED_MAX

NEGATIVE = (
    "bright colors, overexposed, static, blurred details, subtitles, style, artwork, painting, picture, still, overall"
    " gray, worst quality, low quality, JPEG compression residue, ugly, incomplete, extra fingers, poorly drawn hands,"
    " poorly drawn faces, deformed, disfigured, malformed limbs, fused fingers, still picture, cluttered background,"
    " three legs, many people in the background, walking backwards"
)
EXAMPLE = {
    "prompt": "Cars racing in slow motion",
    "image_url": "https://storage.googleapis.com/falserverless/gallery/car_720p.png",
}
Ratio = Literal["auto", "16:9", "9:16", "1:1"]
_RATIO = Field(
    default="auto",
    description="Of the clip. `auto` follows the picture; another one is cut out of its centre.",
)
_SAFETY = Field(
    default=False, description="The server's own content rules hold in any case; this can't switch them off."
)
_SEED = Field(default=None, ge=0, le=SEED_MAX, description="Random, and told in the answer, if left out.")


class Input(BaseModel):
    """What all endpoints read; unknown fields are ignored, as fal does."""

    model_config = ConfigDict(extra="ignore")

    prompt: str = Field(min_length=1, description="What happens in the clip.", examples=[EXAMPLE["prompt"]])


@lru_cache(maxsize=32)
def wan(resolutions: tuple[str, ...], default: str, frames: tuple[int, int], fps: int) -> type[Input]:
    """`WanI2VInput`. `resolutions` and `frames` (least, most) are those of the rows behind it; `fps` is theirs."""
    fields: dict[str, Any] = {
        "image_url": _picture(needed=True),
        "negative_prompt": (str, Field(default=NEGATIVE, description="What to keep out.")),
        "num_frames": (int, Field(default=frames[0], ge=frames[0], le=frames[1], description="Exactly so many.")),
        "frames_per_second": (int, Field(default=fps, ge=5, le=24)),
        "seed": (int | None, _SEED),
        "resolution": (_one_of(resolutions), Field(default=default)),
        "num_inference_steps": (int, Field(default=30, ge=2, le=40)),
        "guide_scale": (float, Field(default=5, ge=1, le=10)),
        "shift": (float, Field(default=5, ge=1, le=10)),
        "enable_safety_checker": (bool, _SAFETY),
        "enable_prompt_expansion": (bool, Field(default=False)),
        "acceleration": (Literal["none", "regular"], Field(default="regular")),
        "aspect_ratio": (Ratio, _RATIO),
    }
    return create_model("WanI2VInput", __base__=Input, **fields)


@dataclass(frozen=True)
class RowFields:
    """What of a row decides on its endpoint's fields."""

    name: str
    durations: tuple[int, ...]
    default_seconds: int
    audio: str
    last_frame: bool
    words_alone: bool  # it films without a picture too


def of_row(offer: Offer) -> type[Input]:
    """The input of one row's endpoint."""
    return _of_row(RowFields(
        offer.name, offer.durations, offer.default_seconds, offer.audio, offer.last_frame,
        "text_to_video" in offer.tasks,
    ))  # fmt: skip


@lru_cache(maxsize=128)
def _of_row(row: RowFields) -> type[Input]:
    duration: Any = Annotated[_one_of(row.durations), BeforeValidator(_seconds)]
    fields: dict[str, Any] = {
        "image_url": _picture(needed=not row.words_alone),
        "negative_prompt": (str, Field(default="")),
        "duration": (duration, Field(default=row.default_seconds, description="Seconds.")),
        "seed": (int | None, _SEED),
        "enable_safety_checker": (bool, _SAFETY),
        "aspect_ratio": (Ratio, _RATIO),
    }
    if row.last_frame:
        fields["end_image_url"] = (str | None, Field(default=None, description="The last frame."))
    if row.audio != "none":
        fields["generate_audio"] = (bool, Field(default=row.audio == "on"))
    return create_model(f"{_words(row.name)}Input", __base__=Input, **fields)


def _one_of(values: tuple[Any, ...]) -> Any:
    """The type of these values; only known when the catalogue is."""
    return Literal[values]


def _picture(*, needed: bool) -> tuple[Any, Any]:
    if needed:
        told = Field(min_length=1, description="The first frame; a data URI will do.", examples=[EXAMPLE["image_url"]])
        return str, told
    return str | None, Field(default=None, description="The first frame; without it the clip is made of words alone.")


def _seconds(value: Any) -> Any:
    """5, "5" and "5s": fal's own models write it in all three ways."""
    text = value.strip().removesuffix("s") if isinstance(value, str) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else value


def _words(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
