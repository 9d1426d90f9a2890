"""Looks at finished clips from outside: decodes them, and tracks corners to say how the whole picture moves."""

from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise

import av
import cv2
import numpy as np

WIDTH = 640  # px; clips are looked at this wide, and flows given in pixels of their own width


@dataclass(frozen=True)
class Clip:
    size: tuple[int, int]
    frames: list[np.ndarray]  # luma, 0…255, WIDTH wide
    fps: float
    codec: str

    @property
    def seconds(self) -> float:
        return len(self.frames) / self.fps

    def changes(self) -> list[float]:
        """For each second, the mean change of luma between two frames half a second apart in it."""
        half, whole = round(self.fps / 2), round(self.fps)
        starts = range(0, len(self.frames) - half, whole)
        return [float(cv2.absdiff(self.frames[at], self.frames[at + half]).mean()) for at in starts]


def decode(content: bytes) -> Clip:
    with av.open(BytesIO(content), format="mp4") as container:
        video = container.streams.video[0]
        video.thread_type = "AUTO"
        small = {"width": WIDTH, "height": round(WIDTH * video.height / video.width), "format": "gray8"}
        frames = [frame.reformat(**small, interpolation="AREA").to_ndarray() for frame in container.decode(video)]
        return Clip((video.width, video.height), frames, float(video.average_rate), video.codec_context.name)


@dataclass(frozen=True)
class Motion:
    """How the picture as a whole moves: per frame along x and y in px (median), and in scale over the whole clip."""

    dx: float
    dy: float
    scale: float


def track(clip: Clip) -> Motion:
    """Corners are followed from frame to frame (Lucas-Kanade); RANSAC finds the similarity that most agree on."""
    steps = [_step(before, after) for before, after in pairwise(clip.frames)]
    height, width = clip.frames[0].shape
    centre = np.array([width / 2, height / 2, 1.0])
    shifts = np.array([step @ centre - centre[:2] for step in steps]) * (clip.size[0] / WIDTH)
    scales = [float(np.hypot(step[0, 0], step[1, 0])) for step in steps]
    return Motion(*(float(value) for value in np.median(shifts, axis=0)), scale=float(np.prod(scales)))


def _step(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """The 2 × 3 similarity that takes points of one frame to the next; the identity where nothing could be followed."""
    corners = cv2.goodFeaturesToTrack(before, maxCorners=300, qualityLevel=0.01, minDistance=8)
    if corners is None:
        return np.eye(2, 3)
    found, followed, _ = cv2.calcOpticalFlowPyrLK(before, after, corners, None)
    good = followed.ravel() == 1
    if good.sum() < 3:
        return np.eye(2, 3)
    similarity, _ = cv2.estimateAffinePartial2D(corners[good], found[good], ransacReprojThreshold=1.0)
    return np.eye(2, 3) if similarity is None else similarity
