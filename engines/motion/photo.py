"""Read a photo: load, find what it is about, fit it to the frame, guess how far its parts are away."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from engines.base import Rejected
from engines.motion.planes import Array

LONGEST = 4096
_CASCADES = ("haarcascade_frontalface_alt2.xml", "haarcascade_profileface.xml")


@dataclass(frozen=True)
class Focus:
    """Where to look, in shares of the picture's width and height; `face` is the face's share of the width, else 0."""

    x: float
    y: float
    face: float


@dataclass(frozen=True)
class Canvas:
    """A picture scaled so that the view fits in; the view at rest is the `width`×`height` window at (`left`, `top`)."""

    rgb: Array
    left: int
    top: int
    width: int
    height: int

    def view(self) -> Array:
        return np.ascontiguousarray(self.rgb[self.top : self.top + self.height, self.left : self.left + self.width])


def load(path: Path) -> Array:
    """RGB uint8 without alpha.

    :raises Rejected: not a picture that can be read
    """
    return load_rgba(path)[0]


def load_rgba(path: Path) -> tuple[Array, Array | None]:
    """RGB and, when the file has one that is not all opaque, its alpha.

    :raises Rejected: not a picture that can be read
    """
    image = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_UNCHANGED) if path.stat().st_size else None
    if image is None:
        raise Rejected("The picture can't be read.")
    if image.dtype != np.uint8:
        image = cv2.convertScaleAbs(image, alpha=1 / 257)
    if image.ndim == 2:
        image = cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)
    alpha = np.ascontiguousarray(image[..., 3]) if image.shape[2] == 4 else None
    rgb = np.asarray(cv2.cvtColor(image[..., :3], cv2.COLOR_BGR2RGB))
    return rgb, None if alpha is None or alpha.min() > 250 else alpha


def fit(path: Path, width: int, height: int) -> Array:
    """The `width`×`height` view of a picture, cropped round its focus."""
    return canvas(load(path), width, height).view()


def fit_exactly(path: Path, width: int, height: int) -> Array:
    """As `fit`, for odd sizes too: pictures, other than frames, may have them."""
    return fit(path, width + width % 2, height + height % 2)[:height, :width]


def canvas(rgb: Array, width: int, height: int, focus: Focus | None = None) -> Canvas:
    """Scale until the view is covered; what overflows is kept, so that a pan has somewhere to go."""
    focus = focus or find_focus(rgb)
    scale = max(width / rgb.shape[1], height / rgb.shape[0])
    size = (max(width, _even(rgb.shape[1] * scale)), max(height, _even(rgb.shape[0] * scale)))
    scaled = rescale(rgb, size[0], size[1])
    left = _window(focus.x * size[0], width, size[0])
    top = _window(focus.y * size[1], height, size[1])
    return Canvas(scaled, left, top, width, height)


def rescale(rgb: Array, width: int, height: int) -> Array:
    """Area filter down, cubic up with a little sharpening above 1.6×."""
    factor = width / rgb.shape[1]
    if (rgb.shape[1], rgb.shape[0]) == (width, height):
        return rgb
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    scaled = cv2.resize(rgb, (width, height), interpolation=method)
    if factor <= 1.6:
        return np.asarray(scaled)
    blurred = cv2.GaussianBlur(scaled, (0, 0), 0.6 * factor)
    return np.asarray(cv2.addWeighted(scaled, 1.2, blurred, -0.2, 0))


def _even(value: float) -> int:
    return 2 * round(value / 2)


def _window(centre: float, view: int, total: int) -> int:
    """Even, so that chroma stays in phase."""
    return int(min(max(centre - view / 2, 0), total - view)) // 2 * 2


# --- focus ----------------------------------------------------------------------------------------------------------

_known: dict[tuple[bytes, tuple[int, ...]], Focus] = {}


def find_focus(rgb: Array) -> Focus:
    """The largest face at .62 of its height, else the most salient spot; portraits without a face look above centre."""
    small = shrunk(rgb, 320)
    key = (hashlib.blake2b(small.tobytes(), digest_size=16).digest(), rgb.shape)
    if key not in _known:
        if len(_known) > 64:
            _known.clear()
        _known[key] = _face_focus(small) or _salient_focus(small)
    return _known[key]


def shrunk(rgb: Array, longest: int) -> Array:
    factor = min(1.0, longest / max(rgb.shape[:2]))
    size = (max(8, round(rgb.shape[1] * factor)), max(8, round(rgb.shape[0] * factor)))
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA))


def _face_focus(small: Array) -> Focus | None:
    grey = cv2.equalizeHist(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY))
    least = round(0.09 * min(grey.shape))
    for name, neighbours in zip(_CASCADES, (4, 6), strict=True):
        finder = cascade(name)
        faces = finder.detectMultiScale(grey, 1.15, neighbours, minSize=(least, least)) if finder else ()
        if len(faces):
            x, y, w, h = max(faces, key=lambda box: int(box[2]))
            return Focus((x + w / 2) / grey.shape[1], (y + 0.62 * h) / grey.shape[0], w / grey.shape[1])
    return None


@cache
def cascade(name: str) -> Any:
    """A face finder, or None where this OpenCV has none: then pictures are read without faces."""
    if not hasattr(cv2, "CascadeClassifier"):
        return None
    return cv2.CascadeClassifier(str(Path(cv2.data.haarcascades) / name))


def _salient_focus(small: Array) -> Focus:
    """The centre of what differs from the border, drawn half way back to the middle."""
    weight = saliency(small) ** 3
    total = float(weight.sum()) + 1e-6
    rows, columns = np.indices(weight.shape)
    x = float((columns * weight).sum()) / total / weight.shape[1]
    y = float((rows * weight).sum()) / total / weight.shape[0]
    middle = 0.38 if small.shape[0] > 1.2 * small.shape[1] else 0.5
    return Focus(0.5 + 0.5 * (x - 0.5), middle + 0.5 * (y - middle), 0.0)


def saliency(rgb: Array) -> Array:
    """0…1 per pixel: Lab distance to the means of the four border strips (the three nearest), times a centre prior."""
    lab = cv2.cvtColor(rgb, cv2.COLOR_RGB2Lab).astype(np.float32)
    rows, columns = max(1, rgb.shape[0] // 12), max(1, rgb.shape[1] // 12)
    strips = (lab[:rows], lab[-rows:], lab[:, :columns], lab[:, -columns:])
    distances = np.stack([np.linalg.norm(lab - strip.reshape(-1, 3).mean(0), axis=2) for strip in strips])
    distance = np.sort(distances, axis=0)[:3].mean(0)
    y, x = np.mgrid[0 : rgb.shape[0], 0 : rgb.shape[1]].astype(np.float32)
    prior = np.exp(-(((x / rgb.shape[1] - 0.5) / 0.42) ** 2) - ((y / rgb.shape[0] - 0.55) / 0.42) ** 2)
    value = cv2.GaussianBlur(distance * (0.35 + 0.65 * prior).astype(np.float32), (0, 0), 2)
    return np.asarray(value / max(float(value.max()), 1e-6))


def depth(rgb: Array, focus: Focus) -> Array:
    """A plausible depth, 0 far … 1 near, 240 samples long: ground comes nearer downwards, what stands out is near.

    Very smooth on purpose: one layer bends what is straight wherever depth changes fast.
    """
    small = shrunk(rgb, 240)
    height, width = small.shape[:2]
    rows = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    ground = np.clip((rows - 0.38) / 0.62, 0, 1) ** 0.8
    stands_out = saliency(small)
    if focus.face:
        stands_out = np.maximum(stands_out, _body(focus, width, height))
    value = 0.75 * (0.12 + 0.55 * ground + 0.24 * stands_out) + 0.28 * stands_out
    return np.asarray(cv2.GaussianBlur(value.astype(np.float32), (0, 0), width / 8))


def ground(rgb: Array) -> Array:
    """The depth of what is behind a subject, 240 samples long: nearer downwards, nothing else is known of it."""
    small = shrunk(rgb, 240)
    rows = np.linspace(0, 1, small.shape[0], dtype=np.float32)[:, None]
    value = 0.09 + 0.45 * np.clip((rows - 0.38) / 0.62, 0, 1) ** 0.8
    value = np.repeat(value.astype(np.float32), small.shape[1], axis=1)
    return np.asarray(cv2.GaussianBlur(value, (0, 0), small.shape[1] / 8))


def _body(focus: Focus, width: int, height: int) -> Array:
    """A head and the shoulders below it, as a soft mask."""
    mask = np.zeros((height, width), np.float32)
    centre = (round(focus.x * width), round(focus.y * height))
    head = max(2, round(focus.face * width))
    cv2.ellipse(mask, centre, (round(0.62 * head), round(0.85 * head)), 0, 0, 360, 1, -1)
    cv2.ellipse(mask, (centre[0], centre[1] + 2 * head), (round(1.4 * head), round(1.5 * head)), 0, 0, 360, 0.9, -1)
    return mask
