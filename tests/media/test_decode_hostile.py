"""Files made to break, fool or exhaust a decoder end as a sentence for the user, in under five seconds."""

import io
import os
import signal
import struct
import subprocess
import sys
import threading
import time
import zlib
from pathlib import Path

import pytest
from PIL import Image

from media import decode
from tests.common.servers import answering, serving
from tests.media.files import box, chunk, clip, corners, png_bomb

NO_PICTURE = "is not a picture we can read (JPEG, PNG, WebP, HEIC or AVIF)"
NO_CLIP = "is not a video we can read (MP4, MOV, WebM or MKV)"
DAMAGED = "is damaged or incomplete"
HEAVY = "takes too long to decode; a smaller version may work"


def refusal(path, content, expects) -> str:
    source = path / "source"
    source.write_bytes(content)
    started = time.monotonic()
    with pytest.raises(decode.Unusable) as refused:
        decode.normalise(source, expects=expects)
    assert time.monotonic() - started < 5  # D12: the limits themselves, not a speed
    assert [file.name for file in path.iterdir() if file.name.startswith("normal")] in ([], ["normal.mp4"])
    return refused.value.message


def gif() -> bytes:
    content = io.BytesIO()
    corners().save(content, "GIF")
    return content.getvalue()


TEXTS = {
    "text": b"Dear sir or madam, this is certainly a picture.",
    "html": b"<!doctype html><script>alert(1)</script>",
    "svg": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "gif and html": b"GIF89a/*<html>*/=1;alert(1)",
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3",
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n",
    "zip": b"PK\x03\x04" + bytes(60),
    "executable": b"\x7fELF" + bytes(60),
    "one byte": b"\xff",
}
PLAYLISTS = {
    "hls": b"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10.0,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
    "hls of another": b"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nhttp://127.0.0.1:1/secret.m3u8\n",
    "concat": b"ffconcat version 1.0\nfile '/etc/passwd'\n",
    "dash": b'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"></MPD>',
    "sdp": b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\nm=video 5004 RTP/AVP 96\r\n",
    "avi": b"RIFF\0\0\0\0AVI LIST" + bytes(50),
    "image sequence": b"\xff\xd8\xff\xe0" + bytes(60),
}


@pytest.mark.parametrize("name", [*TEXTS, "gif"])
def test_what_is_no_picture_is_told_by_its_first_bytes(tmp_path, name):
    assert refusal(tmp_path, gif() if name == "gif" else TEXTS[name], "image") == NO_PICTURE


@pytest.mark.parametrize("name", [*PLAYLISTS, *TEXTS])
def test_a_playlist_named_mp4_is_never_opened(tmp_path, name):
    assert refusal(tmp_path, (PLAYLISTS | TEXTS)[name], "video") == NO_CLIP


