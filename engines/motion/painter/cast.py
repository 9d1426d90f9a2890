"""Who and what stands in the scene: people that the text names, and the subjects of tunes by their own pictures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from engines.base import Subject
from engines.motion import photo, portraits
from engines.motion.painter.easel import Easel, Layer
from engines.motion.planes import Array

_WOMEN = re.compile(r"\b(?:woman|girl|lady|bride|queen|princess|mother|she|her)\b")
_MEN = re.compile(r"\b(?:man|boy|guy|king|prince|father|he|his)\b")
_ANYONE = re.compile(r"\b(?:person|portrait|people|model|astronaut|face|headshot)\b")
_LIGHT_OF_SCENE = 0.24  # how far a cut-out's colours go towards the scene's
MOST = 3


@dataclass(frozen=True)
class Guest:
    """A cut-out to be put in the scene. `share`: its height, of the view's."""

    rgb: Array
    alpha: Array
    share: float
    opacity: float


def called(text: str, subjects: Sequence[Subject]) -> list[Guest | str]:
    """The tunes' subjects, as cut-outs; without any, the person whom the text names."""
    guests: list[Guest | str] = [guest for subject in subjects[:MOST] if (guest := _guest(subject))]
    if guests:
        return guests
    return list(names_anyone(text))


def names_anyone(text: str) -> list[str]:
    """The person, or the couple, whom a text names: "woman" or "man" each."""
    if re.search(r"\bcouple\b", text):
        return ["woman", "man"]
    return [who for _start, who in sorted((match.start(), who) for match, who in _named(text))[:1]]


def where(text: str) -> list[tuple[int, int]]:
    """Where a text names the person, or the couple, who is painted for it."""
    found = re.search(r"\bcouple\b", text) or next(
        iter(sorted((match for match, _who in _named(text)), key=lambda match: match.start())), None
    )
    return [found.span()] if found else []


def _named(text: str) -> list[tuple[re.Match[str], str]]:
    """Who is spoken of; a person of no named sex is a woman here."""
    said = [(match, who) for who, words in (("woman", _WOMEN), ("man", _MEN)) if (match := words.search(text))]
    anyone = _ANYONE.search(text)
    return said or ([(anyone, "woman")] if anyone else [])


def _guest(subject: Subject) -> Guest | None:
    if subject.name == "style" or not subject.pictures or subject.weight <= 0:
        return None
    rgb, alpha = cut_out(subject.pictures[0])
    weight = min(subject.weight, 1.5)
    return Guest(rgb, alpha, share=min(0.48 + 0.36 * weight, 0.95), opacity=min(1.0, weight / 0.35))


def cut_out(path: photo.Path) -> tuple[Array, Array]:
    """The subject of a picture and its coverage: the file's own, else found by grabCut, else a card of all of it.

    :raises Rejected: not a picture
    """
    rgb, alpha = photo.load_rgba(path)
    factor = min(1.0, 1400 / max(rgb.shape[:2]))
    size = (max(2, round(rgb.shape[1] * factor)), max(2, round(rgb.shape[0] * factor)))
    rgb = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    if alpha is not None:
        return _trimmed(rgb, cv2.resize(alpha, size, interpolation=cv2.INTER_AREA))
    found = _grab(rgb)
    return _trimmed(rgb, found) if found is not None else (rgb, card(rgb.shape[1], rgb.shape[0]))


def _grab(rgb: Array) -> Array | None:
    """Alpha of what stands out, or None when that is hardly anything, nearly all, or in pieces."""
    factor = 320 / max(rgb.shape[:2])
    small = cv2.resize(
        rgb,
        (max(16, round(rgb.shape[1] * factor)), max(16, round(rgb.shape[0] * factor))),
        interpolation=cv2.INTER_AREA,
    )
    height, width = small.shape[:2]
    mask = _expected(small, photo.find_focus(small))
    cv2.setRNGSeed(7)
    cv2.grabCut(
        cv2.cvtColor(small, cv2.COLOR_RGB2BGR),
        mask,
        None,
        np.zeros((1, 65)),
        np.zeros((1, 65)),
        4,
        cv2.GC_INIT_WITH_MASK,
    )
    sure = np.isin(mask, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)
    sure = cv2.morphologyEx(cv2.morphologyEx(sure, cv2.MORPH_OPEN, np.ones((3, 3))), cv2.MORPH_CLOSE, np.ones((5, 5)))
    count, labels, stats, _centres = cv2.connectedComponentsWithStats(sure)
    if count < 2:
        return None
    best = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    area = stats[best, cv2.CC_STAT_AREA]
    if not 0.06 < area / (height * width) < 0.8 or area < 0.7 * sure.sum():
        return None
    soft = cv2.GaussianBlur((labels == best).astype(np.float32), (0, 0), 1.2)
    full = cv2.resize(soft, (rgb.shape[1], rgb.shape[0]), interpolation=cv2.INTER_CUBIC)
    return np.asarray((np.clip((full - 0.25) / 0.5, 0, 1) * 255).astype(np.uint8))


