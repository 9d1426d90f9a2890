"""What can be told of a picture by measuring it: size, light, sharpness, colours, faces. Nothing is guessed.

All measures are of a copy whose longest side is 512 pixels, so that large and small pictures are judged alike.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np

from engines.motion import photo
from engines.motion.planes import Array

LONGEST = 512
COLOURS = 5
_CATS = "haarcascade_frontalcatface.xml"
_NAMES = {
    "black": (15, 15, 15), "grey": (128, 128, 128), "white": (240, 240, 240), "red": (190, 40, 40),
    "orange": (230, 140, 50), "yellow": (235, 215, 80), "green": (70, 140, 60), "teal": (40, 140, 140),
    "blue": (50, 90, 180), "light blue": (150, 190, 230), "purple": (120, 70, 160), "pink": (230, 150, 180),
    "brown": (110, 75, 45), "beige": (215, 195, 165),
}  # fmt: skip


def look(path: Path) -> dict[str, Any]:
    """Measures as JSON: lengths of `faces` in shares of the picture, `exposure` and `contrast` of lightness 0…1.

    :raises Rejected: not a picture
    """
    return seen(photo.load(path))


def seen(rgb: Array) -> dict[str, Any]:
    """The same of a picture in memory."""
    small = photo.shrunk(rgb, LONGEST)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    faces = _faces(grey)
    return {
        "width": rgb.shape[1],
        "height": rgb.shape[0],
        "sharpness": round(float(cv2.Laplacian(grey, cv2.CV_64F).var()), 1),
        "exposure": round(float(grey.mean()) / 255, 3),
        "contrast": round(float(grey.std()) / 255, 3),
        "palette": _palette(small),
        "faces": faces,
        "cat": not faces and bool(_found(grey, _CATS, 4)),
    }


def _faces(grey: Array) -> list[dict[str, float]]:
    """Human faces from the front, or without any from the side; largest first."""
    height, width = grey.shape
    boxes = _found(grey, "haarcascade_frontalface_alt2.xml", 5) or _found(grey, "haarcascade_profileface.xml", 7)
    return [
        {
            "x": round(x / width, 3),
            "y": round(y / height, 3),
            "width": round(w / width, 3),
            "height": round(h / height, 3),
        }
        for x, y, w, h in sorted(boxes, key=lambda box: -box[2])[:20]
    ]


def _found(grey: Array, name: str, neighbours: int) -> list[tuple[int, int, int, int]]:
    finder = photo.cascade(name)
    if finder is None:
        return []
    least = max(20, round(0.05 * min(grey.shape)))
    even = cv2.equalizeHist(grey)
    return [
        (int(x), int(y), int(w), int(h))
        for x, y, w, h in finder.detectMultiScale(even, 1.1, neighbours, minSize=(least, least))
    ]


def _palette(rgb: Array) -> list[dict[str, Any]]:
    """The commonest colours, most first: "#rrggbb", a plain name, and the share of the picture."""
    cv2.setRNGSeed(7)
    points = photo.shrunk(rgb, 96).reshape(-1, 3).astype(np.float32)
    ends = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 1.0)
    few = min(COLOURS, len(points))
    _error, labels, centres = cv2.kmeans(points, few, np.empty(0), ends, 1, cv2.KMEANS_PP_CENTERS)
    shares = np.bincount(labels.ravel(), minlength=few) / len(labels)
    return [
        {
            "colour": "#{:02x}{:02x}{:02x}".format(*(int(v) for v in np.clip(np.rint(centres[k]), 0, 255))),
            "name": _name(centres[k]),
            "share": round(float(shares[k]), 3),
        }
        for k in np.argsort(-shares, kind="stable")
    ]


def _name(rgb: Array) -> str:
    def lab(colour: Any) -> Array:
        return np.asarray(cv2.cvtColor(np.array([[colour]], np.float32) / 255, cv2.COLOR_RGB2Lab)[0, 0])

    return min(_NAMES, key=lambda name: float(np.linalg.norm(lab(rgb) - lab(_NAMES[name]))))
