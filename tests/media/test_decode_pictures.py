"""Pictures of every awkward kind come out upright, sRGB, eight bits and bare."""

import numpy as np
import pytest
from PIL import Image, ImageCms, PngImagePlugin

from media import decode
from tests.media.files import corner_names, corners, heic

UPRIGHT = ["red", "green", "blue", "white"]


def normalise(tmp_path, picture, kind, *, keep_alpha=False, **options):
    source = tmp_path / "source"
    picture.save(source, kind, **options)
    path, facts = decode.normalise(source, expects="image", keep_alpha=keep_alpha)
    with Image.open(path) as normal:
        normal.load()
    assert (facts.width, facts.height) == normal.size
    assert facts.content_type == Image.MIME[normal.format]
    assert (facts.frames, facts.fps, facts.seconds, facts.has_audio) == (1, 0.0, 0.0, False)
    return normal


@pytest.mark.parametrize(("kind", "kept_as"), [("JPEG", "JPEG"), ("PNG", "PNG"), ("WEBP", "JPEG"), ("AVIF", "JPEG")])
def test_the_formats_of_the_web_are_read(tmp_path, kind, kept_as):
    normal = normalise(tmp_path, corners(), kind)

    assert (normal.format, normal.mode, normal.size) == (kept_as, "RGB", (160, 96))
    assert corner_names(normal) == UPRIGHT


def test_a_png_keeps_every_pixel(tmp_path):
    pixels = np.random.default_rng(7).integers(0, 256, (50, 70, 3), np.uint8)

    normal = normalise(tmp_path, Image.fromarray(pixels), "PNG")

    assert np.array_equal(np.asarray(normal), pixels)


@pytest.mark.parametrize(
    ("orientation", "size", "seen"),
    [
        (1, (160, 96), ["red", "green", "blue", "white"]),
        (2, (160, 96), ["green", "red", "white", "blue"]),
        (3, (160, 96), ["white", "blue", "green", "red"]),
        (4, (160, 96), ["blue", "white", "red", "green"]),
        (5, (96, 160), ["red", "blue", "green", "white"]),
        (6, (96, 160), ["blue", "red", "white", "green"]),
        (7, (96, 160), ["white", "green", "blue", "red"]),
        (8, (96, 160), ["green", "white", "red", "blue"]),
    ],
)
def test_the_orientation_of_a_camera_is_applied(tmp_path, orientation, size, seen):
    exif = Image.Exif()
    exif[0x0112] = orientation

    normal = normalise(tmp_path, corners(), "JPEG", exif=exif)

    assert (normal.size, corner_names(normal)) == (size, seen)


