"""What may be behind a subject: its place on the picture, filled from around it.

Near its rim the surroundings are mirrored inwards, so that lines and texture go on; farther in, where no move of the
camera reaches, colours come from a push-pull pyramid (Gortler et al., 1996).
"""

from __future__ import annotations

import cv2
import numpy as np

from engines.motion.planes import Array

_MARGIN = 0.0015  # of the width: the hole is this much larger than the alpha, which is grown already
_REACH = 0.06  # of the width, as far as surroundings are mirrored
_COARSER = 4  # the pyramid is built on a picture this much smaller


def plate(rgb: Array, alpha: Array) -> Array:
    """The picture without its subject; `alpha` (uint8) is as large as it."""
    width = rgb.shape[1]
    margin = max(2, round(_MARGIN * width))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * margin + 1, 2 * margin + 1))
    hole = cv2.dilate((alpha > 5).astype(np.uint8), kernel)
    if not hole.any() or hole.all():
        return rgb
    x, y, wide, high = cv2.boundingRect(hole)
    around = round(1.5 * _REACH * width)
    rows = slice(max(y - around, 0), min(y + high + around, rgb.shape[0]))
    columns = slice(max(x - around, 0), min(x + wide + around, width))
    filled = rgb.copy()
    filled[rows, columns] = _filled(rgb[rows, columns], hole[rows, columns], _REACH * width)
    return filled


def _filled(rgb: Array, hole: Array, reach: float) -> Array:
    deep = cv2.distanceTransform(hole, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    mirrored, seen = _mirrored(rgb, hole, deep, smooth=max(1.0, reach / 16))
    share = (np.clip(1.25 - deep / reach, 0, 1) * seen)[..., None]
    guess = share * mirrored + (1 - share) * _pushed_in(rgb, hole == 0)
    return np.where(hole[..., None] > 0, np.clip(np.rint(guess), 0, 255).astype(np.uint8), rgb)


def _mirrored(rgb: Array, hole: Array, deep: Array, smooth: float) -> tuple[Array, Array]:
    """What is as far outside of the rim as a pixel is inside, straight across; and how much of it is not hole, 0…1.

    The way out is taken from smoothed distances: the nearest pixels themselves would fan out from every corner.
    """
    signed = deep - cv2.distanceTransform(1 - hole, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    even = cv2.GaussianBlur(signed, (0, 0), smooth)
    slope = cv2.Scharr(even, cv2.CV_32F, 1, 0), cv2.Scharr(even, cv2.CV_32F, 0, 1)
    out = -2 * deep / np.maximum(np.hypot(*slope), 1e-6)
    y, x = np.indices(hole.shape, np.float32)
    to = np.dstack([x + out * slope[0], y + out * slope[1]])
    mirrored = cv2.remap(rgb, to, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    known = cv2.remap((1 - hole).astype(np.float32), to, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    return mirrored, cv2.GaussianBlur(known, (0, 0), smooth / 2) * known


def _pushed_in(rgb: Array, known: Array) -> Array:
    """The unknown pixels filled from outside in, float32; found on a small copy."""
    height, width = known.shape
    size = (max(2, width // _COARSER), max(2, height // _COARSER))
    weight = cv2.resize(known.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    colour = cv2.resize(np.where(known[..., None], rgb, np.uint8(0)), size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(_pushed(colour.astype(np.float32), weight), (width, height)))


def _pushed(colour: Array, weight: Array) -> Array:
    """Premultiplied colours, filled where the weight is small by ever coarser means of their surroundings."""
    levels = [(colour, weight)]
    while min(levels[-1][1].shape) > 2:
        colour, weight = (cv2.pyrDown(part) for part in levels[-1])
        levels.append((colour, weight))
    colour, weight = levels.pop()
    filled = colour / np.maximum(weight, 1e-4)[..., None]
    while levels:
        colour, weight = levels.pop()
        below = cv2.pyrUp(filled, dstsize=weight.shape[::-1])
        # A pixel that hardly any known one reaches takes the coarser guess.
        trust = np.minimum(weight * 4, 1)[..., None]
        filled = trust * colour / np.maximum(weight, 1e-4)[..., None] + (1 - trust) * below
    return np.asarray(filled)
