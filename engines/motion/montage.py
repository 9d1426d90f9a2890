"""References as cards in space: the camera dwells on each and glides to the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import cv2
import numpy as np

from engines.base import RenderRequest
from engines.motion import camera, photo
from engines.motion.chance import generator
from engines.motion.effects import Effects
from engines.motion.painter import cast, palettes
from engines.motion.planes import Array, Picture, Planes, picture, to_planes
from engines.motion.program import Program
from engines.motion.sheets import Sheet, draw_card

FOCAL = 1.15  # of the view's height
DWELL, BACK = 0.18, 0.26  # how far the camera goes in on a card, and back between two
SHADOW = 0.06  # of the card's height, on each side
MOST = 9


class Montage:
    def __init__(
        self,
        pictures: Sequence[tuple[Array, Array | None]],
        words: Program,
        text: str,
        *,
        size: tuple[int, int],
        frames: int,
        fps: int,
        check: Callable[[], None] = lambda: None,
    ) -> None:
        """`pictures`: RGB and alpha or None; `size`: of the view, in pixels; `check` may raise between two cards."""
        self._size, self._frames, self._fps = size, frames, fps
        rng = generator(words.seed, "montage")
        palette = palettes.choose(text, "dusk")
        self._cards: list[_Card] = []
        for rgb, alpha in pictures[:MOST]:
            check()
            self._cards.append(_Card(rgb, alpha, palette, size=size, rng=rng))
        _row(self._cards, rng)
        check()
        self._back = to_planes(_backdrop([card.mean for card in self._cards], palette, size, rng))
        self._left = any(move.sign < 0 for move in words.camera if move.op in ("pan", "truck"))
        self._push = 1.4 if words.has("zoom_in", "dolly_in") and not words.default else 1.0
        self._effects = Effects(words, None, width=size[0], height=size[1])
        self._path = _background_path(len(self._cards), frames, left=self._left)
        self.report: dict[str, Any] = {"cards": len(self._cards)}

    @classmethod
    def of(cls, request: RenderRequest, words: Program, check: Callable[[], None]) -> Montage:
        pictures = []
        for path in request.references:
            check()
            pictures.append(photo.load_rgba(path))
        return cls(
            pictures,
            words,
            request.prompt,
            size=(request.width, request.height),
            frames=request.frames,
            fps=request.fps,
            check=check,
        )

    def draw(self, index: int, planes: Planes) -> None:
        t = index / max(self._frames - 1, 1)
        self._draw_backdrop(planes, float(self._path.px[index]))
        eye = self._eye(t)
        for card in sorted(self._cards, key=lambda card: -card.depth):
            to_card = card.matrix(eye, self._size)
            if to_card is not None:
                draw_card(planes, card.sheet, to_card)
        self._effects.apply(planes, self._path, index, index / self._fps)

    def _draw_backdrop(self, planes: Planes, pan: float) -> None:
        """It has no edges that could jump, so whole pixels are enough; even ones, for its chroma."""
        width = self._size[0]
        left = 2 * round((0.5 + pan) * width / 2)
        planes.y[:] = self._back.y[:, left : left + width]
        for plane, source in zip(planes[1:], self._back[1:], strict=True):
            plane[:] = source[:, left // 2 : (left + width) // 2]

    def _eye(self, t: float) -> tuple[float, float, float]:
        """Where the camera stands: x and y in view heights, and how far it has gone in (negative: back)."""
        count = len(self._cards)
        leg = min(t * count, count - 1e-6)
        place, share = int(leg), leg - int(leg)
        if self._left:
            place, nxt = count - 1 - place, max(count - 2 - place, 0)
        else:
            nxt = min(place + 1, count - 1)
        last = place == nxt
        glide = 0.0 if last else float(_quintic(np.clip((share - 0.62) / 0.38, 0, 1)))
        here, there = self._cards[place], self._cards[nxt]
        x = here.x + (there.x - here.x) * glide
        y = here.y + (there.y - here.y) * glide
        push = self._push * DWELL * min(share / (1.0 if last else 0.8), 1.0)
        swing = 0.05 * np.sin(2 * np.pi * (0.5 * t * count + 0.25))
        return x + swing, y, push * (1 - glide) - BACK * np.sin(np.pi * glide)


class _Card:
    """One picture with rounded corners and a soft shadow, turned a little in space. Lengths in view heights."""

    def __init__(
        self,
        rgb: Array,
        alpha: Array | None,
        palette: palettes.Palette,
        *,
        size: tuple[int, int],
        rng: np.random.Generator,
    ) -> None:
        width, height = size
        ratio = float(np.clip(rgb.shape[1] / rgb.shape[0], 0.5, 2.0))
        self.high = min(0.74, 0.80 * width / height / ratio)
        self.wide = self.high * ratio
        pixels = (max(32, round(self.wide * height * 1.15 / 2) * 2), max(32, round(self.high * height * 1.15 / 2) * 2))
        face = _face(rgb, alpha, palette, pixels)
        self.mean = cv2.resize(face, (1, 1), interpolation=cv2.INTER_AREA)[0, 0].astype(np.float64)
        self.sheet = Sheet(_with_shadow(face), 0.0)
        self.x = 0.0
        self.y = float(rng.uniform(-0.05, 0.05))
        self.yaw, self.roll = np.deg2rad(rng.uniform(-10, 10)), np.deg2rad(rng.uniform(-2.5, 2.5))
        self.depth = 1 + float(rng.uniform(-0.05, 0.08))

    def matrix(self, eye: tuple[float, float, float], size: tuple[int, int]) -> Array | None:
        """View pixels → pixels of the card's picture; None when it is behind the camera or out of sight."""
        width, height = size
        x, y, near = eye
        distance = FOCAL * self.depth * (1 - near)
        cos, sin = np.cos(self.roll), np.sin(self.roll)
        turn = np.array([[cos * np.cos(self.yaw), -sin], [sin * np.cos(self.yaw), cos], [np.sin(self.yaw), 0]])
        shift = np.array([self.x - x, self.y - y, distance])
        lens = np.array([[FOCAL * height, 0, (width - 1) / 2], [0, FOCAL * height, (height - 1) / 2], [0, 0, 1]])
        tall = self.high * (1 + 2 * SHADOW)
        wide = self.wide + 2 * SHADOW * self.high
        source = self.sheet.source
        to_card = np.array([[wide / source.width, 0, -wide / 2], [0, tall / source.height, -tall / 2], [0, 0, 1]])
        to_view = lens @ np.column_stack([turn[:, 0], turn[:, 1], shift]) @ to_card
        if distance <= 0.2 or abs(self.x - x) > 1.6 * width / height + self.wide:
            return None
        return np.linalg.inv(to_view)


