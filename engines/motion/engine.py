"""The engine itself: it says what it can do without loading anything heavy, and hands a request to `stage`."""

from __future__ import annotations

from typing import Any

from engines.base import TASKS, Capabilities, Desk, Rejected, RenderRequest, Result, Trained, TrainRequest

VERSION = "1.0"
MAX_FRAMES = 1500  # that are asked for at once; an extended clip may have more
MAX_PIXELS = 4096 * 2304
MOST_SAMPLES = 1800 * 1920 * 1080  # frames × pixels of a whole clip: 75 s at 1080p, 24 frames a second
IMAGE_PIXELS = 4096 * 4096  # of one picture
IMAGE_OPTIONS = frozenset({
    "style", "color_grading", "film_grain", "super_resolution", "hires_fix", "cfg_scale", "denoising_strength",
    "mask_invert", "mask_dilate", "mask_blur", "only_upscale", "tiled_upscale", "tiled_upscale_v2", "upscale_v4",
    "upscale_factor", "outpaint", "outpaint_width", "outpaint_height", "outpaint_prompt", "remove_background",
    "background_color",
})  # fmt: skip


class MotionEngine:
    """Classical graphics on the CPU: a preview that stands in for every model, and says so."""

    name = "motion"

    def capabilities(self) -> Capabilities:
        return Capabilities(
            tasks=frozenset(TASKS), audio=True, preview=True, max_frames=MAX_FRAMES, max_pixels=MAX_PIXELS,
            trains=frozenset({"lora", "pti", "faceid", "checkpoint"}),
            image_options=IMAGE_OPTIONS,
        )  # fmt: skip

    def render(self, request: RenderRequest, desk: Desk) -> Result:
        """Make one picture or clip.

        :raises Rejected: an input is missing or unreadable, or the size is beyond the capabilities
        :raises Cancelled: the desk said so, or the deadline passed; the folder is empty then
        """
        _refuse_impossible(request)
        from engines.motion import stage  # noqa: PLC0415  OpenCV and PyAV load here, in a worker, and nowhere else

        return stage.render(request, desk)

    def train(self, request: TrainRequest, desk: Desk) -> Trained:
        """Learn how the pictures look, and cut out what they show; a preview of what a trained model would do.

        :raises Rejected: one of the pictures can't be read
        :raises Cancelled: the desk said so, or the deadline passed
        """
        from engines.motion import appearance  # noqa: PLC0415  as above

        return appearance.learn(request, desk)


_ADD_ONS = ("upscale", "faster")  # sold for every clip that there is; they hold a frame or two of it at a time
_NEEDS: dict[str, tuple[str, ...]] = {
    "image_to_video": ("first",), "first_last": ("first", "last"), "motion": ("first", "driving"),
    "references": ("references",), "extend": ("driving",), "upscale": ("driving",), "faster": ("driving",),
}  # fmt: skip


def _refuse_impossible(request: RenderRequest) -> None:
    if request.task not in TASKS:
        raise Rejected(f"There is no task called {request.task}.")
    missing: list[Any] = [name for name in _NEEDS.get(request.task, ()) if not getattr(request, name)]
    if missing:
        raise Rejected(f"{request.task} needs {' and '.join(missing)}.")
    most = IMAGE_PIXELS if request.task == "image" else MAX_PIXELS
    if min(request.width, request.height) < 16 or request.width * request.height > most:
        raise Rejected(f"A frame of {request.width}×{request.height} is not possible.")
    if request.task != "image" and (request.width % 2 or request.height % 2):
        raise Rejected("Clips need an even width and height.")
    if not 1 <= request.frames <= MAX_FRAMES or request.fps < 1:
        raise Rejected(f"A clip has 1 to {MAX_FRAMES} frames.")
    longest = MOST_SAMPLES // (request.width * request.height)
    if request.frames > longest and request.task not in _ADD_ONS:
        raise Rejected(f"At {request.width}×{request.height} a clip has at most {longest} frames.")
