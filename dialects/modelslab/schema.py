"""The fields of ModelsLab's video calls: one table an endpoint, read as leniently as its clients write.

Unknown fields are ignored, `null` and "" are absent, numbers and switches may be text, and a number beyond a bound
becomes the bound. What counts in the end is told in `meta`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from callbacks import addresses
from catalogue import offers
from common.errors import Invalid
from media import links
from media.intake import Inline, Source, source_of
from prompts.request import ClipType, ExactClip, PromptRequest, Wish
from prompts.submission.accept import SEED_RANGE
from prompts.submission.videos import FPS_RANGE
from tunes import house

T = TypeVar("T")
# Their models, as rows of the catalogue; whatever else is named counts as the first.
MODELS = {"wan2.2": "wan22_fast_480p", "ltx-2.3": "ltx23_720p"}
DEFAULT_MODEL = "wan2.2"
WITHOUT_WORDS = "Subtle natural motion"  # D7
TEMPORARY_S = 86_400
FARTHEST = 2**63  # beyond every bound, and still a number to all
TRACK_ID_MAX = 1_000
SHOWN_URL_MAX = 2_000
TYPES: dict[str, ClipType] = {"mp4": "video/mp4", "gif": "image/gif"}
SWITCHES = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


@dataclass(frozen=True)
class Number:
    """A number between two bounds, both allowed; `default` if it is not given."""

    default: float | None
    low: float
    high: float
    whole: bool = True


@dataclass(frozen=True)
class Endpoint:
    """What one of the calls takes. The clip's size is its `width` and `height`, or follows from a `resolution`."""

    needs: tuple[str, ...]
    numbers: Mapping[str, Number]
    output: str = "mp4"
    is_wide: bool = False  # 16:9 by its short side, `resolution`; upright with `portrait`


_FREE = {"seed": Number(None, -1, SEED_RANGE - 1)}  # below 0: none
_BOX = {"width": Number(512, 64, 512), "height": Number(512, 64, 512)}
_FPS = Number(8, FPS_RANGE[0], 16)
_ULTRA = {
    "resolution": Number(480, 64, 480),
    "num_frames": Number(81, 1, 81),
    "fps": Number(15, FPS_RANGE[0], 16),
    "num_inference_steps": Number(25, 1, 25),
    "guidance_scale": Number(4, 0, 8, whole=False),
    "sample_shift": Number(5, 0, 10, whole=False),
}
IMG2VIDEO = Endpoint(
    needs=("model_id", "init_image"),
    numbers=_FREE | _BOX | {
        "num_frames": Number(16, 1, 25),
        "fps": _FPS,
        "num_inference_steps": Number(20, 1, 50),
        "min_guidance_scale": Number(1, 1, 8, whole=False),
        "max_guidance_scale": Number(3, 1, 8, whole=False),
        "motion_bucket_id": Number(127, 0, 255),
        "noise_aug_strength": Number(None, 0, 1, whole=False),
    },
)  # fmt: skip
TEXT2VIDEO = Endpoint(
    needs=("prompt",),
    numbers=_FREE | _BOX | {
        "num_frames": Number(25, 1, 25),
        "fps": _FPS,
        "num_inference_steps": Number(20, 1, 50),
        "guidance_scale": Number(7, 0, 8, whole=False),
    },
    output="gif",
)  # fmt: skip
IMG2VIDEO_ULTRA = Endpoint(needs=("init_image", "prompt"), numbers=_FREE | _ULTRA, is_wide=True)
TEXT2VIDEO_ULTRA = Endpoint(needs=("prompt",), numbers=_FREE | _ULTRA, is_wide=True)
_NOT_SAMPLING = frozenset({"seed", "width", "height", "resolution", "num_frames", "fps"})


def read(endpoint: Endpoint, given: Mapping[str, Any], *, origin: str, now: datetime) -> PromptRequest:
    """A body as a request; `echo` holds what answers have to say again: {track_id, meta}.

    :raises Invalid: every field that is missing or can't be read, at once
    """
    errors: dict[str, list[str]] = {name: ["is required"] for name in endpoint.needs if _blank(given.get(name))}
    fields = _Reader(given, errors)
    model = _model(given.get("model_id"))
    said = {
        "model_id": model,
        "output_type": fields.choice("output_type", TYPES, endpoint.output),
        "temp": _yes(is_on=fields.switch("temp")),
        "webhook": fields.webhook(),
        "track_id": fields.track_id(),
    }
    if endpoint.is_wide:
        said["portrait"] = _yes(is_on=fields.switch("portrait"))
    words, negative = fields.text("prompt").strip(), fields.text("negative_prompt")
    numbers = _effective(_numbers(endpoint, fields, MODELS[model], now), upright=said.get("portrait") == "yes")
    picture = _picture(fields, origin=origin) if "init_image" in endpoint.needs else None
    if errors:
        raise Invalid(errors)
    seed, told = numbers.pop("seed"), said | numbers
    if picture:
        told["init_image"] = _shown(str(given["init_image"]))
    return PromptRequest(
        text="" if picture else words,  # paints the first frame
        negative_prompt=negative,
        video_prompt=words or WITHOUT_WORDS,
        video_first_frame=picture,
        seed=seed if seed is not None and seed >= 0 else None,
        echo={"track_id": said["track_id"], "meta": told},
        **_clip(said, numbers),
    )


