"""`python -m bench.jobs JOB ROUNDS`: one clip of 5 s at 720p, against nothing but encoding the same frames.

Prints {"rounds": [{"total": s, "drawn": s, "encode": s}, …], "rise_mb": …, "report": …} as JSON. A process of its own
for each job, so that the most memory it ever held can be told.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

WIDTH, HEIGHT, FPS, FRAMES = 1280, 720, 24, 120
KILO = 1024


@dataclass
class Desk:
    """A caller that never interrupts, and remembers when it was last asked whether it does."""

    folder: Path
    deadline: float = field(default_factory=lambda: time.monotonic() + 600)
    asked_at: float = field(default_factory=time.monotonic)
    longest: float = 0.0  # seconds between two questions

    def progress(self, fraction: float, stage: str) -> None: ...

    def cancelled(self) -> bool:
        now = time.monotonic()
        self.longest, self.asked_at = max(self.longest, now - self.asked_at), now
        return False


def now_mb() -> float:
    """Memory of this process that is in use now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / KILO**2


def most_mb() -> float:
    """… and the most there ever was since `forget_most`."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / KILO


def forget_most() -> None:
    """What was needed up to now, to draw the pictures that are filmed, is not the job's."""
    Path("/proc/self/clear_refs").write_text("5")  # man 5 proc: resets the peak of the resident size


@contextmanager
def capturing(path: Path) -> Iterator[None]:
    """Also write every frame's planes, one after the other, to a file, which costs this process no memory."""
    from engines.motion import encode  # noqa: PLC0415

    plain = encode.Writer.put

    def put(self: encode.Writer, frame: Any) -> None:
        for plane in frame.planes:
            file.write(encode.view(plane).tobytes())
        plain(self, frame)

    with path.open("wb") as file:
        encode.Writer.put = put  # type: ignore[method-assign]
        try:
            yield
        finally:
            encode.Writer.put = plain  # type: ignore[method-assign]


class Encoding:
    """The captured frames, and nothing but encoding them: the engine's own writer, its options and threads."""

    def __init__(self, raw: Path, format_: Any) -> None:
        import numpy as np  # noqa: PLC0415

        self._format = format_
        self._frames = np.fromfile(raw, np.uint8).reshape(-1, format_.width * format_.height * 3 // 2)

    def run(self, path: Path) -> float:
        """Seconds."""
        from engines.motion.encode import Writer  # noqa: PLC0415

        begun = time.perf_counter()
        with Writer(path, self._format) as writer:
            for values in self._frames:
                blank, planes = writer.blank()
                at = 0
                for plane in planes:
                    plane[:] = values[at : at + plane.size].reshape(plane.shape)
                    at += plane.size
                writer.put(blank)
        return time.perf_counter() - begun


def main(name: str, rounds: int) -> None:
    idle = now_mb()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        from bench.asked import JOBS, Shelf  # noqa: PLC0415  loads OpenCV, which is part of what a job costs
        from engines.motion.engine import MotionEngine  # noqa: PLC0415
        from engines.motion.stage import file_format  # noqa: PLC0415

        request = JOBS[name](Shelf(folder, WIDTH, HEIGHT, FRAMES))

        def film(number: str) -> tuple[float, dict]:
            (folder / number).mkdir()
            begun = time.perf_counter()
            made = MotionEngine().render(request, Desk(folder / number))
            return time.perf_counter() - begun, dict(made.report)

        forget_most()
        with capturing(folder / "raw"):
            _seconds, report = film("warm")
        rise = most_mb() - idle
        encoding, found = Encoding(folder / "raw", file_format(request)), []
        for number in range(rounds):
            total, told = film(str(number))
            encode = encoding.run(folder / "again.mp4")
            found.append({"total": total, "drawn": told["timings"]["render"], "encode": encode})
    report = {key: value for key, value in report.items() if key not in ("program", "timings")}
    json.dump({"rounds": found, "rise_mb": rise, "report": report}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
