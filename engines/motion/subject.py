"""Find what a photo is about: a mask, and how sure it is.

Saliency (minimum-barrier distance: Zhang et al., ICCV 2015; colour distance to the borders: Mahalanobis) seeds grabCut
(Rother et al., 2004). A cut is believed where its contour follows a change of colour, and when the same cut at another
size agrees: masks are brittle, and a wrong one tears a picture apart.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from engines.motion import photo
from engines.motion.matte import matte
from engines.motion.planes import Array

CUT, CUT_AGAIN = 240, 160  # longest side in pixels at which a subject is cut, and cut again for comparison
__all__ = ["Subject", "find", "matte", "saliency", "sky"]
SALIENCY = 160
SURE_ENOUGH = 0.6
LEAST_AREA, MOST_AREA = 0.01, 0.82
_ROUNDS = 3  # of grabCut


@dataclass(frozen=True)
class Subject:
    """What a picture is about.

    `mask` is uint8, 0 or 255, as large as the picture; `confidence` 0…1. `overlap` is the agreement (intersection over
    union) with a cut at another size, 0 where the first was too unsure to ask. `area` is a share of the picture, `box`
    left, top, width, height. `whole`: one compact piece, not several or a thing of sticks and straps. `contour` has
    three rows: x and y in shares of the picture, and 1 where it follows no edge to be seen.
    """

    mask: Array
    confidence: float
    overlap: float
    area: float
    box: tuple[float, float, float, float]
    whole: bool
    contour: Array

    def unsupported(self, left: float, top: float, right: float, bottom: float) -> float:
        """The share of the contour in a box (shares of the picture) that follows no edge to be seen; 1 if none is."""
        x, y, loose = self.contour
        inside = (x >= left) & (x <= right) & (y >= top) & (y <= bottom)
        return float(loose[inside].mean()) if inside.any() else 1.0


@dataclass(frozen=True)
class _Cut:
    """One cut: a boolean mask on the shrunk picture and the judgement on it."""

    mask: Array
    confidence: float
    contour: Array


def find(rgb: Array, focus: photo.Focus, check: Callable[[], None] = lambda: None) -> Subject | None:
    """The subject of a picture, or None when there is nothing that could be one.

    `focus` is `photo.find_focus` of the same picture: a face there guides the cut. `check` is called between the steps,
    each of a tenth of a second or two, and may raise.
    """
    salient = saliency(photo.shrunk(rgb, SALIENCY))
    check()
    cut = _cut(_small(rgb, CUT), salient, focus)
    if cut is None:
        return None
    overlap = 0.0
    if cut.confidence >= SURE_ENOUGH:
        check()
        again = _cut(_small(rgb, CUT_AGAIN), salient, focus)
        overlap = _overlap(cut.mask, again.mask) if again else 0.0
    rows, columns = cut.mask.shape
    x, y, width, height = cv2.boundingRect(cut.mask.astype(np.uint8))
    return Subject(
        mask=_enlarged(cut.mask, rgb.shape[1], rgb.shape[0]), confidence=cut.confidence, overlap=overlap,
        area=float(cut.mask.mean()),
        box=(x / columns, y / rows, width / columns, height / rows), whole=_whole(cut.mask),
        contour=cut.contour,
    )  # fmt: skip


def _small(rgb: Array, longest: int) -> Array:
    """As large as a 3:2 picture of this length: grabCut's time goes with the area."""
    height, width = rgb.shape[:2]
    return photo.shrunk(rgb, round(longest * min(1.0, (max(height, width) / min(height, width) / 1.5) ** 0.5)))


def _whole(mask: Array) -> bool:
    radius = max(1, round(max(mask.shape) / 32))
    core = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    thick = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, core, borderValue=1)
    _count, _labels, stats, _centres = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    return bool(stats[1:, cv2.CC_STAT_AREA].max() >= 0.95 * mask.sum() and thick.sum() >= 0.75 * mask.sum())


def _enlarged(mask: Array, width: int, height: int) -> Array:
    """By cubic interpolation, so that no stairs are left."""
    soft = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 0.7, borderType=cv2.BORDER_REPLICATE)
    return np.where(cv2.resize(soft, (width, height), interpolation=cv2.INTER_CUBIC) > 0.5, 255, 0).astype(np.uint8)


def _overlap(a: Array, b: Array) -> float:
    other = cv2.resize(b.astype(np.float32), (a.shape[1], a.shape[0]), interpolation=cv2.INTER_LINEAR) > 0.5
    return float((a & other).sum() / max((a | other).sum(), 1))


