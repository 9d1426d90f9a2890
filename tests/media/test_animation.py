"""A clip as an animated GIF: every frame, its length, and what it says of itself."""

import itertools

import numpy as np
import pytest
from PIL import Image

from media import animation, provenance
from tests.media.files import clip, frames_of
from tests.media.test_provenance import PREVIEW


def delays_of(path):
    with Image.open(path) as picture:
        return [(picture.seek(n), picture.info["duration"])[1] for n in range(picture.n_frames)]


@pytest.mark.parametrize(("fps", "frames"), [(8, 25), (16, 16), (24, 10), (7, 1)])
def test_all_frames_are_there_and_last_as_long_as_in_the_clip(tmp_path, fps, frames):
    source, made = clip(tmp_path / "a.mp4", frames=frames, fps=fps), tmp_path / "a.gif"

    animation.gif(source, fps=fps, into=made)

    exact = [round(n * 100 / fps) * 10 for n in range(frames + 1)]
    assert delays_of(made) == [after - before for before, after in itertools.pairwise(exact)]


def test_it_looks_like_the_clip_and_plays_forever(tmp_path):
    source, made = clip(tmp_path / "a.mp4", frames=12), tmp_path / "a.gif"

    animation.gif(source, fps=24, into=made)

    with Image.open(made) as picture:
        assert picture.info["loop"] == 0
        for number, frame in enumerate(frames_of(source)):
            picture.seek(number)
            shown = np.asarray(picture.convert("RGB"), float)
            assert np.abs(shown - frame.to_ndarray(format="rgb24")).mean() < 4


def test_it_carries_its_origin_and_keeps_every_pixel(tmp_path):
    path = tmp_path / "a.gif"
    animation.gif(clip(tmp_path / "a.mp4", frames=3), fps=24, into=path)
    before = delays_of(path)

    provenance.mark(path, content_type="image/gif", origin=PREVIEW)

    assert delays_of(path) == before
    ramp = bytes([1, *range(255, -1, -1), 0])
    assert path.read_bytes().endswith(b"\x21\xff\x0bXMP DataXMP" + PREVIEW.xmp() + ramp + b";")
