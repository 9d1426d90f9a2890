"""A driving clip of our own for motion control: a figure sways on a beach while the camera pans over it.

python -m engines.motion.reference_clip OUT.mp4
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from engines.motion import camera
from engines.motion.clip import film
from engines.motion.encode import Format
from engines.motion.painted import sheet_of
from engines.motion.painter import paint
from engines.motion.planes import Planes
from engines.motion.sheets import draw_sheets

WIDTH, HEIGHT, FPS, FRAMES = 640, 360, 24, 84
SEED = 11
PAN, SWAY, ROLL, ZOOM = 0.11, 0.020, 1.6, 0.10  # view widths, view widths, degrees, share


class _Swaying:
    """The camera pans right and pushes in; the figure, the nearest sheet, swings from side to side on its own."""

    def __init__(self) -> None:
        painting = paint("a woman on a tropical beach", seed=SEED, width=WIDTH, height=HEIGHT)
        *self._scene, self._figure = [sheet_of(layer) for layer in painting.layers]
        self._origin = painting.origin
        t = np.linspace(0, 1, FRAMES)
        gone, beat = camera.cruise(t), np.sin(2 * np.pi * 2 * t) * camera.smoothstep(t / 0.15)
        rest = camera.at_rest(FRAMES)
        self._camera = replace(
            rest,
            px=PAN * gone,
            tx=0.2 * PAN * gone,
            lnz=np.log1p(ZOOM) * gone,
            roll=np.deg2rad(ROLL) * np.sin(np.pi * t) ** 2,
        )
        self._leaning = replace(self._camera, px=self._camera.px + SWAY * beat, roll=self._camera.roll + 0.05 * beat)

    def draw(self, index: int, planes: Planes) -> None:
        seconds = index / FPS
        draw_sheets(planes, self._scene, self._camera, index, origin=self._origin, seconds=seconds)
        draw_sheets(planes, [self._figure], self._leaning, index, origin=self._origin, seconds=seconds)


class OwnDesk:
    """The command's own desk: a folder, no hurry, nobody to reach."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.deadline = folder, time.monotonic() + 300

    def progress(self, fraction: float, stage: str) -> None:
        sys.stdout.write(f"\r{stage} {fraction:.0%}")

    def cancelled(self) -> bool:
        return False

    def fetch(self, url: str) -> Path:
        raise LookupError(url)

    def lend(self, path: Path) -> str:
        raise LookupError(path)

    def secret(self, name: str) -> str:
        raise LookupError(name)

    def recall(self) -> str | None:
        return None

    def remember(self, token: str) -> None:
        raise LookupError(token)


def write(path: Path) -> None:
    format_ = Format(
        width=WIDTH, height=HEIGHT, fps=FPS, frames=FRAMES, title="Reference clip", comment={"engine": "motion"}
    )
    with tempfile.TemporaryDirectory() as folder:
        made = film(_Swaying(), FRAMES, format_=format_, desk=OwnDesk(Path(folder)))
        path.write_bytes(made.path.read_bytes())


if __name__ == "__main__":
    write(Path(sys.argv[1]))