def _row(cards: Sequence[_Card], rng: np.random.Generator) -> None:
    """Side by side, with a gap of a sixth of the view's height or so."""
    at = 0.0
    for before, card in zip([None, *cards], cards, strict=False):
        at += (before.wide + card.wide) / 2 + float(rng.uniform(0.12, 0.2)) if before else 0.0
        card.x = at


def _quintic(x: float) -> float:
    return x**3 * (x * (6 * x - 15) + 10)


def _face(rgb: Array, alpha: Array | None, palette: palettes.Palette, size: tuple[int, int]) -> Array:
    """The picture at the card's size; a cut-out stands before a soft backdrop in the palette's colours."""
    if alpha is None:
        return photo.canvas(rgb, *size).view()
    width, height = size
    rows = np.linspace(0, 1, height)[:, None] * np.ones((1, width))
    ground = palettes.ramp(np.stack([palette.sky[2], palette.sky[1]]), rows).astype(np.float32)
    factor = min(width / rgb.shape[1], height / rgb.shape[0])
    small = (max(1, round(rgb.shape[1] * factor)), max(1, round(rgb.shape[0] * factor)))
    figure, cover = (cv2.resize(image, small, interpolation=cv2.INTER_AREA) for image in (rgb, alpha))
    left, top = (width - small[0]) // 2, height - small[1]
    share = (cover.astype(np.float32) / 255)[..., None]
    window = ground[top:, left : left + small[0]]
    window += (figure - window) * share
    return np.asarray(np.clip(ground, 0, 255).astype(np.uint8))


def _with_shadow(face: Array) -> Picture:
    height, width = face.shape[:2]
    edge = round(SHADOW * height / 2) * 2
    corners = cast.card(width, height)
    rgb = cv2.copyMakeBorder(face, edge, edge, edge, edge, cv2.BORDER_CONSTANT, value=(8.0, 8.0, 12.0))
    cover = cv2.copyMakeBorder(corners, edge, edge, edge, edge, cv2.BORDER_CONSTANT, value=0.0)
    shadow = 0.55 * cv2.GaussianBlur(np.roll(cover, edge // 4, 0), (0, 0), edge / 3)
    share = (cover.astype(np.float32) / 255)[..., None]
    mixed = (rgb * share + np.array([8, 8, 12], np.float32) * (1 - share)).astype(np.uint8)
    return picture(mixed, np.maximum(cover, shadow.astype(np.uint8)))


def _backdrop(
    means: Sequence[Array], palette: palettes.Palette, size: tuple[int, int], rng: np.random.Generator
) -> Array:
    """A dark, blurred field of the cards' own colours, twice as wide as the view."""
    width, height = size
    tones = [0.55 * mean + 0.45 * palette.sky[k % 4] for k, mean in enumerate(means)]
    field = np.zeros((9, 24, 3), np.float32)
    for cell in np.ndindex(9, 24):
        field[cell] = tones[int(rng.integers(len(tones)))] * rng.uniform(0.34, 0.72)
    soft = cv2.GaussianBlur(
        cv2.resize(field, (2 * width // 16, height // 16 + 1), interpolation=cv2.INTER_CUBIC), (0, 0), 4
    )
    big = cv2.resize(soft, (2 * width, height), interpolation=cv2.INTER_CUBIC)
    grain = rng.normal(0, 2.2, (height // 2 + 1, width)).astype(np.float32)
    return np.asarray(np.clip(big + cv2.resize(grain, (2 * width, height))[..., None], 0, 255).astype(np.uint8))


def _background_path(cards: int, frames: int, *, left: bool) -> camera.Path:
    """The backdrop glides slowly the whole time, so that nothing ever stands still."""
    path = camera.at_rest(frames)
    path.px[:] += np.linspace(0, min(0.12 * cards, 0.45), frames) * (-1 if left else 1)
    return path
