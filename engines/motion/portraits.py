"""Head-and-shoulders portraits of people who don't exist, as cut-outs; the sample references are made with them.

    python -m engines.motion.portraits OUTDIR

writes `ohwx-woman-1.png … -3.png` and `ohwx-man-1.png … -3.png` (RGBA, 768 pixels high): the same person three times,
in other clothes and another light.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2

from engines.motion.chance import generator
from engines.motion.ink import HEIGHT, Point, Sheet, Tone, shade
from engines.motion.planes import Array

SKINS: tuple[Tone, ...] = ((244, 208, 184), (232, 186, 152), (206, 152, 112), (166, 112, 78), (118, 76, 54))
HAIRS: tuple[Tone, ...] = ((46, 32, 28), (88, 56, 38), (142, 92, 52), (206, 160, 96), (168, 74, 42), (150, 150, 154))
CLOTHES: tuple[Tone, ...] = (
    (46, 92, 138),
    (178, 66, 62),
    (58, 122, 98),
    (224, 168, 76),
    (104, 78, 140),
    (62, 66, 78),
    (226, 220, 208),
)


@dataclass(frozen=True)
class Look:
    """What a person looks like; lengths in shares of the picture's width."""

    woman: bool
    skin: Tone
    hair: Tone
    clothes: Tone
    eyes: Tone
    long_hair: bool
    beard: bool
    fringe: float  # 0 parted in the middle … 1 full
    light: int  # −1 from the left, +1 from the right
    face: float  # half width of the face


EYES: tuple[Tone, ...] = ((72, 108, 86), (84, 62, 44), (70, 104, 138))


def look(*, woman: bool, seed: int) -> Look:
    """A person whom nobody has met, always the same for a seed."""
    rng = generator(seed, "look")
    return Look(
        woman=woman,
        skin=SKINS[int(rng.integers(len(SKINS)))],
        hair=HAIRS[int(rng.integers(5 if woman else 6))],
        clothes=CLOTHES[int(rng.integers(len(CLOTHES)))],
        eyes=EYES[int(rng.integers(len(EYES)))],
        long_hair=woman and bool(rng.random() < 0.75),
        beard=not woman and bool(rng.random() < 0.35),
        fringe=float(rng.random()),
        light=1 if rng.random() < 0.5 else -1,
        face=0.155,
    )


WOMAN = Look(True, (236, 192, 160), (92, 52, 34), (178, 66, 62), (84, 62, 44), True, False, 0.35, -1, 0.152)
MAN = Look(False, (226, 178, 142), (56, 40, 34), (46, 92, 138), (70, 104, 138), False, True, 0.7, 1, 0.160)


def draw(person: Look, height: int = HEIGHT, check: Callable[[], None] = lambda: None) -> tuple[Array, Array]:
    """RGB and alpha of a portrait `height` pixels high; `check` is called between its parts and may raise."""
    sheet = Sheet()
    parts = (_hair_behind, _torso, _neck, _head, _features, _hair)
    for part in parts if person.long_hair else parts[1:]:
        check()
        part(sheet, person)
    check()
    return sheet.finished(person.light, height)


CX, EYES_Y = 0.5, 0.43


def _mirror(points: Sequence[Point]) -> list[Point]:
    """The left half of a shape from top to bottom → the whole outline."""
    return [*points, *[(2 * CX - x, y) for x, y in reversed(points)]]


def _hair_behind(sheet: Sheet, p: Look) -> None:
    f = p.face
    left = [
        (CX - 0.02, 0.155),
        (CX - 0.9 * f, 0.19),
        (CX - 1.45 * f, 0.34),
        (CX - 1.5 * f, 0.56),
        (CX - 1.62 * f, 0.76),
        (CX - 1.25 * f, 0.90),
        (CX - 0.6 * f, 0.92),
    ]
    mask = sheet.shape(_mirror(left), shade(p.hair, -0.28))
    for k in range(5):
        x = CX + (-1.35 + 0.16 * k) * f
        for side in (x, 2 * CX - x):
            curl = (side, 0.36), (side + 0.012 * (1 if k % 2 else -1), 0.58), (side - 0.01, 0.86)
            sheet.strand(curl, shade(p.hair, -0.05), on=mask, strength=150, width=7)


