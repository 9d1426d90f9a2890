"""What a strange file may be, and what its decoder may use."""

from __future__ import annotations

from dataclasses import dataclass

PIXELS_MAX = 50_000_000
SIDE_MAX = 16_384
SIDE_MIN = 16
PICTURE_SIDE_KEPT = 4_096  # the longest side of a normalised picture
CLIP_SIDE_KEPT = 1_280
SECONDS_MAX = 60
FRAMES_MAX = SECONDS_MAX * 120
FPS_MAX = 30  # of a normalised clip
STREAMS_MAX = 32
DECODE_THREADS = 2  # one thread for each of many cores would use up the child's address space


class Refused(Exception):
    """Ends the child's work; the parent has a sentence for each code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Budget:
    cpu_s: int
    wall_s: float
    memory_bytes: int = 1_500 * 2**20
    file_bytes: int = 512 * 2**20


BUDGETS = {"image": Budget(cpu_s=4, wall_s=4.5), "video": Budget(cpu_s=40, wall_s=30.0)}