def _expected(rgb: Array, focus: photo.Focus) -> Array:
    """Where the subject is likely, for grabCut: head and shoulders below a face, else what stands out."""
    height, width = rgb.shape[:2]
    mask = np.full((height, width), cv2.GC_PR_BGD, np.uint8)
    if focus.face:
        face, x, y = focus.face * width, round(focus.x * width), round(focus.y * height)
        mask[: max(0, round(y - 1.35 * face))] = cv2.GC_BGD
        chin, spread = y + 0.45 * face, 1.5 * face
        shoulders = [(x - 0.5 * face, chin), (x + 0.5 * face, chin), (x + spread, height), (x - spread, height)]
        for points, half, what in ((shoulders, 0.95, cv2.GC_PR_FGD), (None, 0.36, cv2.GC_FGD)):
            if points is not None:
                cv2.fillPoly(mask, [np.round(np.array(points)).astype(np.int32)], what)
            cv2.ellipse(
                mask, (x, round(y - 0.12 * face)), (round(0.8 * half * face), round(half * face)), 0, 0, 360, what, -1
            )
        breast = chin + 0.5 * face
        torso = [(x - 0.3 * face, breast), (x + 0.3 * face, breast), (x + 0.5 * face, height), (x - 0.5 * face, height)]
        cv2.fillPoly(mask, [np.round(np.array(torso)).astype(np.int32)], cv2.GC_FGD)
        return mask
    salient = photo.saliency(rgb)
    mask[salient > np.clip(np.percentile(salient, 72), 0.3, 0.65)] = cv2.GC_PR_FGD
    mask[salient > 0.85] = cv2.GC_FGD
    mask[: height // 40 + 1] = mask[:, : width // 50 + 1] = mask[:, -(width // 50 + 1) :] = cv2.GC_BGD
    return mask


def _clean_edges(rgb: Array, alpha: Array) -> Array:
    """The rim in the colours of the inside: what shone through there was the old background."""
    sure = (alpha > 235).astype(np.float32)
    reach = max(1.5, rgb.shape[0] / 250)
    weight = cv2.GaussianBlur(sure, (0, 0), reach)
    inside = cv2.GaussianBlur(rgb.astype(np.float32) * sure[..., None], (0, 0), reach)
    filled = inside / np.maximum(weight, 1e-3)[..., None]
    rim = np.where(weight > 0.01, 1 - sure, 0)[..., None]
    return np.asarray(np.clip(rgb + (filled - rgb) * rim, 0, 255).astype(np.uint8))


def card(width: int, height: int) -> Array:
    """Alpha of a rectangle with corners rounded by 3.5 % of its longer side."""
    alpha = np.zeros((height, width), np.uint8)
    r = round(0.035 * max(width, height)) + 1
    cv2.rectangle(alpha, (1 + r, 1), (width - 2 - r, height - 2), 255, -1)
    cv2.rectangle(alpha, (1, 1 + r), (width - 2, height - 2 - r), 255, -1)
    for x in (1 + r, width - 2 - r):
        for y in (1 + r, height - 2 - r):
            cv2.circle(alpha, (x, y), r, 255, -1, cv2.LINE_AA)
    return alpha


def _trimmed(rgb: Array, alpha: Array) -> tuple[Array, Array]:
    x, y, width, height = cv2.boundingRect((alpha > 8).astype(np.uint8))
    if not width:
        return rgb, card(rgb.shape[1], rgb.shape[0])
    window = (slice(y, y + height), slice(x, x + width))
    return np.ascontiguousarray(rgb[window]), np.ascontiguousarray(alpha[window])


def placed(easel: Easel, people: Sequence[Guest | str], *, view: tuple[float, float]) -> list[Layer]:
    """One layer each, side by side, cut by the view's lower edge. `view` is the view's share of the canvas."""
    layers = []
    for index, person in enumerate(people):
        guest = _drawn(easel, person) if isinstance(person, str) else person
        across = 0.5 + (index - (len(people) - 1) / 2) * 0.30 + float(easel.rng.uniform(-0.03, 0.03))
        x = 0.5 + (across - 0.5) * view[0]
        layers.append(_standing(easel, guest, x, view))
    return layers


def _drawn(easel: Easel, who: str) -> Guest:
    look = portraits.look(woman=who == "woman", seed=int(easel.rng.integers(1 << 30)))
    look = portraits.replace(look, light=-1 if easel.sun[0] < 0.5 else 1)
    return Guest(*portraits.draw(look, max(64, round(0.75 * easel.height)), easel.check), share=0.92, opacity=1.0)


def _standing(easel: Easel, guest: Guest, x: float, view: tuple[float, float]) -> Layer:
    """The cut-out in the scene's light, going on below the view, so that no move lifts its cut edge into sight."""
    tall = guest.share * view[1] * easel.height
    factor = min(tall / guest.rgb.shape[0], 0.92 * view[0] * easel.width / guest.rgb.shape[1])
    size = (max(2, round(guest.rgb.shape[1] * factor)), max(2, round(guest.rgb.shape[0] * factor)))
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    rgb, alpha = cv2.resize(guest.rgb, size, interpolation=method), cv2.resize(guest.alpha, size, interpolation=method)
    rgb = _relit(easel, _clean_edges(rgb, alpha), alpha)
    bottom = round((0.5 + 0.5 * view[1]) * easel.height)
    top, left = bottom - size[1], round(x * easel.width - size[0] / 2)
    sheet_rgb = np.zeros((easel.height, easel.width, 3), np.uint8)
    sheet_alpha = np.zeros((easel.height, easel.width), np.uint8)
    _paste(sheet_rgb, rgb, top, left)
    _paste(sheet_alpha, (alpha * guest.opacity).astype(np.uint8), top, left)
    _stretch_down(sheet_rgb, sheet_alpha, bottom)
    return Layer(sheet_rgb, sheet_alpha, 0.72)


def _paste(sheet: Array, image: Array, top: int, left: int) -> None:
    rows = slice(max(top, 0), min(top + image.shape[0], sheet.shape[0]))
    columns = slice(max(left, 0), min(left + image.shape[1], sheet.shape[1]))
    sheet[rows, columns] = image[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]


def _stretch_down(rgb: Array, alpha: Array, bottom: int) -> None:
    """Mirror what is above the cut to below it: clothes go on as clothes."""
    below = rgb.shape[0] - bottom
    if below > 0 and bottom > below:
        rgb[bottom:] = rgb[bottom - below : bottom][::-1]
        alpha[bottom:] = alpha[bottom - 1]


def _relit(easel: Easel, rgb: Array, alpha: Array) -> Array:
    """Means in Lab some way towards the scene's own (skin stays skin), and a rim of light from the sun's side."""
    lab = cv2.cvtColor(rgb, cv2.COLOR_RGB2Lab).astype(np.float32)
    p = easel.palette
    scene = np.array([[(p.sky[2] + p.haze + p.ground) / 3]]).astype(np.uint8)
    goal = cv2.cvtColor(scene, cv2.COLOR_RGB2Lab).astype(np.float32)[0, 0]
    inside = alpha > 128
    mean = lab[inside].mean(0) if inside.any() else goal
    shift = np.clip(_LIGHT_OF_SCENE * (goal - mean), -(9 + 22 * p.dark), 9)
    shift[1:] = np.clip(shift[1:], -7, 7)
    lit = cv2.cvtColor(np.clip(lab + shift, 0, 255).astype(np.uint8), cv2.COLOR_Lab2RGB).astype(np.float32)
    reach = max(2, rgb.shape[0] // 180)
    side = reach if easel.sun[0] < 0.5 else -reach
    shifted = np.roll(cv2.GaussianBlur(alpha, (0, 0), reach), (reach // 2, side), (0, 1))
    rim = np.clip((alpha.astype(np.float32) - shifted) / 255, 0, 1) * 0.42
    return np.asarray(np.clip(lit + (p.sun.astype(np.float32) - lit) * rim[..., None], 0, 255).astype(np.uint8))