def _torso(sheet: Sheet, p: Look) -> None:
    wide = 0.335 if p.woman else 0.40
    left = [
        (CX - 0.07, 0.775),
        (CX - 0.17, 0.825),
        (CX - wide + 0.05, 0.875),
        (CX - wide - 0.01, 0.985),
        (CX - wide - 0.035, 1.25),
    ]
    mask = sheet.shape(_mirror(left), p.clothes)
    sheet.shape(
        [
            (CX - p.light * 0.10, 0.80),
            (CX - p.light * 0.5, 0.85),
            (CX - p.light * 0.5, 1.28),
            (CX - p.light * 0.17, 1.28),
        ],
        shade(p.clothes, -0.18),
        on=mask,
    )
    if p.woman:
        sheet.shape([(CX - 0.105, 0.79), (CX, 0.955), (CX + 0.105, 0.79), (CX, 0.75)], shade(p.skin, -0.03), on=mask)
    else:
        sheet.shape([(CX - 0.085, 0.785), (CX, 0.93), (CX + 0.085, 0.785), (CX, 0.76)], (240, 238, 232), on=mask)
        for side in (-1, 1):
            lapel = [
                (CX + side * 0.09, 0.775),
                (CX + side * 0.15, 0.85),
                (CX + side * 0.012, 1.12),
                (CX + side * 0.004, 0.95),
            ]
            sheet.shape(lapel, shade(p.clothes, 0.13), on=mask)
    for side in (-1, 1):
        sheet.line(
            [(CX + side * (wide - 0.10), 1.02), (CX + side * (wide - 0.075), 1.12), (CX + side * (wide - 0.085), 1.21)],
            shade(p.clothes, -0.28),
            0.006,
        )


def _neck(sheet: Sheet, p: Look) -> None:
    wide = 0.068 if p.woman else 0.088
    left = [(CX - wide, 0.60), (CX - wide, 0.73), (CX - wide - 0.03, 0.80), (CX - 0.02, 0.855 if p.woman else 0.82)]
    mask = sheet.shape(_mirror(left), shade(p.skin, -0.10))
    sheet.oval((CX, 0.655), (wide * 1.4, 0.075), shade(p.skin, -0.32), on=mask, soft=0.012)


def _face_outline(p: Look) -> list[Point]:
    f, jaw = p.face, (0.70 if p.woman else 0.80)
    return _mirror(
        [
            (CX - 0.35 * f, 0.225),
            (CX - 0.86 * f, 0.285),
            (CX - f, 0.42),
            (CX - 0.95 * f, 0.51),
            (CX - jaw * f, 0.60),
            (CX - 0.40 * f, 0.668),
            (CX - 0.13 * f, 0.686),
        ]
    )


def _head(sheet: Sheet, p: Look) -> None:
    f = p.face
    for side in (-1, 1):
        sheet.shape(
            [
                (CX + side * 0.94 * f, 0.43),
                (CX + side * 1.15 * f, 0.425),
                (CX + side * 1.16 * f, 0.475),
                (CX + side * 1.0 * f, 0.525),
            ],
            shade(p.skin, -0.10),
        )
    mask = sheet.shape(_face_outline(p), p.skin)
    sheet.oval(
        (CX - p.light * 1.06 * f, 0.50), (0.42 * f, 0.27), shade(p.skin, -0.20), on=mask, soft=0.022, strength=0.85
    )
    sheet.oval((CX + p.light * 0.45 * f, 0.34), (0.45 * f, 0.07), shade(p.skin, 0.28), on=mask, soft=0.03, strength=0.6)
    for side in (-1, 1):
        sheet.oval(
            (CX + side * 0.56 * f, 0.535),
            (0.26 * f, 0.034),
            (226, 112, 96),
            on=mask,
            soft=0.018,
            strength=0.34 if p.woman else 0.2,
        )
    if p.beard:
        outline = [(CX - 0.97 * f, 0.50), (CX - 0.80 * f, 0.545), (CX - 0.36 * f, 0.555), (CX, 0.548)]
        lower = [(CX - 0.14 * f, 0.70), (CX - 0.42 * f, 0.69), (CX - 0.84 * f, 0.62)]
        sheet.shape(
            [
                *outline,
                *[(2 * CX - x, y) for x, y in reversed(outline[:-1])],
                *[(2 * CX - x, y) for x, y in reversed(lower)],
                *lower,
            ],
            shade(p.hair, 0.05),
            on=mask,
        )