def _lab(rgb: Array) -> Array:
    """CIE Lab, float32, L 0…100."""
    return np.asarray(cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2Lab))


# --- what stands out ------------------------------------------------------------------------------------------------


def saliency(small: Array) -> Array:
    """0…1 per pixel: half barrier distance to the border, half colour distance to it, times a centre prior."""
    lab = cv2.GaussianBlur(_lab(small), (0, 0), 1.0)
    value = 0.5 * _stretched(_barrier(lab)) + 0.5 * _stretched(_unlike_border(lab))
    height, width = value.shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    prior = np.exp(-(((x / width - 0.5) / 0.42) ** 2) - ((y / height - 0.55) / 0.42) ** 2)
    return _stretched(cv2.GaussianBlur(value * (0.35 + 0.65 * prior).astype(np.float32), (0, 0), 1.5))


def _stretched(values: Array) -> Array:
    top = float(np.percentile(values, 99)) + 1e-6
    return np.asarray(np.clip(values / top, 0, 1).astype(np.float32))


def _barrier(lab: Array) -> Array:
    """Minimum-barrier distance to the border: the least range of colour that a way out has to cross, over Lab."""
    distance = np.full_like(lab, np.inf)
    distance[[0, -1]] = 0
    distance[:, [0, -1]] = 0
    state = (distance, lab.copy(), lab.copy(), lab)  # the best way's range, its highest and lowest value
    turned = tuple(np.swapaxes(part, 0, 1) for part in state)
    for _ in range(3):
        for ways in (state, turned):
            _sweep(ways, range(1, len(ways[0])), -1)
            _sweep(ways, range(len(ways[0]) - 2, -1, -1), 1)
    return np.asarray(distance.sum(axis=2))


def _sweep(state: tuple[Array, ...], rows: range, towards: int) -> None:
    """Offer each row the ways of its neighbour, a whole row at once."""
    distance, highest, lowest, lab = state
    for row in rows:
        high = np.maximum(highest[row + towards], lab[row])
        low = np.minimum(lowest[row + towards], lab[row])
        length = high - low
        shorter = length < distance[row]
        np.copyto(distance[row], length, where=shorter)
        np.copyto(highest[row], high, where=shorter)
        np.copyto(lowest[row], low, where=shorter)


def _unlike_border(lab: Array) -> Array:
    """Mahalanobis distance to the colours of the four border strips; the three nearest of the four count."""
    rows, columns = max(2, round(0.08 * lab.shape[0])), max(2, round(0.08 * lab.shape[1]))
    found = []
    for strip in (lab[:rows], lab[-rows:], lab[:, :columns], lab[:, -columns:]):
        pixels = strip.reshape(-1, 3)
        inverse = np.linalg.inv(np.cov(pixels.T) + 12 * np.eye(3)).astype(np.float32)
        away = lab - pixels.mean(0)
        found.append(np.sqrt(np.maximum(((away @ inverse) * away).sum(axis=2), 0)))
    return np.asarray(np.sort(np.stack(found), axis=0)[:3].mean(0))


def sky(small: Array) -> Array:
    """Boolean mask of the sky: smooth, bright or blue, and joined to the top edge. Best at about 240 pixels."""
    hsv = cv2.cvtColor(small, cv2.COLOR_RGB2HSV)
    hue, saturation, value = hsv[..., 0] * 2.0, hsv[..., 1] / 255, hsv[..., 2] / 255
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    slope = np.hypot(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1))
    bright = (value > 0.62) & (saturation < 0.45)
    blue = (hue > 170) & (hue < 265) & (value > 0.25) & (saturation > 0.12)
    like = (cv2.GaussianBlur(slope, (0, 0), 1.2) < 0.22) & (bright | blue)
    count, labels, stats, _centres = cv2.connectedComponentsWithStats(like.astype(np.uint8), connectivity=4)
    width = like.shape[1]
    top = set(labels[0][like[0]].tolist())
    wide = [
        k for k in range(1, count)
        if k in top and stats[k, cv2.CC_STAT_AREA] > 0.03 * like.size and stats[k, cv2.CC_STAT_WIDTH] > 0.25 * width
    ]  # fmt: skip
    return np.isin(labels, wide)


# --- the cut --------------------------------------------------------------------------------------------------------