@pytest.mark.parametrize("magic", [b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\x40\0\0\0WEBPVP8 "])
@pytest.mark.parametrize("name", ["html", "svg", "zip"])
def test_magic_bytes_alone_make_no_picture(tmp_path, magic, name):
    assert refusal(tmp_path, magic + TEXTS[name] * 3, "image") == DAMAGED


@pytest.mark.parametrize("brand", [b"heic", b"avif"])
def test_boxes_without_a_picture_are_refused(tmp_path, brand):
    assert refusal(tmp_path, box(b"ftyp", brand + bytes(4) + brand) + TEXTS["html"], "image") == DAMAGED


@pytest.mark.parametrize("name", ["hls", "concat"])
def test_a_playlist_behind_an_ftyp_box_is_no_clip(tmp_path, name):
    content = box(b"ftyp", b"isom" + bytes(4) + b"isom") + PLAYLISTS[name]

    assert refusal(tmp_path, content, "video") == DAMAGED


def test_a_bomb_of_a_hundred_megapixels_is_refused_by_its_header(tmp_path):
    bomb = png_bomb(10_000, 10_000)
    assert len(bomb) < 20_000

    assert refusal(tmp_path, bomb, "image") == "has more than 50 megapixels"


@pytest.mark.parametrize(
    ("width", "height", "message"),
    [
        (60_000, 60_000, "has more than 50 megapixels"),
        (2**31 - 1, 2**31 - 1, "has more than 50 megapixels"),
        (20_000, 100, "has a side of more than 16384 pixels"),
        (15, 100, "has a side of less than 16 pixels"),
    ],
)
def test_a_png_is_judged_by_the_size_in_its_header_before_it_is_decoded(tmp_path, width, height, message):
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    content = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")

    assert refusal(tmp_path, content, "image") == message


def test_a_jpeg_with_a_huge_header_is_refused(tmp_path):
    corners().save(tmp_path / "small.jpg")
    content = bytearray((tmp_path / "small.jpg").read_bytes())
    at = content.index(b"\xff\xc0") + 5
    content[at : at + 4] = struct.pack(">HH", 60_000, 60_000)

    assert refusal(tmp_path, bytes(content), "image") == "has more than 50 megapixels"


def test_chunks_of_text_that_inflate_without_end_are_refused(tmp_path):
    corners().save(tmp_path / "small.png")
    content = (tmp_path / "small.png").read_bytes()
    bomb = chunk(b"zTXt", b"x\0\0" + zlib.compress(b"\0" * 200_000_000, 1))

    assert refusal(tmp_path, content[:33] + bomb * 4 + content[33:], "image") == DAMAGED


def test_a_progressive_jpeg_of_endless_scans_is_cut_off(tmp_path):
    """A small file that makes the decoder walk all of a large picture again and again."""
    Image.new("L", (7_000, 7_000), 128).save(tmp_path / "p.jpg", progressive=True, quality=10)
    content = (tmp_path / "p.jpg").read_bytes()
    last_scan = content[content.rindex(b"\xff\xda") : -2]

    assert refusal(tmp_path, content[:-2] + last_scan * 400 + b"\xff\xd9", "image") == HEAVY


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_half_a_picture_is_refused(tmp_path, kind):
    Image.effect_noise((256, 256), 80).convert("RGB").save(tmp_path / "whole", kind)
    whole = (tmp_path / "whole").read_bytes()

    assert refusal(tmp_path, whole[: len(whole) // 2], "image") == DAMAGED


@pytest.mark.parametrize("kept", [0.02, 0.5, 0.9])
def test_half_an_mp4_is_refused(tmp_path, kept):
    whole = clip(tmp_path / "whole", frames=48, size=(320, 192)).read_bytes()

    assert refusal(tmp_path, whole[: int(len(whole) * kept)], "video") == DAMAGED


def test_a_picture_is_no_clip_and_a_clip_no_picture(tmp_path):
    corners().save(tmp_path / "a.png")

    assert refusal(tmp_path, (tmp_path / "a.png").read_bytes(), "video") == NO_CLIP
    assert refusal(tmp_path, clip(tmp_path / "a.mp4").read_bytes(), "image") == NO_PICTURE


def test_noise_in_the_middle_of_a_clip_is_refused(tmp_path):
    content = bytearray(clip(tmp_path / "whole", frames=48, size=(320, 192)).read_bytes())
    middle = content.index(b"mdat") + 900  # past what the encoder says of itself
    content[middle : middle + 400] = bytes(n * 73 % 256 for n in range(400))

    assert refusal(tmp_path, bytes(content), "video") == DAMAGED


def test_a_matroska_of_unheard_of_codecs_is_refused(tmp_path):
    clip(tmp_path / "whole", container="matroska", codec="ffv1")

    message = refusal(tmp_path, (tmp_path / "whole").read_bytes(), "video")

    assert message == "is coded in a way we can't read; H.264, H.265, VP8, VP9 and AV1 work"


def test_the_decoder_can_reach_nobody(tmp_path):
    with serving(answering(200, b"secret")) as server:
        dial = f"import socket; socket.create_connection(('127.0.0.1', {server.port}), 2)"
        script = f"from media.decode import child; child._leave_the_network(); {dial}"
        ended = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False, text=True)

    assert "Network is unreachable" in ended.stderr
    assert server.seen == []


def test_a_decoder_that_is_killed_is_an_answer_for_the_user(tmp_path):
    source = clip(tmp_path / "source", frames=1_200, fps=30, size=(640, 384))
    threading.Thread(target=_kill_first_child).start()

    with pytest.raises(decode.Unusable) as refused:
        decode.normalise(source, expects="video")

    assert refused.value.message == HEAVY


def _kill_first_child() -> None:
    for _ in range(400):
        time.sleep(0.01)
        for process in Path("/proc").glob("[0-9]*"):
            if _is_decoder_of_ours(process):
                time.sleep(0.3)
                os.kill(int(process.name), signal.SIGKILL)
                return


def _is_decoder_of_ours(process: Path) -> bool:
    try:
        parent = int((process / "stat").read_text().rsplit(")", 1)[1].split()[1])
        return parent == os.getpid() and "media.decode" in (process / "cmdline").read_text()
    except OSError:
        return False  # it ended while we looked


def test_a_decoder_gets_no_more_memory_than_its_share():
    script = "from media.decode import child, limits; child._limit(limits.BUDGETS['video']); bytearray(1_600 * 2**20)"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False, text=True)

    assert "MemoryError" in ended.stderr


def test_the_environment_of_the_decoder_is_empty(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "SECRET")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "json.py").write_text("raise SystemExit('taken over')")
    corners().save(tmp_path / "source", "PNG")

    _path, facts = decode.normalise(tmp_path / "source", expects="image")

    assert facts.width == 160


@pytest.mark.parametrize(
    ("printed", "status"), [(b"", 0), (b"[]", 0), (b"{", 0), (b" " * 5_000 + b"{}", 0), (b"{}", 1), (b"{}", -11)]
)
def test_a_decoder_that_talks_nonsense_has_said_nothing(printed, status):
    assert decode._understood(printed, status) == {"refused": "damaged"}