def _clip(said: Mapping[str, Any], numbers: Mapping[str, Any]) -> dict[str, Any]:
    """What is to be made, where it will be, and who is told."""
    return {
        "tune_id": house.FLUX,
        "video_model": MODELS[said["model_id"]],
        "clip": ExactClip(
            frames=numbers["num_frames"], fps=numbers["fps"], width=numbers["width"], height=numbers["height"]
        ),
        "sampling": _sampling(numbers),
        "wish": Wish(
            content_type=TYPES[said["output_type"]],
            address=links.new_address(),
            kept_s=TEMPORARY_S if said["temp"] == "yes" else None,
        ),
        "callback": said["webhook"],
    }


class _Reader:
    """The fields by their kinds; what can't be read is noted, and its default given back."""

    def __init__(self, given: Mapping[str, Any], errors: dict[str, list[str]]) -> None:
        self._given, self._errors = given, errors

    def text(self, name: str) -> str:
        return self._read(name, _text, "", "has to be text")

    def number(self, name: str, bounds: Number) -> Any:
        value = self._read(name, _number, bounds.default, "has to be a number")
        if value is None:
            return None
        value = min(max(value, bounds.low), bounds.high)
        return math.floor(value) if bounds.whole or value == int(value) else value

    def switch(self, name: str) -> bool:
        return self._read(name, _switch, False, 'has to be "yes" or "no"')

    def choice(self, name: str, among: Mapping[str, Any], default: str) -> str:
        """Case does not count, and what is none of these is the default."""
        value = str(self._given.get(name) or default).lower()
        return value if value in among else default

    def webhook(self) -> str | None:
        url = self.text("webhook").strip() or None
        if url and (fault := addresses.fault(url)):
            self._errors["webhook"] = [fault]
        return url

    def track_id(self) -> str | int | float | None:
        """As it was sent, numbers too: it is only ever said again."""
        self._read("track_id", _text, "", "has to be text or a number")
        value: str | int | float | None = self._given.get("track_id")
        if len(str(value)) > TRACK_ID_MAX:
            self._errors["track_id"] = [f"is too long (at most {TRACK_ID_MAX} characters)"]
        return value

    def _read(self, name: str, reader: Callable[[Any], T], default: T, message: str) -> T:
        value = self._given.get(name)
        if _blank(value):
            return default
        try:
            return reader(value)
        except (TypeError, ValueError, OverflowError):
            self._errors.setdefault(name, []).append(message)
            return default


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _text(value: Any) -> str:
    """
    :raises TypeError: neither text nor a number
    :raises ValueError: it holds what no database stores
    """
    if not isinstance(value, str):
        _number(value)
    text = str(value)
    text.encode()  # half a character, as JSON can spell it, is a ValueError too
    if "\x00" in text:
        raise ValueError
    return text


def _number(value: Any) -> float:
    """
    :raises TypeError, ValueError: none
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError
    if isinstance(value, int) and abs(value) > FARTHEST:
        return FARTHEST if value > 0 else -FARTHEST
    number = float(value)
    if not math.isfinite(number):
        raise ValueError
    return number


def _switch(value: Any) -> bool:
    """
    :raises ValueError: it is none
    """
    word = str(value).strip().lower()
    if word not in SWITCHES:
        raise ValueError
    return SWITCHES[word]


def _model(value: Any) -> str:
    name = value.strip().lower() if isinstance(value, str) else ""
    return name if name in MODELS else DEFAULT_MODEL


def _numbers(endpoint: Endpoint, fields: _Reader, row: str, now: datetime) -> dict[str, Any]:
    """Within the wire's bounds, of frames the row's too. A row that can't be had is left to the quote to refuse."""
    bounds, offer = dict(endpoint.numbers), offers.find(row, now=now)
    if offer is not None and offer.exact_frames_max:
        frames = bounds["num_frames"]
        high = min(frames.high, offer.exact_frames_max)
        bounds["num_frames"] = replace(frames, low=min(offer.exact_frames_min, high), high=high)
    return {name: fields.number(name, bound) for name, bound in bounds.items()}


def _effective(numbers: Mapping[str, Any], *, upright: bool) -> dict[str, Any]:
    """What counts of numbers that have to fit each other: even sides, as films need them; the lower guidance first."""
    fitted = dict(numbers)
    if "resolution" in numbers:
        short = _even(numbers["resolution"])
        sides = short, _even(round(short * 16 / 9))
        fitted |= {"resolution": short, "width": sides[not upright], "height": sides[upright]}
    else:
        fitted |= {name: _even(numbers[name]) for name in ("width", "height")}
    if "min_guidance_scale" in numbers:
        names = ("min_guidance_scale", "max_guidance_scale")
        fitted |= zip(names, sorted(numbers[name] for name in names), strict=True)
    return fitted


def _even(pixels: int) -> int:
    return pixels - pixels % 2


def _picture(fields: _Reader, *, origin: str) -> Source | None:
    """An address, a data URL, or with `base64` the bare letters of one."""
    text = fields.text("init_image")
    if fields.switch("base64") and "://" not in text[:10]:
        return Inline(text)
    return source_of(text, origin=origin)


def _shown(source: str) -> str | None:
    """What `meta` says of the picture: where it came from, if it came from somewhere."""
    return source if source.startswith("http") and len(source) <= SHOWN_URL_MAX else None


def _sampling(numbers: Mapping[str, Any]) -> dict[str, Any]:
    """What engines are told; those that know one guidance get the larger of two."""
    told = {name: value for name, value in numbers.items() if name not in _NOT_SAMPLING and value is not None}
    if "max_guidance_scale" in told:
        told["guidance_scale"] = told.pop("max_guidance_scale")
    return told


def _yes(*, is_on: bool) -> str:
    """As this API's answers write it."""
    return "yes" if is_on else "no"
