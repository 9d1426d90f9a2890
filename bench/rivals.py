"""`python -m bench.rivals zoom|morph ROUNDS`: FFmpeg's own filters at the same work, inside the same library.

The zoom: one picture, 120 frames at 720p, the same zoom, through the same writer. The morph: 24 frames between two
pictures. Prints JSON; `quality` holds what the frames are like, measured before encoding.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from bench import pictures, smoothness
from bench.jobs import FPS, FRAMES, HEIGHT, WIDTH, Desk
from bench.pairs import PAIRS, dissolved, fidelity
from engines.base import RenderRequest
from engines.motion import camera, clip, morph, photo, program
from engines.motion.draw import PhotoLayer, relief
from engines.motion.encode import Format, Writer, view
from engines.motion.engine import MotionEngine
from engines.motion.photographed import rim_of
from engines.motion.planes import Array, Planes, picture, to_planes

ZOOM = 1.15
BETWEEN = 24  # frames a second between two pictures that are a second apart
MINTERPOLATE = {
    "default": f"fps={BETWEEN}:scd=none",
    "aobmc, bidir, vsbmc": f"fps={BETWEEN}:scd=none:mi_mode=mci:mc_mode=aobmc:me_mode=bidir:vsbmc=1",
}


# --- FFmpeg -----------------------------------------------------------------------------------------------------------


def filtered(frames: Iterable[av.VideoFrame], filters: list[tuple[str, str]], rate: int) -> Iterator[av.VideoFrame]:
    """What libavfilter makes of frames, one after the other."""
    graph = None
    for frame in frames:
        graph = graph or _graph(frame, filters, rate)
        graph.push(frame)
        yield from _ready(graph)
    assert graph is not None
    graph.push(None)
    yield from _ready(graph)


def _graph(frame: av.VideoFrame, filters: list[tuple[str, str]], rate: int) -> Any:
    graph = av.filter.Graph()
    begin = graph.add_buffer(
        width=frame.width, height=frame.height, format=frame.format.name, time_base=Fraction(1, rate)
    )  # fmt: skip
    graph.link_nodes(begin, *(graph.add(name, told) for name, told in filters), graph.add("buffersink"))
    graph.configure()
    return graph


def _ready(graph: Any) -> Iterator[av.VideoFrame]:
    while True:
        try:
            yield graph.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return


def frame_of(rgb: Array, number: int = 0, rate: int = FPS) -> av.VideoFrame:
    frame = av.VideoFrame(rgb.shape[1], rgb.shape[0], "yuv420p")
    for plane, values in zip(frame.planes, to_planes(rgb), strict=True):
        view(plane)[:] = values
    frame.pts, frame.time_base = number, Fraction(1, rate)
    return frame


def planes_of(frame: av.VideoFrame) -> Planes:
    return Planes(*(view(plane).copy() for plane in frame.planes))


# --- a plain zoom -----------------------------------------------------------------------------------------------------


class PlainZoom:
    """The engine's warp at constant ln-zoom on one flat picture: what zoompan does, and no more."""

    def __init__(self, rgb: Array) -> None:
        view_ = photo.canvas(rgb, WIDTH, HEIGHT, photo.Focus(0.5, 0.5, 0.0))
        rim = rim_of(view_)
        flat = relief(np.zeros((9, 16), np.float32), (rim.left, rim.top, rim.right - rim.left, rim.bottom - rim.top))
        self._layer = PhotoLayer(
            picture(view_.rgb), flat, origin=(view_.left, view_.top), view=(view_.width, view_.height)
        )
        self._path = camera.at_rest(FRAMES)
        self._path.lnz[:] = np.linspace(0, np.log(ZOOM), FRAMES)

    def draw(self, index: int, planes: Planes) -> None:
        self._layer.draw(planes, self._path, index, None, index / FPS)


def panned(path: Path, enlarged: int) -> Iterator[av.VideoFrame]:
    """zoompan with the same zoom, towards the middle, on the picture or on an enlarged one."""
    size = f"{WIDTH * enlarged}:{HEIGHT * enlarged}"
    first = [("scale", f"{size}:flags=bicubic")] if enlarged > 1 else []
    zoom = f"z='pow({ZOOM},on/{FRAMES - 1})':x='iw/2-iw/zoom/2':y='ih/2-ih/zoom/2'"
    last = ("zoompan", f"{zoom}:d={FRAMES}:s={WIDTH}x{HEIGHT}:fps={FPS}")
    rgb = photo.canvas(photo.load(path), WIDTH, HEIGHT, photo.Focus(0.5, 0.5, 0.0)).view()
    return filtered([frame_of(rgb)], [*first, last], FPS)


