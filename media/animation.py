"""A finished clip as an animated GIF, for those who ask for one. Workers only: FFmpeg is loaded here.

One palette for the whole clip, made of what moves, and error diffusion that stays where the picture changes: what
FFmpeg's documentation of the filters `palettegen` and `paletteuse` recommends for films.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from av.filter.graph import Graph
    from av.video.stream import VideoStream

TICK = Fraction(1, 100)  # of a second: what a GIF counts its delays in


def gif(clip: Path, *, fps: int, into: Path) -> None:
    """Every frame of the clip, which plays forever; the delays add up to the clip's length, to one tick."""
    import av  # noqa: PLC0415  workers only: the web process must not load FFmpeg

    with av.open(str(clip), "r", format="mov") as source:
        video = source.streams.video[0]
        ticks = [round(Fraction(number, fps) / TICK) for number in range(video.frames + 1)]
        graph = _graph(video)
        for frame in source.decode(video):
            graph.push(frame)
        graph.push(None)
        options = {"loop": "0", "final_delay": str(ticks[-1] - ticks[-2])}
        with av.open(str(into), "w", format="gif", options=options) as target:
            stream = target.add_stream("gif", rate=1 / TICK)
            stream.width, stream.height, stream.pix_fmt, stream.time_base = video.width, video.height, "pal8", TICK
            for tick in ticks[:-1]:
                frame = graph.vpull()
                frame.pts, frame.time_base = tick, TICK
                target.mux(stream.encode(frame))
            target.mux(stream.encode(None))


def _graph(video: VideoStream) -> Graph:
    """Frames in, frames of at most 256 colours out, once all are in."""
    from av.filter import Graph  # noqa: PLC0415

    graph = Graph()
    fed, split = graph.add_buffer(template=video), graph.add("split")
    palette = graph.add("palettegen", "stats_mode=diff")
    painted = graph.add("paletteuse", "dither=sierra2_4a:diff_mode=rectangle")
    fed.link_to(split)
    split.link_to(painted, 0, 0)
    split.link_to(palette, 1, 0)
    palette.link_to(painted, 0, 1)
    painted.link_to(graph.add("buffersink"))
    graph.configure()
    return graph
