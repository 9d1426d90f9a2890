"""A finished clip enlarged, or shown at more frames a second."""

from itertools import pairwise

import av
import cv2
import numpy as np
import pytest

from engines.base import Cancelled, Rejected
from engines.motion import faster, upscale
from engines.motion.encode import Format, Writer
from engines.motion.footage import facts
from engines.motion.planes import Planes, to_planes
from tests.engines.conftest import luma, psnr, textured

pytestmark = pytest.mark.engine

WIDTH, HEIGHT, FPS = 320, 180, 12


def write(path, pictures, *, sound=None, fps=FPS):
    height, width = pictures[0].shape[:2]
    format_ = Format(
        width=width, height=height, fps=fps, frames=len(pictures), title="Preview clip", comment={"preview": True}
    )
    with Writer(path, format_, sound) as writer:
        for rgb in pictures:
            frame, planes = writer.blank()
            for plane, values in zip(planes, to_planes(rgb), strict=True):
                plane[:] = values
            writer.put(frame)
    return path


def gliding(frames, *, step=6.0, seed=5):
    """A window over a larger picture, `step` pixels to the right and half as many down with each frame."""
    world = textured(900, 500, seed=seed)
    return [
        cv2.warpAffine(
            world,
            np.array([[1, 0, 60 + step * n], [0, 1, 40 + step * n / 2]]),
            (WIDTH, HEIGHT),
            flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        )
        for n in frames
    ]


def packets(path):
    with av.open(str(path)) as container:
        return [(bytes(packet), packet.pts) for packet in container.demux(audio=0) if packet.pts is not None]


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    """8 frames at 12 a second, with sound."""
    tone = 0.1 * np.sin(np.arange(32_000)[:, None] / np.array([20, 25])).astype(np.float32)
    return write(tmp_path_factory.mktemp("clip") / "clip.mp4", gliding(range(8)), sound=tone)


@pytest.mark.parametrize("size", [(640, 360), (480, 270), (480, 320)])
def test_an_enlarged_clip_has_the_target_size_and_all_else_of_the_old_one(clip, size, desk):
    big = upscale.clip(clip, size, desk())

    old, new = facts(clip), facts(big)
    assert (new.width, new.height) == size
    assert (new.fps, new.frames, new.title, new.comment) == (old.fps, 8, "Preview clip", '{"preview": true}')
    assert packets(big) == packets(clip)


def enlarged(rgb, scale):
    source = to_planes(rgb)
    target = Planes(*(np.zeros([round(scale * n) for n in plane.shape], np.uint8) for plane in source))
    upscale.enlarge(source, target)
    return source, target


@pytest.mark.parametrize("scale", [2, 3])
def test_enlarging_brings_back_more_than_interpolation(scale):
    sharp = np.random.default_rng(4).integers(0, 255, (90, 160, 3)).astype(np.uint8)
    sharp = cv2.GaussianBlur(cv2.resize(sharp, (480, 270), interpolation=cv2.INTER_NEAREST), (0, 0), 0.8)
    size = (round(480 / scale), round(270 / scale))

    source, target = enlarged(cv2.resize(sharp, size, interpolation=cv2.INTER_AREA), scale)

    wanted = to_planes(sharp).y
    cubic, lanczos = (
        cv2.resize(source.y, (480, 270), interpolation=way) for way in (cv2.INTER_CUBIC, cv2.INTER_LANCZOS4)
    )
    assert psnr(target.y, wanted) > max(psnr(cubic, wanted), psnr(lanczos, wanted)) + 0.3


@pytest.mark.parametrize("scale", [2, 3])
def test_enlarging_moves_neither_light_nor_colour(scale):
    disc = np.full((180, 320, 3), 90, np.uint8)
    cv2.circle(disc, (160, 90), 40, (200, 60, 60), -1, cv2.LINE_AA)

    source, target = enlarged(disc, scale)

    # Centres of pixels: luma p lies at scale·(p + ½) − ½; a chroma sample i at luma 2i across and 2i + ½ down.
    (x, y), (big_x, big_y) = centre(source.y), centre(target.y)
    assert (big_x, big_y) == pytest.approx((scale * (x + 0.5) - 0.5, scale * (y + 0.5) - 0.5), abs=0.05)
    (x, y), (big_x, big_y) = centre(source.v), centre(target.v)
    assert 2 * big_x == pytest.approx(scale * (2 * x + 0.5) - 0.5, abs=0.05)
    assert 2 * big_y + 0.5 == pytest.approx(scale * (2 * y + 1) - 0.5, abs=0.05)


def centre(plane):
    weight = np.abs(plane.astype(float) - plane[0, 0])
    rows, columns = np.mgrid[0 : plane.shape[0], 0 : plane.shape[1]]
    return (columns * weight).sum() / weight.sum(), (rows * weight).sum() / weight.sum()


@pytest.mark.parametrize("factor", [2, 3])
def test_a_faster_clip_keeps_its_length_its_sound_and_its_old_frames(clip, factor, desk):
    smooth = faster.clip(clip, factor, desk())

    old, new = facts(clip), facts(smooth)
    assert (new.fps, new.frames, new.comment) == (FPS * factor, 8 * factor, old.comment)
    assert packets(smooth) == packets(clip)
    assert min(psnr(a, b) for a, b in zip(luma(clip), luma(smooth)[::factor], strict=True)) > 42


def test_frames_in_between_follow_the_motion(clip, desk):
    new = luma(faster.clip(clip, 2, desk()))

    wanted = [to_planes(rgb).y for rgb in gliding(np.arange(7) + 0.5)]
    old = luma(clip)
    moved = np.mean([psnr(a, b) for a, b in zip(new[1:14:2], wanted, strict=True)])
    blended = np.mean([psnr((a.astype(float) + b) / 2, c) for (a, b), c in zip(pairwise(old), wanted, strict=True)])
    assert moved > 33
    assert moved > blended + 8


def test_over_a_cut_nothing_is_invented(tmp_path, desk):
    scenes = gliding(range(3)) + gliding(range(3), seed=77)
    cut = write(tmp_path / "cut.mp4", scenes)

    new = luma(faster.clip(cut, 2, desk()))

    old = luma(cut)
    assert max(psnr(new[5], old[2]), psnr(new[5], old[3])) > 40


@pytest.mark.parametrize(
    "work", [lambda *a: upscale.clip(a[0], (640, 360), a[1]), lambda *a: faster.clip(a[0], 2, a[1])]
)
def test_add_ons_stop_when_told_to_and_leave_nothing(work, clip, desk, tmp_path):
    place, other = desk(cancel_at=3), desk()
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no clip")

    with pytest.raises(Cancelled):
        work(clip, place)
    with pytest.raises(Rejected):
        work(broken, other)

    assert [*place.folder.iterdir(), *other.folder.iterdir()] == []


@pytest.mark.parametrize(
    "work", [lambda *a: upscale.clip(a[0], (640, 360), a[1]), lambda *a: faster.clip(a[0], 2, a[1])]
)
def test_add_ons_tell_their_progress_within_the_share_given(work, clip, desk):
    place = desk()

    work(clip, place)

    assert place.told == sorted(place.told)
    assert place.told[-1] == 1.0