def zoom(rounds: int, folder: Path) -> dict[str, Any]:
    source = pictures.save(folder / "picture.png", pictures.landscape())
    plain = Format(width=WIDTH, height=HEIGHT, fps=FPS, frames=FRAMES, title="", comment={})

    def ours() -> None:
        clip.film(PlainZoom(photo.load(source)), FRAMES, format_=plain, desk=Desk(folder))

    def encoded(frames: Iterable[av.VideoFrame]) -> None:
        with Writer(folder / "clip.mp4", plain) as writer:
            for frame in frames:
                writer.put(frame)

    drawn = list(_drawn(PlainZoom(pictures.landscape())))
    sides: dict[str, Callable[[], None]] = {
        "ours": ours,
        "zoompan": lambda: encoded(panned(source, 1)),
        "zoompan 4×": lambda: encoded(panned(source, 4)),
        "encode": lambda: encoded(_again(drawn)),
    }
    found = [{name: _timed(work) for name, work in sides.items()} for _ in range(rounds)]
    lumas = {"ours": (planes.y for planes in drawn)} | {
        name: (planes_of(frame).y for frame in panned(source, enlarged))
        for name, enlarged in (("zoompan", 1), ("zoompan 4×", 4))
    }
    return {"rounds": found, "quality": {name: smoothness.measured(list(luma)) for name, luma in lumas.items()}}


def _drawn(scene: PlainZoom) -> Iterator[Planes]:
    for index in range(FRAMES):
        planes = planes_of(av.VideoFrame(WIDTH, HEIGHT, "yuv420p"))
        scene.draw(index, planes)
        yield planes


def _again(drawn: list[Planes]) -> Iterator[av.VideoFrame]:
    """The frames once more, copied into fresh ones as `Writer.blank` gives them."""
    for planes in drawn:
        frame = av.VideoFrame(WIDTH, HEIGHT, "yuv420p")
        for plane, values in zip(frame.planes, planes, strict=True):
            view(plane)[:] = values
        yield frame


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


# --- a morph ----------------------------------------------------------------------------------------------------------


def interpolated(first: Array, last: Array, told: str) -> list[av.VideoFrame]:
    """A second at the first picture, a second in between, a second at the last."""
    given = [frame_of(rgb, number, 1) for number, rgb in enumerate((first, first, last, last))]
    return list(filtered(given, [("minterpolate", told)], 1))


def between(frames: list[av.VideoFrame]) -> list[Array]:
    shown = [(frame.pts * frame.time_base - 1, frame) for frame in frames]
    return [planes_of(frame).y for at, frame in shown if 0 < at < 1]


def asked(first: Path, last: Path, size: tuple[int, int], frames: int) -> RenderRequest:
    return RenderRequest(
        task="first_last", prompt="static shot", seed=7, width=size[0], height=size[1], frames=frames, fps=BETWEEN,
        first=first, last=last,
    )  # fmt: skip


def morphed(ask: RenderRequest) -> tuple[list[Array], str]:
    """Lumas between the ends, and which transition it was."""
    words = program.read(ask.prompt, duration=ask.frames / BETWEEN, seed=ask.seed, negative="")
    scene, drawn = morph.Morph.of(ask, words, lambda: None), []
    for index in range(ask.frames):
        planes = planes_of(av.VideoFrame(ask.width, ask.height, "yuv420p"))
        scene.draw(index, planes)
        drawn.append(planes.y)
    return drawn[1:-1], str(scene.report["transition"])


def race(rounds: int, folder: Path) -> dict[str, Any]:
    """Seconds a frame at 720p: the engine's whole clip of 120, and minterpolate without encoding, timed once."""
    turn = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), 5, 1.2)
    first = cv2.resize(pictures.landscape(), (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    last = cv2.warpAffine(first, turn, (WIDTH, HEIGHT), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101)
    files = [pictures.save(folder / f"{name}.png", rgb) for name, rgb in (("first", first), ("last", last))]
    ask = asked(files[0], files[1], (WIDTH, HEIGHT), FRAMES)
    ours = [_timed(lambda: MotionEngine().render(ask, Desk(folder))) / FRAMES for _ in range(rounds)]
    theirs = {}
    for name, told in MINTERPOLATE.items():
        begun = time.perf_counter()
        made = interpolated(first, last, told.replace(f"fps={BETWEEN}", "fps=10"))
        theirs[name] = (time.perf_counter() - begun) / len(made)
    return {"ours": ours} | theirs


def morphs(rounds: int, folder: Path) -> dict[str, Any]:
    """PSNR against true in-betweens, of every way and pair."""
    found: dict[str, dict[str, float]] = {}
    for name, make in PAIRS.items():
        true = make()
        first, last = true(0.0), true(1.0)
        size = (first.shape[1], first.shape[0])
        files = [pictures.save(folder / f"{end}.png", rgb) for end, rgb in (("a", first), ("b", last))]
        ours, transition = morphed(asked(files[0], files[1], size, BETWEEN + 1))
        ways = {f"ours ({transition})": ours, "dissolve": dissolved(first, last, BETWEEN)}
        ways |= {way: between(interpolated(first, last, told)) for way, told in MINTERPOLATE.items()}
        found[name] = fidelity(ways, true)
    return {"quality": found, "speed": race(rounds, folder)}


def main(what: str, rounds: int) -> None:
    cv2.setNumThreads(2)
    with tempfile.TemporaryDirectory() as place:
        json.dump((zoom if what == "zoom" else morphs)(rounds, Path(place)), sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
