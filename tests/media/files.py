"""Real files to hand in: ordinary, awkward and hostile ones, made on the spot."""

from __future__ import annotations

import struct
import zlib
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from multiprocessing import get_context
from pathlib import Path

import av
import numpy as np
from PIL import Image

CORNERS = {"red": (220, 30, 30), "green": (30, 200, 40), "blue": (30, 40, 210), "white": (250, 250, 250)}


def corners(width: int = 160, height: int = 96) -> Image.Image:
    """Red top left, green top right, blue bottom left, white bottom right: shows any turn or flip."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[: height // 2, : width // 2] = CORNERS["red"]
    pixels[: height // 2, width // 2 :] = CORNERS["green"]
    pixels[height // 2 :, : width // 2] = CORNERS["blue"]
    pixels[height // 2 :, width // 2 :] = CORNERS["white"]
    return Image.fromarray(pixels)


def corner_names(picture: Image.Image) -> list[str]:
    """The colours found in the four quarters: top left, top right, bottom left, bottom right."""
    width, height = picture.size
    places = [
        (width // 4, height // 4),
        (width * 3 // 4, height // 4),
        (width // 4, height * 3 // 4),
        (width * 3 // 4, height * 3 // 4),
    ]
    return [_nearest(picture.convert("RGB").getpixel(place)) for place in places]


def _nearest(pixel: tuple[int, int, int]) -> str:
    return min(CORNERS, key=lambda name: sum(abs(a - b) for a, b in zip(CORNERS[name], pixel, strict=True)))


def clip(
    path: Path,
    *,
    frames: int = 24,
    fps: int = 24,
    size=(160, 96),
    times_ms=None,
    codec="libx264",
    container="mp4",
    options=None,
    pixels="yuv420p",
    pixel_aspect=None,
) -> Path:
    """The four corners with a bar that wanders to the right; `times_ms` sets the time of each frame."""
    ground = np.asarray(corners(*size))
    with av.open(str(path), "w", format=container) as out:
        stream = out.add_stream(codec, rate=fps, options=options or {})
        stream.width, stream.height, stream.pix_fmt = *size, pixels
        stream.codec_context.time_base = Fraction(1, 1000)
        if pixel_aspect:
            stream.codec_context.sample_aspect_ratio = pixel_aspect
        for number in range(frames):
            painted = ground.copy()
            left = number * 4 % (size[0] - 8)
            painted[:, left : left + 8] = 0
            frame = av.VideoFrame.from_ndarray(painted, format="rgb24")
            frame.pts = times_ms[number] if times_ms else number * 1000 // fps
            frame.time_base = Fraction(1, 1000)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def clip_by_a_child(path: Path, **how) -> Path:
    """The same, for SVT-AV1: as root it makes its whole process real-time, with everything that this starts later."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as child:
        return child.submit(clip, path, **how).result()


def turned(path: Path, quarter_turns_clockwise: int) -> Path:
    """Write a rotation into the track header, as a phone held upright does (ISO 14496-12 §8.3.2)."""
    matrices = {1: (0, 1, -1, 0), 2: (-1, 0, 0, -1), 3: (0, -1, 1, 0)}
    a, b, c, d = (value * 0x10000 for value in matrices[quarter_turns_clockwise])
    content = bytearray(path.read_bytes())
    at = content.index(b"tkhd") + 4 + 40  # version and flags 4, times 8, id 4, reserved 4, duration 4, …, volume 2, 2
    content[at : at + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 0x40000000)
    path.write_bytes(content)
    return path


def png_bomb(width: int, height: int) -> bytes:
    """A PNG of black pixels whose data is a few kilobytes, however large it says it is."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    squeeze = zlib.compressobj(9)
    row = b"\0" * (width // 8 + 1)
    rows = b"".join([*(squeeze.compress(row) for _ in range(height)), squeeze.flush()])
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        chunk(*part) for part in ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    )


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def frames_of(path: Path) -> list[av.VideoFrame]:
    with av.open(str(path)) as container:
        return list(container.decode(video=0))


def heic(path: Path, picture: Image.Image) -> Path:
    """A HEIC with one item: an H.265 frame taken out of a clip, in boxes of ISO 23008-12 written here."""
    film = path.with_suffix(".film")
    with av.open(str(film), "w", format="mp4") as out:
        stream = out.add_stream("libx265", rate=1, options={"x265-params": "log-level=none:keyint=1", "crf": "10"})
        stream.width, stream.height, stream.pix_fmt = *picture.size, "yuv420p"
        out.mux(stream.encode(av.VideoFrame.from_image(picture)))
        out.mux(stream.encode(None))
    with av.open(str(film)) as container:
        sample = next(bytes(packet) for packet in container.demux(video=0))
    content = film.read_bytes()
    at = content.index(b"hvcC") - 4
    settings = content[at : at + int.from_bytes(content[at : at + 4], "big")]
    film.unlink()

    def meta(offset: int) -> bytes:
        size = box(b"ispe", struct.pack(">III", 0, *picture.size))
        properties = box(
            b"iprp", box(b"ipco", settings + size) + box(b"ipma", struct.pack(">IIHBBB", 0, 1, 1, 2, 0x81, 2))
        )
        item = box(b"infe", struct.pack(">BxxxHH4sx", 2, 1, 0, b"hvc1"))
        return box(
            b"meta",
            bytes(4)
            + box(b"hdlr", bytes(8) + b"pict" + bytes(13))
            + box(b"pitm", struct.pack(">IH", 0, 1))
            + box(b"iloc", struct.pack(">IBBHHHHII", 0, 0x44, 0, 1, 1, 0, 1, offset, len(sample)))
            + box(b"iinf", struct.pack(">IH", 0, 1) + item)
            + properties,
        )

    kind = box(b"ftyp", b"heic" + bytes(4) + b"mif1heic")
    path.write_bytes(kind + meta(len(kind) + len(meta(0)) + 8) + box(b"mdat", sample))
    return path


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + kind + body
