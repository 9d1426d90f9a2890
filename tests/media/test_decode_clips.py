"""Clips of every awkward kind come out upright, constant in rate, and measured by what was decoded."""

from fractions import Fraction

import av
import numpy as np
import pytest
from PIL import Image

from media import decode
from tests.media.files import clip, clip_by_a_child, corner_names, frames_of, turned


def normalise(source):
    path, facts = decode.normalise(source, expects="video")
    frames = frames_of(path)
    assert (facts.content_type, facts.has_audio) == ("video/mp4", False)
    assert (facts.width, facts.height) == (frames[0].width, frames[0].height)
    assert [round(frame.time * facts.fps, 3) for frame in frames] == list(range(facts.frames))
    assert facts.seconds == facts.frames / facts.fps
    return facts, frames


def quarters(frame) -> list[str]:
    picture: Image.Image = frame.to_image()
    return corner_names(picture)


@pytest.mark.parametrize(
    ("container", "codec"),
    [("mp4", "libx264"), ("mov", "mpeg4"), ("webm", "libvpx-vp9"), ("mp4", "libsvtav1"), ("mp4", "libx265")],
)
def test_the_containers_and_codecs_of_phones_and_browsers_are_read(tmp_path, container, codec):
    options = (
        {"preset": "12"} if codec == "libsvtav1" else {"x265-params": "log-level=none"} if codec == "libx265" else {}
    )

    make = clip_by_a_child if codec == "libsvtav1" else clip
    facts, frames = normalise(make(tmp_path / "source", container=container, codec=codec, options=options))

    assert (facts.width, facts.height, facts.frames, facts.fps, facts.seconds) == (160, 96, 24, 24, 1.0)
    assert quarters(frames[23]) == ["red", "green", "blue", "white"]


@pytest.mark.parametrize(
    ("turns", "size", "seen"),
    [
        (1, (96, 160), ["blue", "red", "white", "green"]),
        (2, (160, 96), ["white", "blue", "green", "red"]),
        (3, (96, 160), ["green", "white", "red", "blue"]),
    ],
)
def test_a_clip_that_lies_on_its_side_is_put_upright_for_good(tmp_path, turns, size, seen):
    facts, frames = normalise(turned(clip(tmp_path / "source"), turns))

    assert ((facts.width, facts.height), quarters(frames[12])) == (size, seen)
    assert frames[0].rotation == 0


def test_a_variable_rate_becomes_constant_and_keeps_its_pace(tmp_path):
    """Half a second at 50 frames a second, then a second and a half at 10."""
    times = [n * 20 for n in range(25)] + [500 + n * 100 for n in range(15)]

    facts, frames = normalise(clip(tmp_path / "source", frames=40, times_ms=times))

    assert (facts.fps, facts.frames) == (21, 41)  # 39 steps in 1.9 s; the last one stands for the mean of 49 ms
    assert facts.seconds == pytest.approx(1.95, abs=1 / 21)
    assert quarters(frames[40]) == ["red", "green", "blue", "white"]


