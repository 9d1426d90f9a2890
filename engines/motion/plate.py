"""What may be behind a subject: its place on the picture, filled from around it.

Low frequencies come from a push-pull pyramid (Gortler et al., 1996), texture from the surroundings, mirrored.
"""

from __future__ import annotations

import cv2
import numpy as np

from engines.motion.planes import Array

_MARGIN = 0.006  # of the width: the hole is this much larger than the subject
_COARSER = 4  # low frequencies are found on a picture this much smaller
_REACH = 0.06  # of the width, as far as texture is mirrored


def plate(rgb: Array, alpha: Array, sky: Array) -> Array:
    """The picture without its subject. `alpha` uint8 and `sky` boolean as large as it; no texture goes into the sky."""
    width = rgb.shape[1]
    margin = max(2, round(_MARGIN * width))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * margin + 1, 2 * margin + 1))
    hole = cv2.dilate((alpha > 5).astype(np.uint8), kernel)
    if not hole.any() or hole.all():
        return rgb
    x, y, wide, high = cv2.boundingRect(hole)
    around = 3 * margin + round(0.5 * _REACH * width)
    rows = slice(max(y - around, 0), min(y + high + around, rgb.shape[0]))
    columns = slice(max(x - around, 0), min(x + wide + around, width))
    filled = rgb.copy()
    filled[rows, columns] = _filled(rgb[rows, columns], hole[rows, columns], sky[rows, columns], margin, _REACH * width)
    return filled


def _filled(rgb: Array, hole: Array, sky: Array, margin: int, reach: float) -> Array:
    deep, labels = cv2.distanceTransformWithLabels(hole, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    pushed, around = _low(rgb, hole == 0)
    strength = np.clip(1.25 - deep / reach, 0, 1)
    strength[sky] = 0
    texture = _mirrored(cv2.subtract(rgb, around, dtype=cv2.CV_32F), hole, labels)
    guess = pushed + strength[..., None] * texture
    # The rim of the hole is mostly background still: the guess sets in softly there.
    share = np.clip((deep - 0.3 * margin) / (0.6 * margin), 0, 1)[..., None]
    return np.asarray(np.clip(np.rint(rgb + share * (guess - rgb)), 0, 255).astype(np.uint8))


def _low(rgb: Array, known: Array) -> tuple[Array, Array]:
    """Low frequencies, found on a small copy: the hole filled from outside (float32), and means of what is known."""
    height, width = known.shape
    size = (max(2, width // _COARSER), max(2, height // _COARSER))
    weight = cv2.resize(known.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    colour = cv2.resize(np.where(known[..., None], rgb, np.uint8(0)), size, interpolation=cv2.INTER_AREA)
    colour = colour.astype(np.float32)
    sigma = max(0.6, width / 160 / _COARSER)
    total, count = (cv2.GaussianBlur(part, (0, 0), sigma) for part in (colour, weight))
    around = np.clip(total / np.maximum(count, 1e-3)[..., None], 0, 255)
    pushed, around = (cv2.resize(part, (width, height)) for part in (_pushed(colour, weight), around))
    return pushed, around.astype(np.uint8)


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


def _mirrored(values: Array, hole: Array, labels: Array) -> Array:
    """For each pixel of the hole the value as far on the other side of its nearest known pixel."""
    rows, columns = np.nonzero(hole == 0)
    near = np.zeros((labels.max() + 1, 2), np.float32)
    near[labels[rows, columns]] = np.stack([columns, rows], axis=1)
    y, x = np.indices(hole.shape, np.float32)
    to = 2 * near[labels] - np.dstack([x, y])
    return np.asarray(cv2.remap(values, to, None, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REFLECT_101))
