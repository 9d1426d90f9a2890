"""Whether a picture can be made as asked. Only what would be wrong on any engine is refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from catalogue import offers, sizes
from catalogue.offers import Offer
from prompts.request import PromptRequest
from prompts.submission.trouble import Trouble
from tunes import house
from tunes.models import FAST, Tune

IMAGES_MAX = 8
THEME_MAX = 200
NEED_A_CLIP = (
    "video_first_frame", "video_last_frame", "input_video", "video_prompt", "video_duration", "video_upscale_model",
    "video_fps_model",
)  # fmt: skip
SEED_MAX = 2**32
CHOICES = {
    "scheduler": ("euler", "euler_a", "dpm++2m_karras", "dpm++sde_karras", "dpm++2m", "dpm++sde", "lcm", "tcd"),
    "color_grading": ("Film Velvia", "Film Portra", "Ektar"),
    "style": (
        "Cinematic",
        "Animated",
        "Digital Art",
        "Photographic",
        "Fantasy art",
        "Neonpunk",
        "Enhance",
        "Comic book",
        "Lowpoly",
        "Line art",
    ),
    "controlnet": (
        "composition",
        "reference",
        "segroom",
        "ipadapter",
        "lineart",
        "canny",
        "depth",
        "mlsd",
        "hed",
        "pose",
        "tile",
        "qr",
        "relight",
    ),
}
RANGES: dict[str, tuple[float, float]] = {
    "steps": (0, 50),
    "backend_version": (0, 99),
    "cfg_scale": (0, 15),
    "denoising_strength": (0, 1),
    "controlnet_conditioning_scale": (0, 1),
}


def check(request: PromptRequest, base: Tune, *, now: datetime, trouble: Trouble) -> Offer | None:
    """The offer of pictures on this base; adds to `trouble` by field."""
    if not request.text.strip():
        trouble.add("text", "can't be blank")
    for name in NEED_A_CLIP:
        if getattr(request, name):
            trouble.add("video_model", f"can't be blank when {name} is given")
    if request.image_references:
        trouble.add("image_references", "is only used together with a video_model that takes references")
    stage(request, trouble=trouble)
    _flux(request, base, trouble)
    offer = offer_of(base, now=now)
    if offer is None:
        trouble.add("tune", f"{base.pk} takes no prompts")
    return offer


def offer_of(base: Tune, *, now: datetime) -> Offer | None:
    """The offer of pictures on this base; a mock is asked for the same as the first of all bases."""
    return offers.image_offer(house.FLUX if base.branch == FAST else base.pk, now=now)


def stage(request: PromptRequest, *, trouble: Trouble) -> None:
    """The fields of the image stage, which also paints the first frame of a clip."""
    _count_and_seed(request, trouble)
    _shape(request, trouble)
    for name, (low, high) in RANGES.items():
        value = request.options.get(name)
        if value is not None and not low <= value <= high:
            trouble.add(name, f"must be between {low:g} and {high:g}")
    for name, allowed in CHOICES.items():
        value = request.options.get(name)
        if value and str(value).lower() not in {choice.lower() for choice in allowed}:
            trouble.add(name, f"must be one of {', '.join(allowed)}")
    if len(request.options.get("theme") or "") > THEME_MAX:
        trouble.add("theme", f"is too long (at most {THEME_MAX} characters)")
    if request.mask_image and not request.input_image:
        trouble.add("mask_image", "needs an input_image")


def _count_and_seed(request: PromptRequest, trouble: Trouble) -> None:
    if request.num_images is not None and not 1 <= request.num_images <= IMAGES_MAX:
        trouble.add("num_images", f"must be between 1 and {IMAGES_MAX}")
    if request.seed is not None and not 0 <= request.seed <= SEED_MAX:
        trouble.add("seed", f"must be between 0 and {SEED_MAX}")


def _shape(request: PromptRequest, trouble: Trouble) -> None:
    for name in ("w", "h"):
        value = getattr(request, name)
        if value is not None and not sizes.IMAGE_SIDE_MIN <= value <= sizes.IMAGE_SIDE_MAX:
            trouble.add(name, f"must be between {sizes.IMAGE_SIDE_MIN} and {sizes.IMAGE_SIDE_MAX}")
        elif value is not None and value % 8:
            trouble.add(name, "must be a multiple of 8")
    adaptive = ("adaptive",) if request.video_model else ()  # the model's row decides whether it is
    _ratio("aspect_ratio", request.aspect_ratio, (*sizes.ASPECT_RATIOS, *adaptive), trouble)
    _ratio("ar", request.ar, (*sizes.ASPECT_RATIOS, *sizes.LEGACY_SHAPES), trouble)
    if request.resolution and request.resolution not in sizes.IMAGE_PIXELS and not request.video_model:
        trouble.add("resolution", f"must be one of {', '.join(sizes.IMAGE_PIXELS)}")


def _ratio(name: str, value: str | None, allowed: Sequence[str], trouble: Trouble) -> None:
    if value and value not in allowed:
        trouble.add(name, f"must be one of {', '.join(allowed)}")


def _flux(request: PromptRequest, base: Tune, trouble: Trouble) -> None:
    """Texts that clients match on to try again without the field."""
    if base.branch != "flux1":
        return
    scale = request.options.get("cfg_scale")
    if scale is not None and scale >= 5:
        trouble.add("cfg_scale", "must be less than 5 for Flux")
    if request.negative_prompt.strip():
        trouble.add("negative_prompt", "is not supported by Flux")
