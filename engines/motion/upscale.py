"""A finished clip enlarged, frame by frame: same frames, same length, same sound."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from engines.base import Desk
from engines.motion import footage
from engines.motion.clip import check
from engines.motion.encode import Format, Writer
from engines.motion.planes import Array, Planes

GAIN = 1.0  # of what a plain enlargement has lost, given back
SLACK = 6  # levels by which a recovered edge may pass its neighbourhood


def clip(source: Path, target: tuple[int, int], desk: Desk, *, share: tuple[float, float] = (0.0, 1.0)) -> Path:
    """`upscaled.mp4` in the desk's folder: the clip at `target` (width, height; even), cropped where ratios differ.

    `share`: where on the progress bar the work begins and ends.

    :raises Rejected: not a clip
    :raises Cancelled: the desk said so, or the deadline passed; nothing is left then
    """
    given = footage.facts(source)
    width, height = target
    format_ = Format(
        width=width, height=height, fps=given.fps, frames=given.frames, title=given.title, comment=given.comment
    )
    path, (begin, end) = desk.folder / "upscaled.mp4", share
    with Writer(path, format_, source) as writer:
        for index, frame in enumerate(footage.frames(source, given.fps, most=given.frames)):
            check(desk)
            blank, planes = writer.blank()
            enlarge(footage.planes(frame), planes)
            writer.put(blank)
            desk.progress(begin + (end - begin) * (index + 1) / (given.frames + 1), "upscaling")
        check(desk)
    desk.progress(end, "upscaled")
    return path


def enlarge(source: Planes, target: Planes) -> None:
    """Fill `target`: cubic, then luma is moved until it would shrink to its source again, without overshooting."""
    rows, columns = source.y.shape
    height, width = target.y.shape
    scale = max(width / columns, height / rows)
    around = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    left, top = (columns - width / scale) / 2, (rows - height / scale) / 2
    to = np.array([[1 / scale, 0, left + 0.5 / scale - 0.5], [0, 1 / scale, top + 0.5 / scale - 0.5]])
    plain = cv2.warpAffine(source.y, to, (width, height), flags=around, borderMode=cv2.BORDER_REPLICATE)
    target.y[:] = _recovered(plain, source.y, to) if scale > 1 else plain
    # Chroma sample i belongs to luma position 2i: in phase at the left, half a sample off at the top.
    small = np.array([[1 / scale, 0, left / 2 + 0.25 / scale - 0.25], [0, 1 / scale, top / 2 + 0.5 / scale - 0.5]])
    for given, plane in ((source.u, target.u), (source.v, target.v)):
        plane[:] = cv2.warpAffine(
            given, small, plane.shape[::-1], flags=around, borderMode=cv2.BORDER_REPLICATE
        )  # fmt: skip


def _recovered(plain: Array, source: Array, to: Array) -> Array:
    """One step of iterative back-projection, kept between the darkest and brightest source pixel near by."""
    size = (plain.shape[1], plain.shape[0])
    spread = float(np.sqrt(max(1 / to[0, 0] ** 2 / 12 - 0.125, 0.04)))  # of a source pixel's area, sampled linearly
    back = cv2.warpAffine(
        cv2.GaussianBlur(plain, (0, 0), spread), to, source.shape[::-1], flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )  # fmt: skip
    lost = cv2.subtract(source, back, dtype=cv2.CV_16S)
    around = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    gained = cv2.warpAffine(lost, to, size, flags=around, borderMode=cv2.BORDER_REPLICATE)
    sharp = cv2.addWeighted(plain, 1, gained, GAIN, 0, dtype=cv2.CV_8U)
    near = np.ones((3, 3), np.uint8)
    low, high = (
        cv2.warpAffine(reach, to, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE)
        for reach in (cv2.subtract(cv2.erode(source, near), SLACK), cv2.add(cv2.dilate(source, near), SLACK))
    )
    return np.asarray(cv2.min(cv2.max(sharp, low), high))