def _cut(small: Array, salient: Array, focus: photo.Focus) -> _Cut | None:
    height, width = small.shape[:2]
    salient = cv2.resize(salient, (width, height), interpolation=cv2.INTER_LINEAR)
    seeds = _face_seeds(salient, focus) if focus.face else _seeds(salient)
    air = sky(small)
    seeds[air & (seeds != cv2.GC_FGD)] = cv2.GC_BGD
    if not (seeds == cv2.GC_BGD).any() or not np.isin(seeds, (cv2.GC_FGD, cv2.GC_PR_FGD)).any():
        return None
    mask = _tidied(_grabbed(small, seeds, guess=seeds == cv2.GC_PR_BGD), focus)
    if not LEAST_AREA <= mask.mean() <= MOST_AREA:
        return None
    around = np.zeros_like(salient) if focus.face else np.where(air, np.float32(0), salient)
    return _Cut(mask, *_judged(small, mask, around))


def _grabbed(small: Array, seeds: Array, guess: Array) -> Array:
    """GrabCut in two steps: what is only a `guess` of background teaches its colours first, and is asked then."""
    bgr = cv2.cvtColor(small, cv2.COLOR_RGB2BGR)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    seeds[guess] = cv2.GC_BGD
    cv2.setRNGSeed(7)
    cv2.grabCut(bgr, seeds, None, *models, _ROUNDS, cv2.GC_INIT_WITH_MASK)
    seeds[guess] = cv2.GC_PR_BGD
    cv2.grabCut(bgr, seeds, None, *models, 1, cv2.GC_EVAL_FREEZE_MODEL)
    return np.isin(seeds, (cv2.GC_FGD, cv2.GC_PR_FGD))


def _seeds(salient: Array) -> Array:
    """GrabCut's four classes from saliency; the frame is background where it does not stand out itself."""
    seeds = np.full(salient.shape, cv2.GC_PR_BGD, np.uint8)
    level, _mask = cv2.threshold((255 * salient).astype(np.uint8), 0, 255, cv2.THRESH_OTSU)
    seeds[salient > np.clip(level / 255, 0.2, 0.6)] = cv2.GC_PR_FGD
    seeds[salient > 0.82] = cv2.GC_FGD
    edge = np.zeros(salient.shape, bool)
    edge[:2] = edge[:, :2] = edge[:, -2:] = True
    edge[-2:] = True
    seeds[edge & (salient < 0.45)] = cv2.GC_BGD
    return seeds


def _face_seeds(salient: Array, focus: photo.Focus) -> Array:
    """A head and shoulders below it are probable, their cores sure; what is above the hair is background."""
    height, width = salient.shape
    head = focus.face * width
    x, y = focus.x * width, focus.y * height - 0.12 * head  # the middle of the face
    seeds = np.full(salient.shape, cv2.GC_PR_BGD, np.uint8)
    low = min(height, y + 6.5 * head)  # a whole body, if there is room for one
    _fill(seeds, [(x - 0.5 * head, y), (x + 0.5 * head, y), (x + 1.6 * head, y + 1.7 * head), (x + 1.6 * head, low),
                  (x - 1.6 * head, low), (x - 1.6 * head, y + 1.7 * head)], cv2.GC_PR_FGD)  # fmt: skip
    _oval(seeds, (x, y - 0.05 * head), (0.75 * head, 0.95 * head), cv2.GC_PR_FGD)
    _oval(seeds, (x, y), (0.4 * head, 0.55 * head), cv2.GC_FGD)
    core = min(height, y + 2.2 * head)
    _fill(seeds, [(x - 0.25 * head, y), (x + 0.25 * head, y), (x + 0.55 * head, core), (x - 0.55 * head, core)],
          cv2.GC_FGD)  # fmt: skip
    seeds[: max(1, round(y - 1.25 * head))] = cv2.GC_BGD
    return seeds


def _fill(seeds: Array, corners: list[tuple[float, float]], value: int) -> None:
    cv2.fillPoly(seeds, [np.round(corners).astype(np.int32)], value)


def _oval(seeds: Array, centre: tuple[float, float], axes: tuple[float, float], value: int) -> None:
    middle, size = (round(centre[0]), round(centre[1])), (max(1, round(axes[0])), max(1, round(axes[1])))
    cv2.ellipse(seeds, middle, size, 0, 0, 360, value, -1)


