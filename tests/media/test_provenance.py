"""Every result says what it is, and its pixels are untouched by that."""

import json
import struct
from xml.etree import ElementTree as ET

import av
import numpy as np
import pytest
from PIL import Image

from media import provenance
from media.provenance import Origin
from tests.media.files import clip, corners, frames_of

PREVIEW = Origin(engine="motion", version="1.2", preview=True, trained=False, from_media=True, model="wan21_720p")


@pytest.mark.parametrize(
    ("trained", "from_media", "term"),
    [
        (True, False, "trainedAlgorithmicMedia"),
        (True, True, "compositeWithTrainedAlgorithmicMedia"),
        (False, False, "algorithmicMedia"),
        (False, True, "compositeSynthetic"),
    ],
)
def test_the_source_type_says_no_more_than_is_true(trained, from_media, term):
    origin = Origin(engine="e", version="1", preview=not trained, trained=trained, from_media=from_media)

    assert origin.source_type == f"http://cv.iptc.org/newscodes/digitalsourcetype/{term}"


@pytest.mark.parametrize(("kind", "content_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png")])
def test_a_picture_carries_its_origin_as_xmp_and_keeps_every_pixel(tmp_path, kind, content_type):
    path = tmp_path / "picture"
    corners().save(path, kind)
    before = np.asarray(Image.open(path))

    provenance.mark(path, content_type=content_type, origin=PREVIEW)

    with Image.open(path) as marked:
        assert np.array_equal(np.asarray(marked), before)
        description = ET.fromstring(marked.info["xmp"]).find(".//{*}Description")
    assert {name.partition("}")[2]: value for name, value in description.items()} == {
        "about": "",
        "DigitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/compositeSynthetic",
        "CreatorTool": "preview engine motion 1.2",
    }
    assert not (tmp_path / "picture.marked").exists()


def test_a_clip_carries_it_as_xmp_and_as_a_comment(tmp_path):
    path = clip(tmp_path / "a.mp4", options={"bf": "2"})
    before = [(frame.pts, frame.to_ndarray()) for frame in frames_of(path)]

    provenance.mark(path, content_type="video/mp4", origin=PREVIEW)

    after = [(frame.pts, frame.to_ndarray()) for frame in frames_of(path)]
    assert len(before) == len(after) == 24
    assert all(a[0] == b[0] and np.array_equal(a[1], b[1]) for a, b in zip(before, after, strict=True))
    with av.open(str(path)) as container:
        assert json.loads(container.metadata["comment"]) == {
            "made_by": "preview engine motion 1.2",
            "preview": True,
            "digital_source_type": "http://cv.iptc.org/newscodes/digitalsourcetype/compositeSynthetic",
            "model_asked_for": "wan21_720p",
        }
    boxes = boxes_of(path.read_bytes())
    assert [kind for kind, _ in boxes] == [b"ftyp", b"moov", b"free", b"mdat", b"uuid"]
    assert boxes[-1][1] == provenance.XMP_BOX + PREVIEW.xmp()


def test_sound_and_the_words_of_the_engine_stay(tmp_path):
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w", format="mp4") as out:
        out.metadata["title"] = "a title of the engine's"
        video, audio = out.add_stream("libx264", rate=24), out.add_stream("aac", rate=48_000)
        video.width, video.height, video.pix_fmt = 64, 64, "yuv420p"
        for number in range(24):
            frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), number * 10, np.uint8), format="rgb24")
            out.mux(video.encode(frame))
        sound = av.AudioFrame.from_ndarray(np.zeros((1, 48_000), np.float32), format="fltp", layout="mono")
        sound.sample_rate = 48_000
        out.mux(audio.encode(sound))
        out.mux(video.encode(None))
        out.mux(audio.encode(None))

    provenance.mark(path, content_type="video/mp4", origin=PREVIEW)

    with av.open(str(path)) as container:
        assert container.metadata["title"] == "a title of the engine's"
        assert sum(frame.samples for frame in container.decode(audio=0)) >= 48_000
    assert len(frames_of(path)) == 24


def test_another_type_is_refused(tmp_path):
    (tmp_path / "a.bmp").write_bytes(b"BM")

    with pytest.raises(ValueError, match="image/bmp"):
        provenance.mark(tmp_path / "a.bmp", content_type="image/bmp", origin=PREVIEW)

    assert (tmp_path / "a.bmp").read_bytes() == b"BM"


def boxes_of(content: bytes) -> list[tuple[bytes, bytes]]:
    found, at = [], 0
    while at < len(content):
        size, kind = struct.unpack_from(">I4s", content, at)
        found.append((kind, content[at + 8 : at + size]))
        at += size
    return found
