"""`python -m bench.limits JOB WIDTH HEIGHT FRAMES`: what one clip takes at most; JSON {"rise_mb": …, "gap_s": …}.

A process of its own for each: memory is the most it ever held over what it held idle, the gap the longest time between
two questions whether to stop.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from bench.goals import Row
from bench.jobs import Desk, forget_most, most_mb, now_mb
from bench.motion import of_one
from bench.processes import ask

NAMES = (
    "i2v, all at once", "i2v, two layers", "t2v, storm sea, rain", "first + last, morph", "first + last, dissolve",
    "motion, 96 frames seen", "references, 4", "extended",
)  # fmt: skip
WIDTH, HEIGHT, FRAMES = 1920, 1080, 72
MOST_MB, MOST_GAP_S = 540.0, 0.3


def rows() -> list[Row]:
    found = []
    for job in NAMES:
        told = json.loads(ask("bench.limits", job, str(WIDTH), str(HEIGHT), str(FRAMES), env={}))
        found.append(of_one(f"1080p, {job}", "memory, rise over an idle process", "MB", told["rise_mb"], "≤", MOST_MB))
        found.append(of_one(f"1080p, {job}", "until a cancelled one stops", "s", told["gap_s"], "≤", MOST_GAP_S))
    return found


def main(job: str, width: int, height: int, frames: int) -> None:
    idle = now_mb()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        from bench.asked import JOBS, Shelf  # noqa: PLC0415  loads OpenCV, which is part of what a clip takes
        from engines.motion import stage  # noqa: PLC0415

        request = JOBS[job](Shelf(folder, width, height, frames))
        (folder / "clip").mkdir()
        desk = Desk(folder / "clip")
        forget_most()
        stage.render(request, desk)
        desk.cancelled()
    json.dump({"rise_mb": most_mb() - idle, "gap_s": desk.longest}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:5]))