def _tidied(mask: Array, focus: photo.Focus) -> Array:
    """Without specks and pinholes: the part with the face, or those at least a quarter as large as the largest."""
    size = mask.size
    solid = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    solid = cv2.morphologyEx(solid, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    solid = _kept(solid, focus)
    count, labels, stats, _centres = cv2.connectedComponentsWithStats(1 - solid, connectivity=4)
    small = [k for k in range(1, count) if stats[k, cv2.CC_STAT_AREA] < 0.02 * size and not _on_edge(stats[k], mask)]
    return np.asarray((solid > 0) | np.isin(labels, small))


def _kept(solid: Array, focus: photo.Focus) -> Array:
    count, labels, stats, _centres = cv2.connectedComponentsWithStats(solid)
    if count < 2:
        return solid
    areas = stats[1:, cv2.CC_STAT_AREA]
    keep = {1 + int(k) for k in np.flatnonzero(areas >= 0.25 * areas.max())}
    row, column = int(focus.y * solid.shape[0]), int(focus.x * solid.shape[1])
    face = int(labels[min(row, solid.shape[0] - 1), min(column, solid.shape[1] - 1)])
    if focus.face and face:
        keep = {face}
    return np.isin(labels, list(keep)).astype(np.uint8)


def _on_edge(stat: Array, mask: Array) -> bool:
    x, y, width, height = stat[:4]
    return bool(x == 0 or y == 0 or x + width == mask.shape[1] or y + height == mask.shape[0])


# --- how sure -------------------------------------------------------------------------------------------------------


def _judged(small: Array, mask: Array, salient: Array) -> tuple[float, Array]:
    """Confidence 0…1 and `Subject.contour`."""
    support, contour = _support(small, mask)
    support = support * _set_off(salient, mask)
    if not contour.any():
        return 0.0, np.zeros((3, 0))
    height, width = mask.shape
    along = _local_mean(support, contour, max(1, width // 48))
    rows, columns = np.nonzero(contour)
    places = np.stack([(columns + 0.5) / width, (rows + 0.5) / height, along[contour] < 0.55])
    area = float(mask.mean())
    roundness = float(contour.sum()) / (2 * np.sqrt(mask.sum()))
    confidence = _clip((float(support[contour].mean()) - 0.35) / 0.35) * _clip((15 - roundness) / 8)
    return confidence * _clip((MOST_AREA - area) / 0.2), places


def _set_off(salient: Array, mask: Array) -> Array:
    """0 where what lies just outside stands out nearly as much as the subject: then it is a part of it, left off."""
    near = np.ones((7, 7), np.uint8)  # saliency is blurred: its own slope is no part
    outside = cv2.dilate(mask.astype(np.uint8), near) == 0
    around = _local_mean(salient, outside, max(5, round(0.05 * mask.shape[1])))
    return np.asarray(np.clip((0.7 - around / max(float(salient[mask].mean()), 1e-3)) / 0.25, 0, 1))


def _clip(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def _support(small: Array, mask: Array) -> tuple[Array, Array]:
    """How well each contour pixel follows a change of colour (0…1), and which pixels those are.

    Two things speak against an edge: like colours on both sides, and the subject's colours going on just outside.
    """
    lab = cv2.GaussianBlur(_lab(small), (0, 0), 0.8)
    width = mask.shape[1]
    inside, outside = mask, ~mask
    near = max(1, round(width / 80))
    step = np.linalg.norm(_local_mean(lab, inside, near) - _local_mean(lab, outside, near), axis=2)
    like = _like_subject(lab, mask).astype(np.float32)
    goes_on = _local_mean(like, outside, max(2, round(0.035 * width)))
    support = np.clip((step - 9) / 11, 0, 1) * np.clip((0.62 - goes_on) / 0.3, 0, 1)
    inner = cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8), borderType=cv2.BORDER_REPLICATE) > 0
    return np.asarray(support.astype(np.float32)), np.asarray(mask & ~inner)


def _local_mean(values: Array, where: Array, radius: int) -> Array:
    """The mean of those neighbours (a square of ± radius) that `where` picks; 0 where there are none."""
    size = (2 * radius + 1, 2 * radius + 1)
    weight = where.astype(np.float32)
    total = cv2.boxFilter(values * (weight[..., None] if values.ndim == 3 else weight), -1, size, normalize=False)
    count = np.maximum(cv2.boxFilter(weight, -1, size, normalize=False), 1e-3)
    return np.asarray(total / (count[..., None] if values.ndim == 3 else count))


def _like_subject(lab: Array, mask: Array) -> Array:
    """Pixels whose colour is more frequent inside the mask than outside (Lab histograms of 10×12×12, smoothed)."""
    bins = np.array([10, 12, 12])
    scaled = (lab + np.array([0, 60, 60], np.float32)) / np.array([100, 120, 120], np.float32)
    index = np.clip((scaled * bins).astype(int), 0, bins - 1)
    flat = (index[..., 0] * bins[1] + index[..., 1]) * bins[2] + index[..., 2]
    inside, outside = (np.bincount(flat[part], minlength=int(bins.prod())) for part in (mask, ~mask))
    return np.asarray((inside / max(mask.sum(), 1) > outside / max((~mask).sum(), 1))[flat])
