"""Text → a painted scene: layers from far to near, chosen by the words, varied by the seed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from engines.base import Subject
from engines.motion import chance, finish, likeness
from engines.motion.painter import (
    cast,
    city,
    close,
    closeups,
    country,
    indoors,
    land,
    nature,
    palettes,
    places,
    things,
    unheard,
    water,
    weather,
    words,
)
from engines.motion.painter.easel import Easel, Layer, cropped, flattened
from engines.motion.planes import Array
from engines.motion.vocabulary import TAGS

# The canvas is larger than the view, so that the camera has somewhere to go.
ROOM = (1.30, 1.20)
LONGEST = 2200  # pixels of a painted canvas; a larger one is enlarged from it

Painter = Callable[[Easel], list[Layer]]
_PAINTERS: Mapping[str, Painter] = {
    "space": places.space, "city": city.city, "street": city.street, "desert": land.desert, "sea": water.sea,
    "forest": places.forest, "garden": close.garden, "meadow": land.meadow, "mountains": land.mountains,
    "lake": nature.lake, "river": nature.river, "waterfall": nature.waterfall, "island": nature.island,
    "savanna": nature.savanna, "ice": nature.ice, "heights": nature.heights, "underwater": closeups.underwater,
    "flowers": closeups.flowers, "road": country.road, "field": country.field, "village": country.village,
    "market": country.market, "table": indoors.table, "kitchen": indoors.kitchen, "library": indoors.library,
    "workshop": indoors.workshop, "room": close.room, "stage": close.stage, "studio": places.studio,
    "abstract": places.abstract,
}  # fmt: skip
_HORIZONS = {
    "sea": 0.48, "desert": 0.42, "meadow": 0.44, "city": 0.44, "street": 0.47, "mountains": 0.44, "garden": 0.42,
    "lake": 0.42, "river": 0.40, "waterfall": 0.40, "island": 0.46, "savanna": 0.46, "ice": 0.44, "heights": 0.44,
    "road": 0.46, "field": 0.44, "village": 0.40,
}  # fmt: skip


@dataclass(frozen=True)
class Painting:
    """Layers of one size; the view at rest is the `width`×`height` window whose corner is `origin`. All in pixels."""

    kind: str
    palette: str
    layers: tuple[Layer, ...]  # at `scale` of the size that the view asks for
    origin: tuple[int, int]
    width: int
    height: int
    focus: tuple[float, float]  # of the view's width and height: where the subject or the sun is
    scale: float = 1.0

    def flat(self) -> Array:
        """The view at rest as one RGB picture."""
        flat = flattened(self.layers)
        left, top = self.origin
        if self.scale == 1:
            return flat[top : top + self.height, left : left + self.width]
        s = self.scale
        matrix = np.array([[s, 0, (left + 0.5) * s - 0.5], [0, s, (top + 0.5) * s - 0.5]])
        flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
        return np.asarray(cv2.warpAffine(flat, matrix, (self.width, self.height), flags=flags))


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

    `check` is called several times a second and may raise.
    """
    clean = TAGS.sub(" ", text.lower())
    people = cast.called(clean, subjects)
    scene = words.read(clean, people=bool(people), known=_names(subjects))
    kind = scene.kind
    if "angler" in scene.things and not (subjects or "portrait" in clean):
        people = []  # who is said to fish is seen fishing
    palette = palettes.choose(clean, _mood(kind, base, seed))
    if palette.name in negative.lower():
        palette = palettes.PALETTES["day" if palette.name != "day" else "sunset"]
    skies = weather.read(clean, negative.lower(), palette.name)
    palette = weather.tinted(palette, skies)
    full = (_even(width * ROOM[0]), _even(height * ROOM[1]))
    shrink = min(1.0, LONGEST / max(full))
    size = (_even(full[0] * shrink), _even(full[1] * shrink))
    easel = _easel(clean, scene, palette, seed=seed, base=base, size=size)
    easel = replace(easel, weather=skies, check=check)
    layers = _PAINTERS[kind](easel)
    check()
    layers += things.placed(easel, kind, clean, list(scene.things))
    if kind == "studio" and not (people or scene.things):
        layers.append(places.still_life(easel))
    layers = likeness.shaped(layers, subjects)
    layers += cast.placed(easel, people, view=(1 / ROOM[0], 1 / ROOM[1]))
    layers = finish.styled(layers, subjects)
    for index, layer in enumerate(layers):
        check()
        layers[index] = finish.based(cropped(layer), base, seed, index)
    origin = ((full[0] - width) // 4 * 2, (full[1] - height) // 4 * 2)
    focus = (0.5, 0.45) if people else (0.5 + 0.5 * (easel.sun[0] - 0.5), 0.45)
    return Painting(kind, palette.name, tuple(layers), origin, width, height, focus, scale=size[0] / full[0])


def unpainted(text: str, subjects: Sequence[Subject] = ()) -> list[str]:
    """What a text asks for and no painting of ours shows: subjects without a brush or a place, words without effect."""
    clean, known = TAGS.sub(" ", text.lower()), _names(subjects)
    person = cast.where(clean)
    scene = words.read(clean, people=bool(person), known=known)
    shown = things.possible(scene.kind, list(scene.things))
    named = [*scene.unknown, *(word for name, word in scene.things.items() if name not in shown)]
    rest = unheard.unheard(clean, kind=scene.kind, person=person, known=known)
    parts = {part for name in named for part in name.split()}
    return [*named, *(word for word in rest if word not in parts)]


def _names(subjects: Sequence[Subject]) -> list[str]:
    return [name for subject in subjects for name in (subject.name, subject.token or "") if name]


def _mood(kind: str, base: str, seed: int) -> str:
    """The palette when no word names one: each base has its own habit, abstracts their seed's."""
    if kind == "abstract":
        return ("sunset", "spring", "dusk", "pastel", "neon", "aurora")[chance.generator(seed, "mood").integers(6)]
    if kind in ("space", "ice"):
        return "night" if kind == "space" else "winter"
    if kind == "forest":
        return {"sd15": "autumn", "sdxl1": "spring"}.get(base, "day")
    return {"sd15": "sunrise", "sdxl1": "dusk"}.get(base, "day")


def _easel(
    text: str, scene: words.Scene, palette: palettes.Palette, *, seed: int, base: str, size: tuple[int, int]
) -> Easel:
    """Each seed has its own layout; so has each subject that chose its place itself, or that no brush paints."""
    kind, own = scene.kind, [*scene.unknown, *(() if scene.placed else scene.things)]
    rng = chance.generator(seed, " ".join(["painter", kind, base, *own]))
    horizon = _HORIZONS.get(kind, 0.5) + float(rng.uniform(-0.04, 0.04))
    sun = (float(rng.choice([rng.uniform(0.2, 0.4), rng.uniform(0.6, 0.8)])), horizon * float(rng.uniform(0.35, 0.8)))
    said = frozenset(re.findall(r"[a-z]+", text))
    lands = any(things.ELEMENTS[name].stands == "ground" for name in scene.things if name != "lighthouse")
    return Easel(rng, palette, *size, horizon, sun, said, lands)


def _even(value: float) -> int:
    return 2 * round(value / 2)
