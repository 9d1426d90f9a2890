"""A given picture, drawn towards a painted one: what it is about stays longest, and a mask limits where."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from engines.base import RenderRequest
from engines.motion import finish, photo
from engines.motion.cutout import Given
from engines.motion.enlarge import number
from engines.motion.planes import Array

SOFTNESS = 0.22  # of the front behind which the painting has replaced the picture
_EVEN = 0.5  # the strength at which everything gives way, where no subject stays
_RECOLOURED = 0.6  # of the strength, for what stays
_BANDS = 5
_MASK_REACH = 0.5  # of the shorter side; a mask can't be dilated further


def towards(given: Given, painted: Array, strength: float, *, subject_stays: bool) -> Array:
    """The picture where `strength` is 0, the painting where it is 1. Between them the painting comes in from what is
    least the picture's subject, in bands of detail, so that nothing is seen twice; what stays takes its colours.
    Without `subject_stays` it comes in everywhere at once.
    """
    share = float(np.clip(strength, 0, 1))
    if share in (0.0, 1.0):
        return given.rgb if share == 0 else painted
    kept = finish.recoloured(given.rgb, painted, _RECOLOURED * share)
    staying = _staying(given) if subject_stays else np.full(painted.shape[:2], _EVEN)
    gone = np.clip((share * (1 + SOFTNESS) - staying) / SOFTNESS, 0, 1)
    return _banded(kept, painted, gone.astype(np.float32))


def _staying(given: Given) -> Array:
    """0…1 per pixel: the strength at which it gives way."""
    stands_out = cv2.GaussianBlur(photo.saliency(photo.shrunk(given.rgb, 240)), (0, 0), 6)
    stands_out = np.clip(stands_out / max(float(stands_out.max()), 1e-6), 0, 1).astype(np.float32)
    size = (given.rgb.shape[1], given.rgb.shape[0])
    staying = 0.15 + 0.7 * cv2.resize(stands_out, size, interpolation=cv2.INTER_CUBIC)
    if given.alpha is not None:
        alpha = given.alpha.astype(np.float32) / 255
        staying = alpha + (0.7 * staying) * (1 - alpha)
    return np.asarray(np.clip(staying, 0, 1))


def _banded(first: Array, second: Array, share: Array) -> Array:
    """`second` over `first` by `share` (0…1), each band of detail with a front as wide as its details
    (Burt and Adelson, 1983).
    """
    bands = max(1, min(_BANDS, int(np.log2(min(share.shape))) - 3))
    one, two, weight = first.astype(np.float32), second.astype(np.float32), share
    details = []
    for _ in range(bands):
        size = (one.shape[1], one.shape[0])
        low_one, low_two = cv2.pyrDown(one), cv2.pyrDown(two)
        first_detail = one - cv2.pyrUp(low_one, dstsize=size)
        details.append(first_detail + weight[..., None] * (two - cv2.pyrUp(low_two, dstsize=size) - first_detail))
        one, two, weight = low_one, low_two, cv2.pyrDown(weight)
    mixed = one + weight[..., None] * (two - one)
    for detail in reversed(details):
        mixed = cv2.pyrUp(mixed, dstsize=(detail.shape[1], detail.shape[0])) + detail
    return np.asarray(np.clip(np.rint(mixed), 0, 255).astype(np.uint8))


# --- the mask -------------------------------------------------------------------------------------------------------


def masked(request: RenderRequest, given: Given, changed: Array) -> Array:
    """`changed` where the request's mask is white; its black pixels stay as they were, to the bit."""
    if request.mask is None:
        return changed
    where = mask(request.mask, given, request.options).astype(np.float32)[..., None] / 255
    return np.asarray(np.rint(given.rgb + (changed.astype(np.float32) - given.rgb) * where).astype(np.uint8))


def mask(path: Path, given: Given, options: Mapping[str, Any]) -> Array:
    """Grey, as large as the fitted picture and cropped as it was; inverted, grown or shrunk, then softened."""
    grey = cv2.cvtColor(photo.load(path), cv2.COLOR_RGB2GRAY)
    grey = given.fitted(cv2.resize(grey, given.original, interpolation=cv2.INTER_LINEAR))
    if options.get("mask_invert"):
        grey = 255 - grey
    reach = _pixels(options.get("mask_dilate"), grey)
    if reach:
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * abs(reach) + 1, 2 * abs(reach) + 1))
        grey = cv2.dilate(grey, kernel) if reach > 0 else cv2.erode(grey, kernel)
    blur = number(options.get("mask_blur"))
    sigma = max(1.0, grey.shape[0] / 300) if blur is None else float(np.clip(blur, 0, min(grey.shape) / 4))
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), sigma) if sigma > 0 else grey)


def _pixels(value: Any, grey: Array) -> int:
    """Read "12" as pixels, "5%" as a share of the shorter side; negative shrinks; what is no number is 0."""
    shorter = min(grey.shape)
    text = str(value or "").strip()
    read = number(text.removesuffix("%"))
    if read is None:
        return 0
    pixels = read * shorter / 100 if text.endswith("%") else read
    return round(float(np.clip(pixels, -_MASK_REACH * shorter, _MASK_REACH * shorter)))
