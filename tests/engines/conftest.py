"""Pictures, clips and a desk for engines, all made on the spot."""

import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from engines.base import RenderRequest, Result
from engines.motion.engine import MotionEngine


class Desk:
    """The caller's side of a render: remembers progress, can be told to cancel at the n-th question."""

    def __init__(self, folder: Path, *, seconds: float = 120.0, cancel_at: int | None = None):
        self.folder = folder
        self.deadline = time.monotonic() + seconds
        self.told: list[float] = []
        self.asked = 0
        self._cancel_at = cancel_at

    def progress(self, fraction, stage):
        self.told.append(fraction)

    def cancelled(self):
        self.asked += 1
        return self._cancel_at is not None and self.asked >= self._cancel_at

    def fetch(self, url):
        raise AssertionError(f"nothing to fetch: {url}")

    lend = secret = remember = fetch

    def recall(self):
        return None


@pytest.fixture
def desk(tmp_path) -> Callable[..., Desk]:
    made = iter(range(100))

    def make(**options) -> Desk:
        folder = tmp_path / f"desk{next(made)}"
        folder.mkdir()
        return Desk(folder, **options)

    return make


@pytest.fixture
def render(desk) -> Callable[..., Result]:
    """A clip or picture by the motion engine; small and short unless told otherwise."""

    def run(task: str, **fields) -> Result:
        defaults = {"prompt": "", "seed": 1, "width": 160, "height": 96}
        if task != "image":
            defaults |= {"frames": 12, "fps": 12}
        return MotionEngine().render(RenderRequest(task=task, **(defaults | fields)), desk())

    return run


def textured(width: int, height: int, seed: int = 3) -> np.ndarray:
    """A picture with corners to track at all scales and colours that a 4:2:0 clip can hold, RGB."""
    rng = np.random.default_rng(seed)
    image = np.full((height, width, 3), 110.0, np.float32)
    for cell in (160, 60, 24):
        grid = rng.uniform(-30, 30, (height // cell + 3, width // cell + 3, 1)) + rng.uniform(
            -14, 14, (height // cell + 3, width // cell + 3, 3)
        )
        grid = grid.astype(np.float32)
        image += cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC)
    for _ in range(90):
        x, y, size = rng.integers(0, width), rng.integers(0, height), rng.integers(6, 40)
        cv2.rectangle(
            image,
            (int(x), int(y)),
            (int(x + size), int(y + size)),
            (rng.uniform(50, 200) + rng.uniform(-25, 25, 3)).tolist(),
            -1,
            cv2.LINE_AA,
        )
    return np.clip(cv2.GaussianBlur(image, (0, 0), 1.2), 0, 255).astype(np.uint8)


def save(path: Path, rgb: np.ndarray) -> Path:
    cv2.imwrite(str(path), cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))
    return path


@pytest.fixture(scope="session")
def shelf(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("shelf")


@pytest.fixture(scope="session")
def photo(shelf) -> Path:
    """1280×720."""
    return save(shelf / "photo.png", textured(1280, 720))


@pytest.fixture(scope="session")
def other_photo(shelf) -> Path:
    """Portrait format, so that it has to be cropped."""
    return save(shelf / "other.png", textured(600, 800, seed=9))


@pytest.fixture(scope="session")
def driving(shelf) -> Path:
    """48 frames, 24 a second, 320×180: a window gliding right and down over a larger picture while it zooms in by 12 %."""
    world, path = textured(640, 360, seed=5), shelf / "driving.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=24, options={"crf": "16", "x264-params": "mbtree=0"})
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        for t in np.linspace(0, 1, 48):
            scale = 1 / (1 + 0.12 * t)
            matrix = np.array([[scale, 0, 130 + 60 * t], [0, scale, 70 + 30 * t]], np.float32)
            rgb = cv2.warpAffine(world, matrix, (320, 180), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(rgb, format="rgb24")))
        container.mux(stream.encode(None))
    return path


def decoded(path: Path, form: str = "rgb24") -> list[np.ndarray]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format=form) for frame in container.decode(video=0)]


def luma(path: Path) -> list[np.ndarray]:
    return [image[: image.shape[0] * 2 // 3] for image in decoded(path, "yuv420p")]


def psnr(a: np.ndarray, b: np.ndarray) -> float:
    error = float(((a.astype(np.float64) - b) ** 2).mean())
    return 99.0 if error == 0 else 10 * np.log10(255**2 / error)


def step(before: np.ndarray, after: np.ndarray) -> tuple[float, float, float]:
    """Shift in x and y of the middle, and scale, from one grey to another: corners, Lucas–Kanade, RANSAC similarity."""
    corners = cv2.goodFeaturesToTrack(before, 400, 0.01, 8)
    there, found, _ = cv2.calcOpticalFlowPyrLK(before, after, corners, None, winSize=(25, 25), maxLevel=4)
    good = found[:, 0] == 1
    cv2.setRNGSeed(1)
    matrix, _ = cv2.estimateAffinePartial2D(corners[good], there[good], ransacReprojThreshold=1.5)
    middle = np.array([before.shape[1] / 2, before.shape[0] / 2, 1.0])
    moved = matrix @ middle - middle[:2]
    return float(moved[0]), float(moved[1]), float(np.hypot(matrix[0, 0], matrix[1, 0]))


def steps(path: Path) -> np.ndarray:
    """`step` for all neighbours of a clip: n − 1 rows of (dx, dy, scale)."""
    greys = luma(path)
    return np.array([step(a, b) for a, b in pairwise(greys)])
