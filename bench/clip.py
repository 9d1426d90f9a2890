"""`python -m bench.clip ROUNDS`: a 5 s 720p clip from one picture, against nothing but encoding the same frames.

Prints a list of {"total": s, "encode": s, "total_cpu": s, "encode_cpu": s} as JSON.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from engines.base import RenderRequest
from engines.motion import program
from engines.motion.encode import Writer
from engines.motion.engine import MotionEngine
from engines.motion.photographed import PhotoScene
from engines.motion.planes import Planes
from engines.motion.stage import file_format

WIDTH, HEIGHT, FPS, SECONDS = 1280, 720, 24, 5
PROMPT = "slow zoom in"


@dataclass
class Desk:
    """A caller that never interrupts."""

    folder: Path
    deadline: float = field(default_factory=lambda: time.monotonic() + 600)

    def progress(self, fraction: float, stage: str) -> None: ...

    def cancelled(self) -> bool:
        return False


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        request = _request(_picture(Path(folder) / "first.png"))
        frames, found = _frames(request), []
        for number in range(rounds):
            place = Path(folder) / str(number)
            place.mkdir()
            total, total_cpu = _timed(lambda place=place: MotionEngine().render(request, Desk(place)))
            encode, encode_cpu = _timed(lambda place=place: _encode(request, frames, place / "again.mp4"))
            found.append({"total": total, "encode": encode, "total_cpu": total_cpu, "encode_cpu": encode_cpu})
    json.dump(found, sys.stdout)


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the wall, and of processor time."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def _request(first: Path) -> RenderRequest:
    return RenderRequest(
        task="image_to_video",
        prompt=PROMPT,
        seed=7,
        width=WIDTH,
        height=HEIGHT,
        frames=SECONDS * FPS,
        fps=FPS,
        first=first,
    )


def _picture(path: Path) -> Path:
    """Sky, hills and a thousand leaves: edges and fine detail, as a photo has them. The same every time."""
    chance = np.random.default_rng(1)
    rows = np.linspace(0, 1, 1080)[:, None, None]
    rgb = (np.array([70, 120, 190]) * (1 - rows) + np.array([230, 190, 140]) * rows).repeat(1920, axis=1)
    for height, shade in ((620, 90), (760, 60), (900, 35)):
        ridge = height + 60 * np.sin(np.arange(1920) / chance.uniform(90, 260) + chance.uniform(0, 6))
        rgb[np.arange(1080)[:, None] > ridge[None]] = (shade, shade + 30, shade - 10)
    picture = np.ascontiguousarray(rgb.astype(np.uint8))
    for x, y, size in zip(
        chance.integers(0, 1920, 1000), chance.integers(650, 1080, 1000), chance.integers(2, 14, 1000), strict=True
    ):
        cv2.circle(picture, (int(x), int(y)), int(size), [int(value) for value in chance.integers(20, 160, 3)], -1)
    cv2.imwrite(str(path), picture[..., ::-1])
    return path


def _frames(request: RenderRequest) -> list[Planes]:
    """Every frame of the clip, drawn beforehand."""
    words = program.read(PROMPT, duration=SECONDS, seed=request.seed, negative="")
    scene = PhotoScene.of(request, words, lambda: None)
    frames = []
    for index in range(request.frames):
        planes = Planes(*(np.empty((HEIGHT // n, WIDTH // n), np.uint8) for n in (1, 2, 2)))
        scene.draw(index, planes)
        frames.append(planes)
    return frames


def _encode(request: RenderRequest, frames: list[Planes], path: Path) -> None:
    """The engine's own writer, with its options and threads."""
    with Writer(path, file_format(request)) as writer:
        for drawn in frames:
            frame, planes = writer.blank()
            for target, source in zip(planes, drawn, strict=True):
                target[:] = source
            writer.put(frame)


if __name__ == "__main__":
    main(int(sys.argv[1]))
