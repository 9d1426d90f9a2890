"""Which decoder a file gets, by its first bytes alone. Names and declared types play no part."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

PictureFormat = Literal["JPEG", "PNG", "WEBP", "HEIF", "AVIF"]  # as Pillow names them
ClipFormat = Literal["mov", "matroska"]  # as FFmpeg names its demuxers

HEAD_BYTES = 64

_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_CLIP_BRANDS = frozenset(
    {b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"iso7", b"iso8", b"iso9", b"mp41", b"mp42", b"mp71",
     b"avc1", b"hvc1", b"dash", b"M4V ", b"M4VH", b"MSNV", b"qt  ", b"f4v ", b"XAVC", b"3gp4", b"3gp5", b"3gp6",
     b"3g2a"}
)  # fmt: skip


def picture_format(head: bytes) -> PictureFormat | None:
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    brands = set(_brands(head))
    if _AVIF_BRANDS & brands:  # before HEIF: an AVIF also carries the general brand mif1
        return "AVIF"
    return "HEIF" if _HEIF_BRANDS & brands else None


def clip_format(head: bytes) -> ClipFormat | None:
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "matroska"
    if _CLIP_BRANDS.intersection(_brands(head)):
        return "mov"
    return "mov" if head[4:8] in (b"moov", b"mdat", b"wide") else None  # QuickTime from before the ftyp box


def _brands(head: bytes) -> tuple[bytes, ...]:
    """The major brand, then the compatible ones, of a file that starts with an ftyp box (ISO 14496-12 §4.3)."""
    if head[4:8] != b"ftyp":
        return ()
    end = min(int.from_bytes(head[:4], "big"), len(head))
    return (head[8:12], *(head[at : at + 4] for at in range(16, end - 3, 4)))


def png_size(path: Path) -> tuple[int, int]:
    """Width and height of a PNG of our own making, from its header (PNG specification §11.2.2)."""
    with path.open("rb") as file:
        head = file.read(24)
    return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")
