# ruff: noqa: E501  one line a kind reads as the table it is
"""Text → a painted scene: layers from far to near, chosen by the words, varied by the seed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from engines.base import Subject
from engines.motion import chance, finish
from engines.motion.painter import cast, land, palettes, places, water
from engines.motion.painter.easel import Easel, Layer
from engines.motion.planes import Array
from engines.motion.vocabulary import TAGS

# The canvas is larger than the view, so that the camera has somewhere to go.
ROOM = (1.30, 1.20)
LONGEST = 2200  # pixels of a painted canvas; a larger one is enlarged from it

Painter = Callable[[Easel], list[Layer]]
_KINDS: tuple[tuple[str, str, Painter], ...] = (
    ("space", r"space|galax\w*|planets?|nebula\w*|cosm\w*|universe|astronauts?|orbiting|asteroids?|spaceships?", places.space),
    ("city", r"city|cities|streets?|urban|skyline|downtown|buildings?|skyscrapers?|tokyo|new york|paris|london|cyberpunk|alley|town|rooftops?|car", places.city),
    ("desert", r"desert|dunes?|sahara|sand dunes|camels?|pyramids?", land.desert),
    ("sea", r"sea|ocean|beach|coast\w*|waves?|island|harbou?r|boats?|ships?|sail\w*|underwater|surf\w*|lighthouse|shore|tropical|water|palm", water.sea),
    ("forest", r"forests?|woods?|woodland|jungle|trees?|rain ?forest|fox|deer|bears?|mushrooms?|bamboo", places.forest),
    ("meadow", r"meadows?|fields?|grass\w*|flowers?|farm|hills?|garden|park|prairie|horses?|sheep|countryside|picnic|village", land.meadow),
    ("mountains", r"mountains?|alps?|peaks?|valley|cliffs?|glacier|himalaya|lakes?|canyon|castle|dragon|landscape", land.mountains),
    ("abstract", r"abstract|pattern|fluid|liquid|geometric|gradient|colou?rs|paint|ink|music|dream", places.abstract),
    ("studio", r"studio|portrait|headshot|product|backdrop|closeup|close-up|fashion|model|perfume|bottle|watch|shoes?|interior|room|kitchen|office|cafe", places.studio),
)  # fmt: skip
_HORIZONS = {"sea": 0.48, "desert": 0.42, "meadow": 0.44, "city": 0.44, "forest": 0.5, "mountains": 0.44}


@dataclass(frozen=True)
class Painting:
    """Layers of one size; the view at rest is the `width`×`height` window whose corner is `origin`. All in pixels."""

    kind: str
    palette: str
    layers: tuple[Layer, ...]
    origin: tuple[int, int]
    width: int
    height: int
    focus: tuple[float, float]  # of the view's width and height: where the subject or the sun is

    def flat(self) -> Array:
        """The view at rest as one RGB picture."""
        left, top = self.origin
        window = (slice(top, top + self.height), slice(left, left + self.width))
        flat = self.layers[0].rgb[window].copy()
        for layer in self.layers[1:]:
            if layer.alpha is not None:
                alpha = cv2.merge([layer.alpha[window]] * 3)
                below = cv2.multiply(flat, cv2.bitwise_not(alpha), scale=1 / 255)
                flat = cv2.add(below, cv2.multiply(layer.rgb[window], alpha, scale=1 / 255))
        return np.asarray(flat)


def paint(
    text: str,
    *,
    seed: int,
    width: int,
    height: int,
    base: str = "flux1",
    negative: str = "",
    subjects: Sequence[Subject] = (),
    check: Callable[[], None] = lambda: None,
) -> Painting:
    """Paint what the text names, at the size of a view; what it has no element for becomes the place it belongs to.

    `check` is called between the layers and may raise.
    """
    clean = TAGS.sub(" ", text.lower())
    people = cast.called(clean, subjects)
    kind, painter = choose(clean, people=bool(people))
    palette = palettes.choose(clean, _mood(kind, base, seed))
    if palette.name in negative.lower():
        palette = palettes.PALETTES["day" if palette.name != "day" else "sunset"]
    full = (_even(width * ROOM[0]), _even(height * ROOM[1]))
    shrink = min(1.0, LONGEST / max(full))
    easel = _easel(clean, kind, palette, seed=seed, base=base, size=(_even(full[0] * shrink), _even(full[1] * shrink)))
    layers = painter(easel)
    check()
    if kind == "studio" and not people:
        layers.append(places.still_life(easel))
    layers += cast.placed(easel, people, view=(1 / ROOM[0], 1 / ROOM[1]))
    layers = finish.styled(layers, subjects)
    for index, layer in enumerate(layers):
        check()
        layers[index] = _enlarged(finish.based(layer, base, seed, index), full)
    origin = ((full[0] - width) // 4 * 2, (full[1] - height) // 4 * 2)
    focus = (0.5, 0.45) if people else (0.5 + 0.5 * (easel.sun[0] - 0.5), 0.45)
    return Painting(kind, palette.name, tuple(layers), origin, width, height, focus)


def choose(text: str, *, people: bool = False) -> tuple[str, Painter]:
    """The kind whose word comes first; portraits stand in a studio, the unnamed before mountains."""
    hits = [
        (match.start(), name, painter)
        for name, words, painter in _KINDS
        if (match := re.search(rf"\b(?:{words})\b", text))
    ]
    outdoors = [hit for hit in hits if hit[1] != "studio"]
    if hits:
        _start, name, painter = min(outdoors or hits, key=lambda hit: hit[0])
        return name, painter
    if people:
        return "studio", places.studio
    return ("mountains", land.mountains) if text.strip() else ("abstract", places.abstract)


def _mood(kind: str, base: str, seed: int) -> str:
    """The palette when no word names one: each base has its own habit, abstracts their seed's."""
    if kind == "abstract":
        return ("sunset", "spring", "dusk", "pastel", "neon", "aurora")[chance.generator(seed, "mood").integers(6)]
    if kind == "space":
        return "night"
    if kind == "forest":
        return {"sd15": "autumn", "sdxl1": "spring"}.get(base, "day")
    return {"sd15": "sunrise", "sdxl1": "dusk"}.get(base, "day")


def _easel(text: str, kind: str, palette: palettes.Palette, *, seed: int, base: str, size: tuple[int, int]) -> Easel:
    rng = chance.generator(seed, f"painter {kind} {base}")
    horizon = _HORIZONS.get(kind, 0.5) + float(rng.uniform(-0.04, 0.04))
    sun = (float(rng.choice([rng.uniform(0.2, 0.4), rng.uniform(0.6, 0.8)])), horizon * float(rng.uniform(0.35, 0.8)))
    words = frozenset(re.findall(r"[a-z]+", text))
    return Easel(rng, palette, *size, horizon, sun, words)


def _even(value: float) -> int:
    return 2 * round(value / 2)


def _enlarged(layer: Layer, size: tuple[int, int]) -> Layer:
    if (layer.rgb.shape[1], layer.rgb.shape[0]) == size:
        return layer
    rgb = cv2.resize(layer.rgb, size, interpolation=cv2.INTER_CUBIC)
    alpha = None if layer.alpha is None else cv2.resize(layer.alpha, size, interpolation=cv2.INTER_CUBIC)
    return replace(layer, rgb=rgb, alpha=alpha)
