"""What is straight in a photo stays straight under every move: no tower, trunk or door frame bends like rubber."""

import numpy as np
import pytest

from engines.motion import photographed, program
from engines.motion.photo import Canvas, Focus
from engines.motion.planes import Planes

pytestmark = pytest.mark.engine

WIDTH, HEIGHT, FRAMES = 640, 360, 60
MOVES = [
    "", "pan left", "pan right", "truck left", "dolly in", "dolly out", "zoom in", "zoom out", "dolly zoom",
    "orbit left", "fast orbit right", "tilt up", "crane down", "camera rolls clockwise", "handheld",
    "he walks towards the camera", "pan left, then zoom in",
]  # fmt: skip


def striped(upright: bool) -> np.ndarray:
    """White stripes of 8 pixels, 40 apart, on a ground that grows darker upwards as landscapes do, RGB."""
    rgb = np.tile(np.linspace(40, 110, HEIGHT)[:, None, None], (1, WIDTH, 3)).astype(np.uint8)
    at = np.arange(WIDTH if upright else HEIGHT) % 40 < 8
    if upright:
        rgb[:, at] = 235
    else:
        rgb[at] = 235
    return rgb


def filmed(rgb: np.ndarray, words: str) -> list[np.ndarray]:
    """Luma of the first, the middle and the last frame."""
    view = Canvas(rgb, 0, 0, WIDTH, HEIGHT)
    read = program.read(words, duration=5, seed=2)
    scene = photographed.PhotoScene(view, Focus(0.5, 0.4, 0.2), read, frames=FRAMES, fps=12)
    found = []
    for frame in (0, FRAMES // 2, FRAMES - 1):
        planes = Planes(np.empty((HEIGHT, WIDTH), np.uint8), *(np.empty((HEIGHT // 2, WIDTH // 2), np.uint8),) * 2)
        scene.draw(frame, planes)
        found.append(planes.y.copy())
    return found


def bends(luma: np.ndarray) -> list[float]:
    """For each stripe that runs from the top to the bottom: how far it leaves the line that fits it best, in widths."""
    starts = centres(luma[HEIGHT // 2])
    found = []
    for start in starts:
        line = followed(luma, start)
        if line is not None:
            rows = np.arange(len(line))
            found.append(float(np.abs(line - np.polyval(np.polyfit(rows, line, 1), rows)).max()) / WIDTH)
    return found


def centres(row: np.ndarray) -> list[float]:
    """Middles of the bright runs that lie wholly inside a row, by their weight."""
    bright = np.concatenate([[0], (row > 165).astype(int), [0]])
    edges = np.flatnonzero(np.diff(bright))
    runs = zip(edges[::2], edges[1::2], strict=True)
    return [float((start + end - 1) / 2) for start, end in runs if start > 4 and end < len(row) - 4]


def followed(luma: np.ndarray, start: float) -> np.ndarray | None:
    """A stripe's place in every row, from the middle outwards; None when it leaves the picture."""
    line = np.empty(luma.shape[0])
    for rows in (range(luma.shape[0] // 2, luma.shape[0]), range(luma.shape[0] // 2 - 1, -1, -1)):
        at = start
        for row in rows:
            left = round(at) - 9
            if left < 0 or left + 19 > luma.shape[1]:
                return None
            weight = np.clip(luma[row, left : left + 19].astype(float) - 140, 0, None)
            at = left + float((weight * np.arange(19)).sum() / weight.sum())
            line[row] = at
    return line


@pytest.mark.parametrize("words", MOVES)
def test_upright_lines_stay_straight(words):
    found = [bends(luma) for luma in filmed(striped(upright=True), words)]

    assert min(len(frame) for frame in found) >= 4
    assert max(max(frame) for frame in found) <= 0.004


@pytest.mark.parametrize("words", ["", "truck left", "dolly in", "fast orbit right", "crane down", "tilt up"])
def test_level_lines_stay_straight(words):
    found = []
    for luma in filmed(striped(upright=False), words):
        middle = luma[:, WIDTH // 2 - HEIGHT // 2 : WIDTH // 2 + HEIGHT // 2]
        found.append(bends(np.ascontiguousarray(middle.T)))

    assert min(len(frame) for frame in found) >= 4
    assert max(max(frame) for frame in found) <= 0.004
