"""What the preview engine is asked for in the bench: a request for each kind of job, its pictures drawn on the spot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2

from bench import pictures
from engines.base import RenderRequest, Subject
from engines.motion.planes import Array

SEED, FPS = 7, 24


@dataclass(frozen=True)
class Shelf:
    """Where the pictures lie, and how large and long a clip is to be, in pixels and frames."""

    folder: Path
    width: int
    height: int
    frames: int

    def ask(self, task: Any, prompt: str, **more: Any) -> RenderRequest:
        return RenderRequest(
            task=task, prompt=prompt, seed=SEED, width=self.width, height=self.height, frames=self.frames, fps=FPS,
            **more,
        )  # fmt: skip

    def saved(self, name: str, rgb: Array, alpha: Array | None = None) -> Path:
        return pictures.save(self.folder / f"{name}.png", rgb, alpha)

    def photo(self, prompt: str) -> RenderRequest:
        return self.ask("image_to_video", prompt, first=self.saved("landscape", pictures.landscape()))

    def person(self, prompt: str) -> RenderRequest:
        return self.ask("image_to_video", prompt, first=self.saved("portrait", pictures.portrait()))

    def words(self, prompt: str) -> RenderRequest:
        return self.ask("text_to_video", prompt)

    def with_subject(self, prompt: str) -> RenderRequest:
        shown = (self.saved("cut-out", *pictures.figure()),)
        subject = Subject(tune_id=1, kind="lora", name="woman", token="ohwx", weight=1.0, pictures=shown)
        return self.ask("text_to_video", prompt, subjects=(subject,))

    def pair(self, last: Array) -> RenderRequest:
        first = self.saved("first", pictures.landscape())
        return self.ask("first_last", "", first=first, last=self.saved("last", last))

    def driven(self) -> RenderRequest:
        clip = pictures.driving(self.folder / "driving.mp4")
        return self.ask("motion", "", first=self.saved("landscape", pictures.landscape()), driving=clip)

    def shown(self) -> RenderRequest:
        four = tuple(self.saved(f"card{n}", pictures.landscape(n + 2)) for n in range(4))
        return self.ask("references", "", references=four)

    def extended(self) -> RenderRequest:
        clip = pictures.driving(self.folder / "driving.mp4", size=(self.width, self.height))
        return self.ask("extend", "zoom in, snowing", driving=clip, audio=True)


def _closer() -> Array:
    """The landscape again, from nearer and turned a little."""
    turn = cv2.getRotationMatrix2D((pictures.WIDTH / 2, pictures.HEIGHT / 2), 5, 1.25)
    return cv2.warpAffine(pictures.landscape(), turn, (pictures.WIDTH, pictures.HEIGHT), flags=cv2.INTER_CUBIC)


ALL_AT_ONCE = "handheld, orbit left, heavy snow, fog, fireflies, sunset, drifting clouds, wind"
JOBS: Mapping[str, Callable[[Shelf], RenderRequest]] = {
    "i2v, one layer": lambda shelf: shelf.photo("slow dolly in, truck right"),
    "i2v, two layers": lambda shelf: shelf.person("dolly in, orbit right"),
    "i2v, clouds, snow, sunset": lambda shelf: shelf.photo("slow pan right, drifting clouds, snowing, sunset"),
    "i2v, fog, embers, flicker": lambda shelf: shelf.photo("zoom in, fog, embers, flickering candle light"),
    "i2v, whip pan with blur": lambda shelf: shelf.photo("whip pan right"),
    "i2v, all at once": lambda shelf: shelf.photo(ALL_AT_ONCE),
    "t2v, painted layers": lambda shelf: shelf.words("mountains with a lake at sunrise, truck right"),
    "t2v, storm sea, rain": lambda shelf: shelf.words("a stormy sea, a lighthouse, heavy rain, dolly in"),
    "t2v, a tune's subject": lambda shelf: shelf.with_subject("ohwx woman in the desert at sunset, slow dolly in"),
    "first + last, morph": lambda shelf: shelf.pair(_closer()),
    "first + last, dissolve": lambda shelf: shelf.pair(pictures.landscape(9)[:, ::-1]),
    "motion, 96 frames seen": Shelf.driven,
    "references, 4": Shelf.shown,
    "extended": Shelf.extended,
}
