"""Contact sheets of everything this engine does, for a look at it: one PNG for each mode.

python -m engines.motion.showcase [FOLDER] [--photos DIR] [--only MODE]

Each row is a clip: five frames from the first to the last, then the middle of the middle one, pixel for pixel. The
caption tells what was asked for and the largest step between neighbours ÷ the usual one: what pops stands out there.
Pictures are painted here, or taken from a folder of photographs.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from engines.base import RenderRequest, Result
from engines.motion import photo, reference_clip
from engines.motion.engine import MotionEngine
from engines.motion.planes import Array

WIDTH, HEIGHT, FPS, FRAMES = 960, 540, 12, 36
TILE, SHOWN, CAPTION = (480, 270), 5, 26
SEED = 11
PAINTED = (
    "a lighthouse on a cliff by the sea at sunset", "a woman on a tropical beach",
    "mountains with a lake in the morning", "a street in a neon city at night", "a forest in autumn",
    "a cat in a flower meadow",
)  # fmt: skip
STILLS = (
    *PAINTED, "the desert at noon, dunes", "a space station before a planet", "a castle in the fog",
    "a sailing boat in a storm", "a red car on a mountain road", "portrait of an old man, oil painting",
)  # fmt: skip
MOVES = (
    "slow dolly in", "pan left", "orbit right", "tilt up, then zoom in", "whip pan right", "handheld, heavy snow",
    "zoom out, sunset", "static shot, fog and embers, flickering light", "truck left, rain, lightning",
    "wind, drifting clouds, ripples on the water",
)  # fmt: skip
WORDS = (
    "a stormy sea with a lighthouse, rain, dolly in", "neon city at night, truck right", "snowy mountains, crane up",
    "a cat on a sofa in a cosy room, zoom in", "a rocket in space among planets, orbit left",
    "spring meadow, butterflies",
)  # fmt: skip


@dataclass
class Stage:
    """Where clips are made, and what they are made of."""

    folder: Path
    pictures: list[Path]
    made: int = 0

    def ask(self, task: Any, prompt: str, **more: Any) -> Result:
        self.made += 1
        place = self.folder / str(self.made)
        place.mkdir()
        length = {} if task == "image" else {"frames": FRAMES, "fps": FPS}
        fields = {"task": task, "prompt": prompt, "seed": SEED, "width": WIDTH, "height": HEIGHT} | length | more
        return MotionEngine().render(RenderRequest(**fields), reference_clip.OwnDesk(place))

    def picture(self, number: int) -> Path:
        return self.pictures[number % len(self.pictures)]


Row = tuple[str, list[Array]]  # caption, RGB frames
Mode = Callable[[Stage], Iterator[Row]]


def images(stage: Stage) -> Iterator[Row]:
    """Five to a row, each with its own middle left out: a row is as good as its worst."""
    for start in range(0, len(STILLS), SHOWN):
        prompts = STILLS[start : start + SHOWN]
        yield " | ".join(prompts), [photo.load(stage.ask("image", prompt).path) for prompt in prompts]


def image_to_video(stage: Stage) -> Iterator[Row]:
    for number, prompt in enumerate(MOVES):
        yield _clip(prompt, stage.ask("image_to_video", prompt, first=stage.picture(number)))


def text_to_video(stage: Stage) -> Iterator[Row]:
    for prompt in WORDS:
        yield _clip(prompt, stage.ask("text_to_video", prompt))


def first_last(stage: Stage) -> Iterator[Row]:
    for number in range(2):
        nearer = _nearer(stage, stage.picture(number), number)
        yield _clip("the same, nearer", stage.ask("first_last", "", first=stage.picture(number), last=nearer))
    dusk = _darker(stage, stage.picture(2))
    yield _clip("day to night", stage.ask("first_last", "", first=stage.picture(2), last=dusk))
    for number in range(2):
        ends = {"first": stage.picture(number), "last": stage.picture(number + 3)}
        yield _clip("two strangers", stage.ask("first_last", "", **ends))


def motion(stage: Stage) -> Iterator[Row]:
    driving = stage.folder / "driving.mp4"
    reference_clip.write(driving)
    yield "the driving clip", list(_frames(driving))
    for number in range(3):
        made = stage.ask("motion", "", first=stage.picture(number), driving=driving)
        yield _clip("moved as the driving clip", made)


def references(stage: Stage) -> Iterator[Row]:
    for count in (2, 4):
        shown = tuple(stage.picture(number) for number in range(count))
        yield _clip(f"{count} references", stage.ask("references", "", references=shown))


def extend(stage: Stage) -> Iterator[Row]:
    for number, (before, after) in enumerate((("pan right", ""), ("dolly in", "snowing"), ("zoom out", "zoom in"))):
        old = stage.ask("image_to_video", before, first=stage.picture(number))
        made = stage.ask("extend", after, driving=old.path)
        caption, frames = _clip(f"{before}, extended: {after or 'no words'}", made)
        yield caption, frames
        yield "round the join: two old frames, three new ones", frames[FRAMES - 2 : FRAMES + 3]


MODES: Mapping[str, Mode] = {
    "image": images, "image_to_video": image_to_video, "text_to_video": text_to_video, "first_last": first_last,
    "motion": motion, "references": references, "extend": extend,
}  # fmt: skip


# --- pictures ---------------------------------------------------------------------------------------------------------


def _painted(stage: Stage) -> list[Path]:
    """Pictures as files alone, as a stranger's photo would come: how they were painted is left behind."""
    found = []
    for number, prompt in enumerate(PAINTED):
        made = stage.ask("image", prompt, options={"output_format": "png"}).path
        found.append(stage.folder / f"painted{number}.png")
        found[-1].write_bytes(made.read_bytes())
    return found


