"""Makes what pages show of an output before anyone asks for the whole: poster, thumbnails, preview, placeholder.

Workers only: Pillow and FFmpeg are loaded here, when they are needed.
"""

from __future__ import annotations

import base64
import io
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from media import store
from media.decode import Facts
from media.models import Asset
from media.provenance import Origin

if TYPE_CHECKING:
    from av.video.frame import VideoFrame
    from PIL.Image import Image

THUMB_WIDTHS = (320, 640, 960)
PREVIEW_WIDTH = 480
PREVIEW_BYTES_MAX = 600 * 2**10
PREVIEW_FPS_MAX = 30
PLACEHOLDER_SIDE = 16


@dataclass(frozen=True, kw_only=True)
class Rendition:
    role: str  # poster, thumb-320, thumb-640, thumb-960, preview
    path: Path
    facts: Facts


@dataclass(frozen=True, kw_only=True)
class Renditions:
    files: tuple[Rendition, ...]
    placeholder: str  # a data URI of some 100 bytes, shown until the thumbnail is there


def make(asset: Asset, *, path: Path, facts: Facts, origin: Origin) -> None:
    """Make the renditions of an output that was just stored: from `path`, the file that the engine made."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        made = render(path, facts=facts, origin=origin, folder=Path(folder))
        for rendition in made.files:
            store.store_rendition(rendition.path, of=asset, role=rendition.role, facts=rendition.facts)
    asset.placeholder = made.placeholder
    asset.save(update_fields=["placeholder"])


def render(path: Path, *, facts: Facts, origin: Origin, folder: Path) -> Renditions:
    """Write all renditions of one finished file into `folder`; a clip is decoded once.

    Thumbnails are no wider than the output. The poster is the first frame, so that nothing jumps when play begins.
    """
    if facts.content_type != "video/mp4":
        return _stills(_picture(path), origin=origin, folder=folder)
    preview = _Preview(folder / "preview.mp4", facts=facts, comment=origin.comment)
    poster: Image | None = None
    for frame in _frames(path):
        poster = poster or _image(frame)
        preview.add(frame)
    if poster is None:
        raise ValueError("the clip holds no frame")
    stills = _stills(poster, origin=origin, folder=folder)
    return Renditions(files=(*stills.files, preview.close()), placeholder=stills.placeholder)


def _stills(picture: Image, *, origin: Origin, folder: Path) -> Renditions:
    """Poster and thumbnails, each smaller one made from the one before it."""
    picture = picture if picture.mode in ("RGB", "RGBA") else picture.convert("RGB")
    opaque = picture.convert("RGB")
    files = [_saved(opaque, role="poster", folder=folder, content_type="image/jpeg", xmp=origin.xmp())]
    for width in sorted(THUMB_WIDTHS, reverse=True):
        if width <= picture.width or width == min(THUMB_WIDTHS):
            picture = _narrowed(picture, width)
            files.append(
                _saved(picture, role=f"thumb-{width}", folder=folder, content_type="image/webp", xmp=origin.xmp())
            )
    return Renditions(files=tuple(files), placeholder=_placeholder(picture))


def _saved(picture: Image, *, role: str, folder: Path, content_type: str, xmp: bytes) -> Rendition:
    picture.info.clear()
    path = folder / f"{role}.{'jpg' if content_type == 'image/jpeg' else 'webp'}"
    if content_type == "image/jpeg":
        picture.save(path, "JPEG", quality=85, progressive=True, xmp=xmp)
    else:
        picture.save(path, "WEBP", quality=78, method=2, xmp=xmp)
    return Rendition(
        role=role, path=path, facts=Facts(content_type=content_type, width=picture.width, height=picture.height)
    )


def _narrowed(picture: Image, width: int) -> Image:
    from PIL import Image as pillow  # noqa: PLC0415, N813

    if picture.width <= width:
        return picture
    height = max(1, round(picture.height * width / picture.width))
    return picture.resize((width, height), pillow.Resampling.LANCZOS, reducing_gap=2.0)


_GROUND = (128, 128, 128)  # of placeholders of transparent pictures


def _placeholder(picture: Image) -> str:
    tiny = picture.copy()
    tiny.thumbnail((PLACEHOLDER_SIDE, PLACEHOLDER_SIDE))
    if tiny.mode == "RGBA":  # alpha would take more than the colours do, and than the column holds
        ground = tiny.convert("RGB")
        ground.paste(_GROUND, (0, 0, *ground.size))
        ground.paste(tiny, mask=tiny)
        tiny = ground
    content = io.BytesIO()
    tiny.save(content, "WEBP", quality=20, method=4)
    return "data:image/webp;base64," + base64.b64encode(content.getvalue()).decode("ascii")


def _picture(path: Path) -> Image:
    from PIL import Image as pillow  # noqa: PLC0415, N813

    with pillow.open(path, formats=("PNG", "JPEG")) as picture:
        picture.load()
        return picture


def _frames(path: Path) -> Iterator[VideoFrame]:
    import av  # noqa: PLC0415

    with av.open(str(path), "r", format="mov") as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        yield from container.decode(stream)


def _image(frame: VideoFrame) -> Image:
    picture: Image = frame.to_image()  # type: ignore[no-untyped-call]
    return picture


class _Preview:
    """A small silent clip of at most 600 KB and 30 frames a second, written while the output is decoded."""

    def __init__(self, path: Path, *, facts: Facts, comment: str) -> None:
        self._path = path
        self._source = facts
        width = min(PREVIEW_WIDTH, facts.width) // 2 * 2
        self._size = (width, max(2, round(facts.height * width / facts.width / 2) * 2))
        self._step = max(1, -(-round(facts.fps) // PREVIEW_FPS_MAX))
        self._rate = Fraction(round(facts.fps), self._step)
        self._seen = self._written = 0
        self._open(comment)

    def _open(self, comment: str) -> None:
        import av  # noqa: PLC0415

        self._container = av.open(str(self._path), "w", format="mp4", options={"movflags": "+faststart"})
        self._container.metadata["comment"] = comment
        # The clip may be long: what is allowed a second is what fits into four fifths of the limit, spent evenly.
        seconds = max(1.0, self._source.seconds)
        kbit = min(900, int(PREVIEW_BYTES_MAX * 8 * 0.8 / seconds / 1_000))
        options = {"preset": "superfast", "crf": "27", "maxrate": f"{kbit}k", "bufsize": f"{kbit}k", "threads": "1"}
        self._stream = self._container.add_stream("libx264", rate=self._rate, options=options)
        self._stream.width, self._stream.height, self._stream.pix_fmt = *self._size, "yuv420p"

    def add(self, frame: VideoFrame) -> None:
        if self._seen % self._step == 0:
            width, height = self._size
            small = frame.reformat(
                width=width, height=height, format="yuv420p", interpolation="FAST_BILINEAR", threads=1
            )
            small.pts, small.time_base, small.pict_type = self._written, 1 / self._rate, 0
            self._container.mux(self._stream.encode(small))
            self._written += 1
        self._seen += 1

    def close(self) -> Rendition:
        self._container.mux(self._stream.encode(None))
        self._container.close()
        width, height = self._size
        facts = Facts(
            content_type="video/mp4",
            width=width,
            height=height,
            frames=self._written,
            fps=float(self._rate),
            seconds=float(self._written / self._rate),
        )
        return Rendition(role="preview", path=self._path, facts=facts)