def test_sixty_frames_a_second_become_thirty(tmp_path):
    facts, _ = normalise(clip(tmp_path / "source", frames=60, fps=60, times_ms=[n * 1000 // 60 for n in range(60)]))

    assert (facts.fps, facts.frames, facts.seconds) == (30, 30, 1.0)


def test_a_large_clip_is_scaled_down_while_it_is_decoded(tmp_path):
    facts, frames = normalise(clip(tmp_path / "source", frames=6, size=(1920, 1080)))

    assert (facts.width, facts.height) == (1280, 720)
    assert quarters(frames[5]) == ["red", "green", "blue", "white"]


@pytest.mark.parametrize(
    ("made", "size"),
    [
        ({"codec": "libx265", "pixels": "yuv420p10le", "options": {"x265-params": "log-level=none"}}, (160, 96)),
        ({"codec": "prores_ks", "pixels": "yuva444p10le", "container": "mov"}, (160, 96)),
        ({"codec": "libvpx-vp9", "pixels": "yuva420p", "container": "webm"}, (160, 96)),
        ({"pixels": "yuv444p", "size": (161, 97)}, (160, 96)),
        ({"size": (120, 96), "pixel_aspect": Fraction(4, 3)}, (160, 96)),
        ({"options": {"bf": "3", "g": "6"}, "fps": 10}, (160, 96)),
    ],
    ids=["ten bits", "with alpha", "web alpha", "odd sides", "wide pixels", "reordered"],
)
def test_unusual_pixels_become_usual_ones(tmp_path, made, size):
    facts, frames = normalise(clip(tmp_path / "source", **made))

    assert ((facts.width, facts.height), facts.frames) == (size, 24)
    assert frames[0].format.name == "yuv420p"
    assert quarters(frames[20]) == ["red", "green", "blue", "white"]


def test_a_fragmented_clip_is_read_to_its_end(tmp_path):
    """As browsers record it: no table of frames at the start."""
    rewrap(clip(tmp_path / "plain", frames=48, options={"g": "12"}), tmp_path / "source", "frag_keyframe+empty_moov")

    facts, _ = normalise(tmp_path / "source")

    assert (facts.frames, facts.seconds) == (48, 2.0)


def rewrap(path, into, movflags, **words):
    with av.open(str(path)) as plain, av.open(str(into), "w", format="mp4", options={"movflags": movflags}) as out:
        out.metadata.update(words)
        stream = out.add_stream_from_template(plain.streams.video[0])
        for packet in plain.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                out.mux(packet)


def test_a_lying_duration_in_the_header_changes_nothing(tmp_path):
    source = clip(tmp_path / "source", frames=12)
    content = bytearray(source.read_bytes())
    for box, at in ((b"mvhd", 16), (b"tkhd", 20), (b"mdhd", 16)):  # version and flags, two times, then scale or id
        start = content.index(box) + 4 + at
        content[start : start + 4] = (30_000_000).to_bytes(4, "big")
    source.write_bytes(content)

    facts, _ = normalise(source)

    assert (facts.frames, facts.seconds) == (12, 0.5)


def test_a_clip_of_sixty_seconds_is_taken_and_a_longer_one_is_not(tmp_path):
    facts, _ = normalise(clip(tmp_path / "source", frames=120, fps=2, size=(64, 64)))
    assert facts.seconds == 60.0

    with pytest.raises(decode.Unusable, match="is longer than 60 seconds"):
        decode.normalise(clip(tmp_path / "source", frames=122, fps=2, size=(64, 64)), expects="video")


def test_no_word_of_the_source_stays_in_the_clip(tmp_path):
    words = {"title": "SECRET", "location": "+52.5200+013.4050/", "comment": "SECRET"}
    rewrap(clip(tmp_path / "plain"), tmp_path / "source", "use_metadata_tags", **words)
    assert b"SECRET" in (tmp_path / "source").read_bytes()
    with (tmp_path / "source").open("ab") as file:
        file.write(b"\0\0\0\x0efreeSECRET")

    path, _ = decode.normalise(tmp_path / "source", expects="video")

    content = path.read_bytes()
    assert b"SECRET" not in content
    assert b"+52.52" not in content


def test_a_single_frame_is_no_clip(tmp_path):
    with pytest.raises(decode.Unusable, match="holds no moving picture"):
        decode.normalise(clip(tmp_path / "source", frames=1), expects="video")


def test_sound_alone_is_no_clip(tmp_path):
    with av.open(str(tmp_path / "source"), "w", format="mp4") as out:
        stream = out.add_stream("aac", rate=48_000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        frame.sample_rate = 48_000
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))

    with pytest.raises(decode.Unusable, match="holds no moving picture"):
        decode.normalise(tmp_path / "source", expects="video")
