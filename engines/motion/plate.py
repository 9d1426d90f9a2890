"""What may be behind a subject: its place on the picture, filled from around it.

Low frequencies come from a push-pull pyramid (Gortler et al., 1996), texture from the surroundings, mirrored.
"""

from __future__ import annotations

import cv2
import numpy as np

from engines.motion.planes import Array

_MARGIN = 0.006  # of the width: the hole is this much larger than the subject
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
    smooth = pushed(rgb, hole == 0)
    texture = _mirrored(_texture(rgb, hole), hole, labels)
    strength = np.clip(1.25 - deep / reach, 0, 1)
    strength[sky] = 0
    guess = smooth + strength[..., None] * texture
    # The rim of the hole is mostly background still: the guess sets in softly there.
    share = np.clip((deep - 0.3 * margin) / (0.6 * margin), 0, 1)[..., None]
    return np.asarray(np.clip(np.rint(rgb + share * (guess - rgb)), 0, 255).astype(np.uint8))


def pushed(rgb: Array, known: Array) -> Array:
    """The picture with its unknown pixels filled by ever coarser means of the known ones, float32."""
    weight = known.astype(np.float32)
    levels = [(rgb.astype(np.float32) * weight[..., None], weight)]
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


def _texture(rgb: Array, hole: Array) -> Array:
    """What the known pixels differ from the mean around them, float32; 0 in the hole."""
    known = (hole == 0).astype(np.float32)
    sigma = max(1.5, rgb.shape[1] / 160)
    total = cv2.GaussianBlur(rgb.astype(np.float32) * known[..., None], (0, 0), sigma)
    count = cv2.GaussianBlur(known, (0, 0), sigma)
    return np.asarray((rgb - total / np.maximum(count, 1e-3)[..., None]) * known[..., None])


def _mirrored(values: Array, hole: Array, labels: Array) -> Array:
    """For each pixel of the hole the value as far on the other side of its nearest known pixel."""
    rows, columns = np.nonzero(hole == 0)
    near_row, near_column = np.zeros(labels.max() + 1, np.float32), np.zeros(labels.max() + 1, np.float32)
    near_row[labels[rows, columns]], near_column[labels[rows, columns]] = rows, columns
    y, x = np.indices(hole.shape, np.float32)
    to_x, to_y = 2 * near_column[labels] - x, 2 * near_row[labels] - y
    return np.asarray(cv2.remap(values, to_x, to_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101))