def _features(sheet: Sheet, p: Look) -> None:
    f = p.face
    for side in (-1, 1):
        _eye(sheet, p, CX + side * 0.43 * f, side)
        brow_y = EYES_Y - (0.052 if p.woman else 0.046)
        brow = [
            (CX + side * 0.18 * f, brow_y + 0.006),
            (CX + side * 0.43 * f, brow_y - 0.010),
            (CX + side * 0.70 * f, brow_y + 0.006),
        ]
        sheet.line(brow, shade(p.hair, -0.12), 0.011 if p.woman else 0.016)
    tip = 0.535
    sheet.oval((CX, tip - 0.008), (0.13 * f, 0.014), shade(p.skin, -0.12), soft=0.006)
    sheet.line(
        [
            (CX - p.light * 0.05 * f, 0.46),
            (CX - p.light * 0.12 * f, 0.515),
            (CX - p.light * 0.13 * f, tip),
            (CX, tip + 0.007),
            (CX + p.light * 0.09 * f, tip),
        ],
        shade(p.skin, -0.30),
        0.006,
    )
    _mouth(sheet, p)


def _eye(sheet: Sheet, p: Look, x: float, side: int) -> None:
    wide, tall = 0.215 * p.face, 0.0165
    y = EYES_Y
    white = [
        (x - wide, y + 0.003),
        (x - 0.4 * wide, y - tall * 0.95),
        (x + 0.4 * wide, y - tall * 0.95),
        (x + wide, y + 0.003),
        (x + 0.35 * wide, y + tall * 0.8),
        (x - 0.35 * wide, y + tall * 0.8),
    ]
    mask = sheet.shape(white, (250, 248, 244))
    sheet.oval((x, y - 0.001), (0.0185, 0.0185), p.eyes, on=mask)
    sheet.oval((x, y - 0.001), (0.0095, 0.0095), (28, 20, 22), on=mask)
    sheet.oval((x + 0.006 * p.light, y - 0.0075), (0.0045, 0.0045), (255, 255, 255), on=mask)
    lid = [
        (x - wide * 1.06, y + 0.004),
        (x - 0.4 * wide, y - tall),
        (x + 0.4 * wide, y - tall),
        (x + wide * 1.06, y + 0.003),
    ]
    sheet.line(lid, (52, 34, 34), 0.009 if p.woman else 0.0065)
    if p.woman:
        sheet.line([(x + side * wide, y + 0.001), (x + side * wide * 1.28, y - 0.011)], (52, 34, 34), 0.006)
    sheet.line(
        [(x - wide * 0.8, y - tall * 1.75), (x, y - tall * 2.15), (x + wide * 0.8, y - tall * 1.75)],
        shade(p.skin, -0.22),
        0.004,
    )


def _mouth(sheet: Sheet, p: Look) -> None:
    wide, y = 0.36 * p.face, 0.598
    lips = (200, 92, 92) if p.woman else shade(p.skin, -0.25)
    sheet.shape(
        [
            (CX - wide, y - 0.006),
            (CX - 0.35 * wide, y - 0.016),
            (CX, y - 0.011),
            (CX + 0.35 * wide, y - 0.016),
            (CX + wide, y - 0.006),
            (CX + 0.5 * wide, y + 0.018),
            (CX, y + 0.024),
            (CX - 0.5 * wide, y + 0.018),
        ],
        lips,
    )
    sheet.line(
        [
            (CX - wide * 1.06, y - 0.008),
            (CX - 0.45 * wide, y + 0.002),
            (CX, y + 0.005),
            (CX + 0.45 * wide, y + 0.002),
            (CX + wide * 1.06, y - 0.008),
        ],
        shade(lips, -0.5),
        0.005,
    )
    sheet.oval(
        (CX + p.light * 0.06 * p.face, y + 0.014), (0.35 * wide, 0.004), shade(lips, 0.4), soft=0.004, strength=0.7
    )