def _photographs(folder: Path) -> list[Path]:
    found = sorted(path for path in folder.iterdir() if path.suffix.lower() in {".png", ".jpg", ".jpeg", ".webp"})
    if not found:
        raise SystemExit(f"There are no pictures in {folder}.")
    return found


def _nearer(stage: Stage, picture: Path, number: int) -> Path:
    """The picture from 1.25 times as near, turned by 3°."""
    rgb = photo.fit(picture, WIDTH, HEIGHT)
    turn = cv2.getRotationMatrix2D((WIDTH * 0.55, HEIGHT * 0.5), 3, 1.25)
    return _saved(stage, f"nearer{number}", cv2.warpAffine(rgb, turn, (WIDTH, HEIGHT), flags=cv2.INTER_CUBIC))


def _darker(stage: Stage, picture: Path) -> Path:
    """The picture by night: dark and blue."""
    night = photo.fit(picture, WIDTH, HEIGHT).astype(np.float32) * (0.28, 0.34, 0.52) + (4, 6, 16)
    return _saved(stage, "night", np.clip(night, 0, 255).astype(np.uint8))


def _saved(stage: Stage, name: str, rgb: Array) -> Path:
    path = stage.folder / f"{name}.png"
    cv2.imwrite(str(path), cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))
    return path


# --- sheets -----------------------------------------------------------------------------------------------------------


def _clip(prompt: str, made: Result) -> Row:
    """All frames of a clip, and what its report says beside the prompt."""
    frames = list(_frames(made.path))
    told = [f"{name} {made.report[name]}" for name in ("layers", "transition", "joined") if name in made.report]
    if made.report["unsupported"]:
        told.append(f"not done: {', '.join(made.report['unsupported'])}")
    small = [cv2.resize(frame, (240, 136), interpolation=cv2.INTER_AREA).astype(np.int16) for frame in frames]
    steps = [float(np.abs(a - b).mean()) for a, b in pairwise(small)]
    told.append(f"largest step {max(steps) / max(float(np.median(steps)), 0.05):.1f}x, at {int(np.argmax(steps)) + 1}")
    return f"{prompt}  [{'; '.join(told)}]", frames


def _frames(path: Path) -> Iterator[Array]:
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            yield frame.to_ndarray(format="rgb24")


def sheet(rows: Iterator[Row]) -> Array:
    """Rows of tiles with their captions, RGB."""
    lines = []
    for caption, frames in rows:
        shown = [frames[round(k)] for k in np.linspace(0, len(frames) - 1, SHOWN)] if len(frames) > SHOWN else frames
        tiles = [cv2.resize(frame, TILE, interpolation=cv2.INTER_AREA) for frame in shown]
        tiles += [np.zeros((TILE[1], TILE[0], 3), np.uint8)] * (SHOWN - len(tiles))
        tiles.append(_middle(frames[len(frames) // 2]))
        strip = np.full((CAPTION, TILE[0] * (SHOWN + 1), 3), 24, np.uint8)
        text = caption.encode("ascii", "replace").decode()
        cv2.putText(strip, text, (8, 18), cv2.FONT_HERSHEY_SIMPLEX, 0.52, (235, 235, 235), 1, cv2.LINE_AA)
        lines += [strip, np.hstack(tiles)]
    return np.vstack(lines)


def _middle(frame: Array) -> Array:
    top, left = (frame.shape[0] - TILE[1]) // 2, (frame.shape[1] - TILE[0]) // 2
    return frame[top : top + TILE[1], left : left + TILE[0]]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m engines.motion.showcase", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("showcase"))
    parser.add_argument("--photos", type=Path, help="a folder of photographs to use instead of painted pictures")
    parser.add_argument("--only", action="append", choices=list(MODES), help="only these sheets")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        stage = Stage(Path(place), [])
        stage.pictures = _photographs(options.photos) if options.photos else _painted(stage)
        for name in options.only or MODES:
            path = options.folder / f"{name}.png"
            cv2.imwrite(str(path), cv2.cvtColor(sheet(MODES[name](stage)), cv2.COLOR_RGB2BGR))
            sys.stdout.write(f"\r{path}\n")


if __name__ == "__main__":
    main()
