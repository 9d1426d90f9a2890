"""A tune as this engine learns it: no weights of a network, but how its pictures look, and their subject cut out.

The profile holds colours in OpenCV's 8-bit Lab (0…255 each): `mean`, `spread` and a `palette` of rows L, a, b, share;
and `texture`, the energy of lightness in octaves from fine to coarse, in the same levels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from engines.base import Desk, Rejected, Trained, TrainRequest
from engines.motion import cutout, photo
from engines.motion.clip import Check, awaited
from engines.motion.engine import VERSION, MotionEngine
from engines.motion.likeness import LOOKED_AT, PROFILE, octaves
from engines.motion.planes import Array

COLOURS = 6
CUT_OUTS = 4  # that are kept, the best first
_CUT_AT = 1400  # longest side of what is cut out


@dataclass(frozen=True)
class _Seen:
    """A picture, small and in Lab, and where it is not transparent."""

    lab: Array
    shown: Array


@dataclass(frozen=True)
class _CutOut:
    rgb: Array
    alpha: Array
    worth: float


def learn(request: TrainRequest, desk: Desk) -> Trained:
    """
    :raises Rejected: one of the pictures can't be read, or there is none
    :raises Cancelled: the desk said so, or the deadline passed
    """
    if not request.pictures:
        raise Rejected("There is no picture to learn from.")
    desk.progress(0.0, "reading")
    looked, found = awaited(lambda go_on: _read(request, desk, go_on), desk)
    files = [_saved(one, desk.folder / f"cut-out-{n}.png") for n, one in enumerate(found)]
    desk.progress(1.0, "trained")
    return Trained(
        files=tuple(files), profile=_profile(looked), engine=MotionEngine.name, version=VERSION, preview=True,
        report={"pictures": len(request.pictures), "cut_outs": len(files), "ignored": _idle(request)},
    )  # fmt: skip


def _idle(request: TrainRequest) -> list[str]:
    """What a trainer of networks would heed, and was asked for in vain."""
    asked = {
        "steps": request.steps, "preset": request.options.get("preset"), "captions": any(request.captions),
        "face_crop": request.face_crop, "face_correct": request.face_correct,
    }  # fmt: skip
    return [name for name, value in asked.items() if value]


def _read(request: TrainRequest, desk: Desk, go_on: Check) -> tuple[list[_Seen], list[_CutOut]]:
    """Every picture, small and in Lab; and the best cut-outs of what they show."""
    looked: list[_Seen] = []
    found: list[_CutOut] = []
    for n, path in enumerate(request.pictures):
        go_on()
        rgb, alpha = photo.load_rgba(path)
        looked.append(_seen(rgb, alpha))
        if request.name != "style":
            found += _cut(rgb, alpha, go_on)
        desk.progress((n + 1) / (len(request.pictures) + 1), "learning")
    found.sort(key=lambda one: -one.worth)
    return looked, found[:CUT_OUTS]


def _seen(rgb: Array, alpha: Array | None) -> _Seen:
    lab = cv2.cvtColor(photo.shrunk(rgb, LOOKED_AT), cv2.COLOR_RGB2Lab)
    shown = np.ones(lab.shape[:2], bool) if alpha is None else photo.shrunk(alpha, LOOKED_AT) > 200
    return _Seen(lab, shown if shown.any() else np.ones_like(shown))


def _cut(rgb: Array, alpha: Array | None, go_on: Check) -> Iterator[_CutOut]:
    """The picture's subject, if it is sure: the file's own alpha, or what is found."""
    factor = min(1.0, _CUT_AT / max(rgb.shape[:2]))
    size = (max(2, round(rgb.shape[1] * factor)), max(2, round(rgb.shape[0] * factor)))
    rgb = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    cover = cutout.alpha(rgb) if alpha is None else cv2.resize(alpha, size, interpolation=cv2.INTER_AREA)
    go_on()
    if cover is None:
        return
    x, y, width, height = cv2.boundingRect((cover > 8).astype(np.uint8))
    if min(width, height) < 16:
        return
    window = (slice(y, y + height), slice(x, x + width))
    free = cutout.freed(rgb, cover)[window]
    yield _CutOut(np.ascontiguousarray(free), np.ascontiguousarray(cover[window]), _worth(free, cover[window]))


def _worth(rgb: Array, alpha: Array) -> float:
    """Large and sharp cut-outs are worth most."""
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    sharp = float(np.abs(cv2.Laplacian(grey, cv2.CV_32F))[alpha > 200].mean()) if (alpha > 200).any() else 0.0
    return float(np.sqrt((alpha > 128).sum())) * (1 + min(sharp, 12.0))


def _saved(one: _CutOut, path: Path) -> Path:
    cv2.imwrite(str(path), cv2.cvtColor(np.dstack([one.rgb, one.alpha]), cv2.COLOR_RGBA2BGRA))
    return path


def _profile(looked: Sequence[_Seen]) -> dict[str, Any]:
    points = np.concatenate([seen.lab[seen.shown] for seen in looked]).astype(np.float32)
    return {
        "engine": MotionEngine.name,
        "version": PROFILE,
        "mean": _rounded(points.mean(0)),
        "spread": _rounded(points.std(0)),
        "palette": _palette(points),
        "texture": _rounded(np.mean([octaves(seen.lab[..., 0]) for seen in looked], axis=0)),
    }


def _palette(points: Array) -> list[list[float]]:
    """The commonest colours by k-means, with their shares, most first."""
    cv2.setRNGSeed(7)
    step = max(1, len(points) // 20_000)
    some = np.ascontiguousarray(points[::step])
    ends = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 30, 0.5)
    few = min(COLOURS, len(some))
    _error, labels, centres = cv2.kmeans(some, few, np.empty(0), ends, 2, cv2.KMEANS_PP_CENTERS)
    shares = np.bincount(labels.ravel(), minlength=few) / len(labels)
    order = np.argsort(-shares, kind="stable")
    return [[*_rounded(centres[k]), round(float(shares[k]), 4)] for k in order]


def _rounded(values: Array) -> list[float]:
    return [round(float(value), 2) for value in values]