def _hair(sheet: Sheet, p: Look) -> None:
    f, parting = p.face, CX + 0.30 * p.face * p.light
    if p.woman:
        _side_of_hair(sheet, p, parting, -1)
        _side_of_hair(sheet, p, parting, 1)
        return
    top = [
        (CX - 1.04 * f, 0.40),
        (CX - 1.12 * f, 0.30),
        (CX - 0.86 * f, 0.185),
        (CX - 0.2 * f, 0.135),
        (CX + 0.55 * f, 0.15),
        (CX + 1.08 * f, 0.245),
        (CX + 1.06 * f, 0.40),
    ]
    low = 0.275 + 0.03 * p.fringe
    under = [
        (CX + 0.93 * f, 0.36),
        (CX + 0.80 * f, low + 0.005),
        (CX + 0.3 * f, low - 0.012),
        (CX - 0.35 * f, low - 0.005),
        (CX - 0.80 * f, low + 0.012),
        (CX - 0.94 * f, 0.36),
    ]
    mask = sheet.shape([*top, *under], p.hair)
    for k in range(6):
        x = CX + (-0.75 + 0.3 * k) * f
        curve = [(x, 0.28), (x + 0.10 * f * p.light, 0.215), (x + 0.32 * f * p.light, 0.165)]
        sheet.strand(curve, shade(p.hair, 0.14), on=mask, strength=190, width=9)


def _side_of_hair(sheet: Sheet, p: Look, parting: float, side: int) -> None:
    """From the parting down one side of the face."""
    f = p.face
    reach, end = CX + side * 1.20 * f, (0.80 if p.long_hair else 0.60)
    dip = 0.30 + 0.05 * p.fringe
    outline = [
        (parting, 0.205),
        (parting + side * 0.05, 0.155),
        (CX + side * 0.85 * f, 0.185),
        (reach, 0.30),
        (reach + side * 0.10 * f, 0.45),
        (reach + side * 0.12 * f, 0.62),
        (reach + side * 0.16 * f, end),
        (CX + side * 1.00 * f, end - 0.03),
        (CX + side * 1.02 * f, 0.55),
        (CX + side * 0.98 * f, 0.43),
        (CX + side * 0.82 * f, dip + 0.04),
        (CX + side * 0.45 * f, dip - 0.03),
        (parting, 0.225),
    ]
    mask = sheet.shape(outline, p.hair if side == p.light else shade(p.hair, -0.12))
    for k in range(4):
        start = (parting + side * 0.02, 0.19 + 0.012 * k)
        curve = [
            start,
            (CX + side * (0.70 + 0.08 * k) * f, 0.235 + 0.025 * k),
            (CX + side * (1.02 + 0.05 * k) * f, 0.42),
            (CX + side * (1.06 + 0.05 * k) * f, end - 0.04),
        ]
        sheet.strand(curve, shade(p.hair, 0.17), on=mask, strength=170, width=6)


def samples() -> dict[str, Look]:
    """File name → look of the two reference people that ship with the product."""
    found = {}
    for name, person, clothes in (
        ("woman", WOMAN, ((178, 66, 62), (58, 122, 98), (226, 220, 208))),
        ("man", MAN, ((46, 92, 138), (62, 66, 78), (104, 78, 140))),
    ):
        for number, tone in enumerate(clothes, start=1):
            found[f"ohwx-{name}-{number}.png"] = replace(person, clothes=tone, light=(-1, 1, -1)[number - 1])
    return found


def write(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, person in samples().items():
        rgb, alpha = draw(person)
        _ok, data = cv2.imencode(".png", cv2.merge([*cv2.split(rgb)[::-1], alpha]), [cv2.IMWRITE_PNG_COMPRESSION, 9])
        (folder / name).write_bytes(data.tobytes())


if __name__ == "__main__":
    write(Path(sys.argv[1]))
