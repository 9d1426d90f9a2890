"""First and last frames, driving clips, references and extensions."""

import av
import cv2
import numpy as np
import pytest

from engines.motion import fit
from tests.engines.conftest import decoded, luma, psnr, save, step, steps, textured

pytestmark = pytest.mark.engine

SIZE = {"width": 320, "height": 180}


def moved(rgb, *, scale=1.0, shift=(0.0, 0.0)):
    height, width = rgb.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), 0, scale) + np.array([[0, 0, shift[0]], [0, 0, shift[1]]])
    return cv2.warpAffine(rgb, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101)


@pytest.mark.parametrize("prompt", ["", "snowing, pan left"])
def test_both_ends_are_the_pictures_given(prompt, render, photo, other_photo):
    clip = render("first_last", prompt=prompt, first=photo, last=other_photo, frames=24, fps=12, width=640, height=360)
    frames = decoded(clip.path)

    assert psnr(frames[0], fit(photo, 640, 360)) >= 36
    assert psnr(frames[-1], fit(other_photo, 640, 360)) >= 36


def test_strangers_dissolve(render, photo, other_photo):
    assert render("first_last", first=photo, last=other_photo).report["transition"] == "dissolve"


def test_two_views_of_one_thing_morph_without_a_double_image(render, shelf):
    rgb = textured(640, 360, seed=21)
    first, last = save(shelf / "near.png", rgb), save(shelf / "nearer.png", moved(rgb, scale=1.2, shift=(12, 4)))

    clip = render("first_last", first=first, last=last, frames=25, fps=12, width=640, height=360, prompt="static shot")

    middle = luma(clip.path)[12].astype(np.float32)
    dissolved = (luma(clip.path)[0].astype(np.float32) + luma(clip.path)[-1]) / 2
    assert clip.report["transition"] == "morph"
    assert cv2.Laplacian(middle, cv2.CV_32F).var() > 2 * cv2.Laplacian(dissolved, cv2.CV_32F).var()
    assert 1.03 < step(luma(clip.path)[0], luma(clip.path)[12])[2] < 1.20


def test_the_driving_clips_motion_is_replayed_on_the_picture(render, photo, driving):
    clip = render("motion", first=photo, driving=driving, frames=48, fps=24, width=640, height=360)

    wanted, got = steps(driving), steps(clip.path)

    for column, least in ((0, 0.9), (1, 0.9), (2, 0.9)):
        path, own = (np.cumsum(track[:, column] - (column == 2)) for track in (wanted, got))
        assert np.corrcoef(path, own)[0, 1] > least


def test_a_short_driving_clip_goes_there_and_back(render, photo, driving):
    clip = render("motion", first=photo, driving=driving, frames=94, fps=24, width=320, height=180)
    greys = luma(clip.path)

    assert clip.frames == 94
    assert step(greys[0], greys[47])[2] > 1.05
    assert step(greys[0], greys[93])[2] == pytest.approx(1.0, abs=0.03)


def test_motion_starts_on_the_first_picture_and_eases_into_the_last(render, photo, other_photo, driving):
    clip = render("motion", first=photo, last=other_photo, driving=driving, frames=48, fps=24, width=640, height=360)
    frames = decoded(clip.path)
    alone = decoded(render("motion", first=photo, driving=driving, frames=48, fps=24, width=640, height=360).path)

    assert psnr(frames[0], fit(photo, 640, 360)) >= 36
    assert psnr(frames[30], alone[30]) > 34  # nothing of it before the last quarter
    assert psnr(frames[-1], fit(other_photo, 640, 360)) >= 36


def test_an_extension_begins_with_the_old_frames_and_goes_on_from_the_last(render, driving):
    clip = render("extend", driving=driving, frames=24, fps=24, width=320, height=180)
    old, new = decoded(driving), decoded(clip.path)

    assert len(new) == 48 + 24
    assert min(psnr(a, b) for a, b in zip(old, new[:48], strict=True)) > 32
    assert psnr(old[-1], new[48]) > 20


def test_an_extension_keeps_the_clips_speed_at_the_join(render, driving):
    shifts = steps(render("extend", driving=driving, frames=24, fps=24, width=320, height=180).path)[:, 0]

    before, after = np.median(shifts[40:46]), np.median(shifts[48:52])
    assert after == pytest.approx(before, abs=0.45)


def test_references_are_shown_one_after_the_other(render, photo, other_photo):
    clip = render("references", references=(photo, other_photo), frames=48, fps=12, **SIZE)
    frames = decoded(clip.path)

    assert clip.report["cards"] == 2
    assert holds(frames[8], photo) > 0.75 > holds(frames[44], photo)
    assert holds(frames[44], other_photo) > 0.75 > holds(frames[8], other_photo)


def holds(frame, path):
    """How surely a frame shows a picture: the best correlation over a few sizes."""
    grey = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)
    picture = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    found = []
    for high in range(90, 170, 6):
        wide = round(high * picture.shape[1] / picture.shape[0])
        if wide < 300 and high < 175:
            small = cv2.GaussianBlur(cv2.resize(picture, (wide, high), interpolation=cv2.INTER_AREA), (0, 0), 1.5)
            middle = small[high // 5 : -high // 5, wide // 5 : -wide // 5]
            found.append(cv2.matchTemplate(cv2.GaussianBlur(grey, (0, 0), 1.5), middle, cv2.TM_CCOEFF_NORMED).max())
    return max(found)


def test_sound_is_as_long_as_the_picture_and_not_silent(render, photo):
    clip = render("image_to_video", prompt="waves on the beach", first=photo, frames=24, fps=12, audio=True)

    with av.open(str(clip.path)) as container:
        stream = container.streams.audio[0]
        assert (stream.codec_context.name, stream.rate, stream.layout.name) == ("aac", 48_000, "stereo")
        samples = np.concatenate([frame.to_ndarray() for frame in container.decode(audio=0)], axis=1)
    assert clip.has_audio
    assert abs(samples.shape[1] / 48_000 - 2.0) <= 1 / 12
    assert 0.03 < np.sqrt((samples**2).mean()) < 0.3


def test_sound_follows_the_words_and_the_seed(render, photo):
    def loudness(prompt, seed):
        clip = render("image_to_video", prompt=prompt, seed=seed, first=photo, audio=True)
        with av.open(str(clip.path)) as container:
            return np.concatenate([frame.to_ndarray() for frame in container.decode(audio=0)], axis=1)

    rain, city, again, other = (
        loudness("rain", 1),
        loudness("city traffic", 1),
        loudness("rain", 1),
        loudness("rain", 2),
    )

    assert np.array_equal(rain, again)
    assert not np.array_equal(rain, other)
    high = [np.abs(np.fft.rfft(sound[0]))[4000:].sum() / np.abs(np.fft.rfft(sound[0])).sum() for sound in (rain, city)]
    assert high[0] > 2 * high[1]
