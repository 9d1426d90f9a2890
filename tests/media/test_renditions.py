"""Poster, thumbnails, preview and placeholder of every output."""

import base64
import io

import av
import numpy as np
import pytest
from PIL import Image

from media import renditions, store
from media.decode import Facts
from media.models import Asset
from media.provenance import Origin
from tests.media.files import clip, corner_names, corners, frames_of

ORIGIN = Origin(engine="motion", version="1", preview=True, trained=False, from_media=False)
UPRIGHT = ["red", "green", "blue", "white"]


def clip_facts(*, size=(160, 96), frames=24, fps=24.0) -> Facts:
    return Facts(content_type="video/mp4", width=size[0], height=size[1], frames=frames, fps=fps, seconds=frames / fps)


def render(path, facts, tmp_path):
    folder = tmp_path / "renditions"
    folder.mkdir()
    made = renditions.render(path, facts=facts, origin=ORIGIN, folder=folder)
    return {file.role: file for file in made.files}, made.placeholder


def test_a_clip_gets_them_all(tmp_path):
    source = clip(tmp_path / "a.mp4", frames=48, size=(1280, 720))

    files, placeholder = render(source, clip_facts(size=(1280, 720), frames=48), tmp_path)

    sizes = {role: (file.facts.content_type, file.facts.width, file.facts.height) for role, file in files.items()}
    assert sizes == {
        "poster": ("image/jpeg", 1280, 720),
        "thumb-960": ("image/webp", 960, 540),
        "thumb-640": ("image/webp", 640, 360),
        "thumb-320": ("image/webp", 320, 180),
        "preview": ("video/mp4", 480, 270),
    }
    for role in ("poster", "thumb-960", "thumb-640", "thumb-320"):
        with Image.open(files[role].path) as picture:
            assert picture.size == (files[role].facts.width, files[role].facts.height)
            assert corner_names(picture) == UPRIGHT
    with Image.open(io.BytesIO(base64.b64decode(placeholder.removeprefix("data:image/webp;base64,")))) as tiny:
        assert (tiny.format, tiny.size) == ("WEBP", (16, 9))
    assert len(placeholder) <= 300


def test_the_poster_is_the_first_frame(tmp_path):
    source = clip(tmp_path / "a.mp4")

    files, _ = render(source, clip_facts(), tmp_path)

    first = frames_of(source)[0].to_ndarray(format="rgb24").astype(int)
    poster = np.asarray(Image.open(files["poster"].path)).astype(int)
    assert np.abs(first - poster).mean() < 3


def test_the_preview_plays_as_long_as_the_clip(tmp_path):
    source = clip(tmp_path / "a.mp4", frames=48, size=(640, 384))

    files, _ = render(source, clip_facts(size=(640, 384), frames=48), tmp_path)

    frames = frames_of(files["preview"].path)
    facts = files["preview"].facts
    assert (len(frames), facts.frames, facts.fps, facts.seconds) == (48, 48, 24.0, 2.0)
    assert (frames[0].width, frames[0].height) == (480, 288)
    assert corner_names(frames[47].to_image()) == UPRIGHT


def test_a_preview_of_sixty_frames_a_second_has_thirty(tmp_path):
    source = clip(tmp_path / "a.mp4", frames=60, fps=60, times_ms=[n * 1000 // 60 for n in range(60)])

    files, _ = render(source, clip_facts(frames=60, fps=60.0), tmp_path)

    facts = files["preview"].facts
    assert (facts.frames, facts.fps, facts.seconds) == (30, 30.0, 1.0)


@pytest.mark.parametrize("seconds", [5, 20])
def test_a_preview_of_pure_noise_still_fits(tmp_path, seconds):
    path = tmp_path / "noise.mp4"
    noise = np.random.default_rng(5).integers(0, 256, (8, 270, 480, 3), np.uint8)
    with av.open(str(path), "w", format="mp4") as out:
        stream = out.add_stream("libx264", rate=24, options={"preset": "ultrafast", "crf": "30"})
        stream.width, stream.height, stream.pix_fmt = 480, 270, "yuv420p"
        for number in range(seconds * 24):
            frame = np.roll(noise[number % 8], number * 37, axis=1)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        out.mux(stream.encode(None))

    files, _ = render(path, clip_facts(size=(480, 270), frames=seconds * 24), tmp_path)

    assert files["preview"].path.stat().st_size <= 600 * 2**10


@pytest.mark.parametrize("size", [(1024, 768), (200, 300), (1001, 33)])
def test_a_picture_is_never_enlarged(tmp_path, size):
    path = tmp_path / "a.png"
    corners(*size).save(path)

    files, _ = render(path, Facts(content_type="image/png", width=size[0], height=size[1]), tmp_path)

    widths = {role: file.facts.width for role, file in files.items()}
    expected = {"poster": size[0]} | {f"thumb-{w}": w for w in (960, 640, 320) if w <= size[0]}
    assert widths == (expected if size[0] >= 320 else expected | {"thumb-320": size[0]})


def test_a_cut_out_keeps_its_alpha_in_thumbnails(tmp_path):
    path = tmp_path / "a.png"
    picture = corners(400, 200).convert("RGBA")
    picture.putalpha(0)
    picture.save(path)

    files, _ = render(path, Facts(content_type="image/png", width=400, height=200), tmp_path)

    with Image.open(files["thumb-320"].path) as thumb:
        assert thumb.mode == "RGBA"


def test_every_rendition_says_what_it_is(tmp_path):
    files, _ = render(clip(tmp_path / "a.mp4", size=(640, 384)), clip_facts(size=(640, 384)), tmp_path)

    for file in files.values():
        assert b"digitalsourcetype/algorithmicMedia" in file.path.read_bytes()


@pytest.mark.django_db
def test_made_for_an_asset_they_are_stored_beside_it(workspace, tmp_path, stored):
    source, facts = clip(tmp_path / "a.mp4", size=(640, 384)), clip_facts(size=(640, 384))
    asset = store.store_output(source, workspace_id=workspace.pk, filename="9-0.mp4", facts=facts)

    renditions.make(asset, path=source, facts=facts, origin=ORIGIN)

    made = {r.role: r for r in Asset.objects.filter(source=asset)}
    assert sorted(made) == ["poster", "preview", "thumb-320", "thumb-640"]
    assert {r.filename for r in made.values()} == {
        "9-0-poster.jpg",
        "9-0-preview.mp4",
        "9-0-thumb-320.webp",
        "9-0-thumb-640.webp",
    }
    assert len({r.address for r in made.values()} | {asset.address}) == 5
    assert len(stored()) == 5
    asset.refresh_from_db()
    assert asset.placeholder.startswith("data:image/webp;base64,")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.mp4", "storage", "uploads"]


def test_a_transparent_picture_has_a_placeholder_that_fits_its_column(tmp_path):
    rng = np.random.default_rng(3)
    path = tmp_path / "cut-out.png"
    Image.fromarray(rng.integers(0, 256, (320, 320, 4), np.uint8), "RGBA").save(path)

    made = renditions.render(
        path, facts=Facts(content_type="image/png", width=320, height=320), origin=ORIGIN, folder=tmp_path
    )

    with Image.open(io.BytesIO(base64.b64decode(made.placeholder.removeprefix("data:image/webp;base64,")))) as tiny:
        assert tiny.mode == "RGB"
    assert len(made.placeholder) <= Asset._meta.get_field("placeholder").max_length