def test_broken_exif_does_not_cost_the_picture(tmp_path):
    normal = normalise(tmp_path, corners(), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff broken")

    assert corner_names(normal) == UPRIGHT


def test_nothing_that_was_written_beside_the_pixels_survives(tmp_path):
    exif = Image.Exif()
    exif[0x010E] = "SECRET description"
    exif.get_ifd(0x8825)[1] = "N"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    corners().save(
        tmp_path / "source", "JPEG", exif=exif, comment=b"SECRET comment", xmp=b"<x>SECRET</x>", icc_profile=profile
    )
    with (tmp_path / "source").open("ab") as file:
        file.write(b"<script>SECRET trailing</script>")

    path, _ = decode.normalise(tmp_path / "source", expects="image")

    assert b"SECRET" not in path.read_bytes()
    with Image.open(path) as normal:
        assert (dict(normal.getexif()), set(normal.info)) == ({}, {"jfif", "jfif_version", "jfif_unit", "jfif_density"})


def test_text_chunks_of_a_png_are_left_behind(tmp_path):
    notes = PngImagePlugin.PngInfo()
    notes.add_text("parameters", "SECRET prompt")
    notes.add_itxt("XML:com.adobe.xmp", "SECRET")
    corners().save(tmp_path / "source", "PNG", pnginfo=notes, dpi=(300, 300))

    path, _ = decode.normalise(tmp_path / "source", expects="image")

    content = path.read_bytes()
    assert b"SECRET" not in content
    assert [kind for kind in (b"tEXt", b"iTXt", b"zTXt", b"eXIf", b"iCCP", b"pHYs") if kind in content] == []


@pytest.mark.parametrize("mode", ["CMYK", "L", "YCbCr"])
def test_other_colour_models_become_rgb(tmp_path, mode):
    normal = normalise(tmp_path, corners().convert(mode), "JPEG")

    assert normal.mode == "RGB"
    if mode != "L":
        assert corner_names(normal) == UPRIGHT


def test_sixteen_bits_of_grey_become_eight(tmp_path):
    ramp = np.linspace(0, 65_535, 256).astype(np.uint16).reshape(1, 256).repeat(32, axis=0)

    normal = normalise(tmp_path, Image.fromarray(ramp), "PNG")

    assert normal.mode == "RGB"
    assert np.asarray(normal)[16, :, 0].tolist() == list(range(256))


def test_a_palette_and_a_single_bit_become_rgb(tmp_path):
    assert corner_names(normalise(tmp_path, corners().quantize(16), "PNG")) == UPRIGHT
    assert normalise(tmp_path, corners().convert("1"), "PNG").mode == "RGB"


def test_what_is_transparent_stands_on_white_unless_alpha_is_asked_for(tmp_path):
    picture = corners().convert("RGBA")
    picture.putalpha(Image.new("L", picture.size, 0))

    assert normalise(tmp_path, picture, "PNG").getpixel((10, 10)) == (255, 255, 255)
    kept = normalise(tmp_path, picture, "WEBP", keep_alpha=True, lossless=True, exact=True)
    assert (kept.format, kept.mode, kept.getpixel((10, 10))) == ("PNG", "RGBA", (220, 30, 30, 0))


def test_transparency_of_a_palette_counts_as_alpha(tmp_path):
    picture = Image.new("P", (32, 32), 1)
    picture.putpalette([255, 0, 0, 0, 255, 0])

    assert normalise(tmp_path, picture, "PNG", transparency=1).getpixel((5, 5)) == (255, 255, 255)


def test_a_colour_profile_is_turned_into_srgb(tmp_path):
    """In a profile with red and green exchanged, what is stored as red is meant as green."""
    swapped = swapped_profile()

    normal = normalise(tmp_path, Image.new("RGB", (32, 32), (220, 30, 30)), "PNG", icc_profile=swapped)

    red, green, _blue = normal.getpixel((5, 5))
    assert green > 150 > 100 > red


def swapped_profile() -> bytes:
    content = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = int.from_bytes(content[128:132], "big")
    tags = {bytes(content[132 + 12 * n : 136 + 12 * n]): 132 + 12 * n for n in range(count)}
    red, green = tags[b"rXYZ"] + 4, tags[b"gXYZ"] + 4
    content[red : red + 8], content[green : green + 8] = content[green : green + 8], content[red : red + 8]
    return bytes(content).replace("sRGB".encode("utf-16-be"), "Swap".encode("utf-16-be"))


def test_a_broken_profile_leaves_the_colours_as_they_are(tmp_path):
    assert corner_names(normalise(tmp_path, corners(), "PNG", icc_profile=b"not a profile")) == UPRIGHT


def test_a_large_picture_is_brought_down_to_4096(tmp_path):
    normal = normalise(tmp_path, corners(9_000, 3_000), "JPEG")

    assert normal.size == (4_096, 1_365)
    assert corner_names(normal) == UPRIGHT


def test_the_first_picture_of_an_animation_is_taken(tmp_path):
    second = Image.new("RGB", (160, 96), "black")

    normal = normalise(tmp_path, corners(), "WEBP", save_all=True, append_images=[second], duration=100)

    assert corner_names(normal) == UPRIGHT


def test_a_name_or_a_declared_type_decides_nothing(tmp_path):
    source = tmp_path / "holiday.gif"
    corners().save(source, "PNG")

    _path, facts = decode.normalise(source, expects="image")

    assert facts.content_type == "image/png"


def test_a_picture_of_an_iphone_is_read(tmp_path):
    path, facts = decode.normalise(heic(tmp_path / "source", corners(128, 64)), expects="image")

    with Image.open(path) as normal:
        assert corner_names(normal) == UPRIGHT
    assert (facts.content_type, facts.width, facts.height) == ("image/jpeg", 128, 64)


def test_a_jpeg_that_carries_a_second_picture_is_a_jpeg(tmp_path):
    """As phones write them for their depth or brightness maps."""
    normal = normalise(tmp_path, corners(), "MPO", save_all=True, append_images=[Image.new("RGB", (80, 48))])

    assert (normal.format, normal.size, corner_names(normal)) == ("JPEG", (160, 96), UPRIGHT)
