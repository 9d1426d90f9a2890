"""Turns a strange picture into a plain one. Runs in the child process only."""

from __future__ import annotations

import io
import struct
import warnings
from pathlib import Path
from typing import Any

from PIL import AvifImagePlugin, Image, ImageCms

from media.decode.limits import DECODE_THREADS, PICTURE_SIDE_KEPT, PIXELS_MAX, SIDE_MAX, SIDE_MIN, Refused
from media.decode.sniff import HEAD_BYTES, PictureFormat, picture_format

_ORIENTATION_TAG = 0x0112
# EXIF orientation → what makes the picture upright (Exif 2.32, tag 274)
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_PROFILE_MODES = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}  # ICC colour space → the mode its pixels have


def normalise(source: Path, *, folder: Path, keep_alpha: bool) -> dict[str, Any]:
    """Write `normal.jpg` or `normal.png`: upright, sRGB, 8 bits, at most 4096 px long, without a byte of metadata.

    A PNG stays lossless, and so does what keeps its alpha; everything else was lossy before and becomes a fine JPEG.

    :raises Refused: not one of the five formats, or beyond the limits
    """
    with source.open("rb") as file:
        kind = picture_format(file.read(HEAD_BYTES))
    if kind is None:
        raise Refused("not_image")
    picture = _upright(_open(source, kind))
    picture = _eight_bit(picture)
    picture.thumbnail((PICTURE_SIDE_KEPT, PICTURE_SIDE_KEPT), Image.Resampling.LANCZOS, reducing_gap=2.0)
    picture = _srgb(picture)
    if picture.mode == "RGBA" and not keep_alpha:
        picture = _flat(picture)
    return _save(picture, folder=folder, lossless=kind == "PNG" or picture.mode == "RGBA")


def _open(source: Path, kind: PictureFormat) -> Image.Image:
    """The first frame, decoded, after a look at the size that the header claims."""
    if kind == "HEIF":
        import pi_heif  # noqa: PLC0415  its library is loaded for the files that need it only

        pi_heif.options.DECODE_THREADS = DECODE_THREADS
        pi_heif.register_heif_opener()
    AvifImagePlugin.DEFAULT_MAX_THREADS = DECODE_THREADS
    Image.MAX_IMAGE_PIXELS = PIXELS_MAX
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        picture = Image.open(source, formats=[kind])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused("image_pixels") from error
    if max(picture.size) > SIDE_MAX:
        raise Refused("image_side")
    if min(picture.size) < SIDE_MIN:
        raise Refused("image_small")
    picture.draft(None, (PICTURE_SIDE_KEPT, PICTURE_SIDE_KEPT))  # a JPEG is shrunk while it is decoded
    picture.load()
    return picture


def _upright(picture: Image.Image) -> Image.Image:
    try:
        orientation = picture.getexif().get(_ORIENTATION_TAG, 1)
    except (SyntaxError, ValueError, KeyError, OSError, struct.error):
        orientation = 1  # broken metadata is no reason to refuse a good picture
    turn = _UPRIGHT.get(orientation)
    return picture if turn is None else picture.transpose(turn)


def _eight_bit(picture: Image.Image) -> Image.Image:
    """L, RGB, RGBA or CMYK, whatever it was: 16 bits, a palette, one bit, grey with alpha."""
    if picture.mode.startswith("I"):  # 0…65535 → 0…255
        return picture.convert("I").point(lambda value: value * (1 / 257) + 0.5).convert("L")
    if picture.has_transparency_data:
        return picture.convert("RGBA")
    if picture.mode in ("L", "RGB", "CMYK"):
        return picture
    return picture.convert("L" if picture.mode == "1" else "RGB")


def _srgb(picture: Image.Image) -> Image.Image:
    """The colours as an sRGB screen shows them. Without a profile, or with a broken one, they are taken as they are."""
    alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
    colours = picture.convert("RGB") if alpha else picture
    try:
        colours = _by_profile(colours, picture.info.get("icc_profile"))
    except (ImageCms.PyCMSError, OSError, ValueError):
        colours = colours.convert("RGB")
    if alpha:
        colours.putalpha(alpha)
    return colours


def _by_profile(picture: Image.Image, icc: bytes | None) -> Image.Image:
    if icc:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
        fits = _PROFILE_MODES.get(profile.profile.xcolor_space.strip()) == picture.mode
        if fits and "sRGB" not in ImageCms.getProfileDescription(profile):
            converted = ImageCms.profileToProfile(picture, profile, ImageCms.createProfile("sRGB"), outputMode="RGB")
            assert converted is not None  # only with inPlace
            return converted
    return picture.convert("RGB")


def _flat(picture: Image.Image) -> Image.Image:
    """On white, because what stands under transparent pixels is anything."""
    ground = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(ground, picture).convert("RGB")


def _save(picture: Image.Image, *, folder: Path, lossless: bool) -> dict[str, Any]:
    picture.info.clear()  # Pillow would write a comment or a profile it finds there
    if lossless:
        picture.save(folder / "normal.png", "PNG", compress_level=1)
    else:
        picture.save(folder / "normal.jpg", "JPEG", quality=95, subsampling=0)
    width, height = picture.size
    return {"content_type": "image/png" if lossless else "image/jpeg", "width": width, "height": height}
