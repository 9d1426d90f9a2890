"""Writes into every result what it is: made by an algorithm, by which engine, and whether a preview engine made it.

The term comes from IPTC's vocabulary of digital source types, and says no more than is true:

- a model trained on sampled content made it: trainedAlgorithmicMedia, or compositeWithTrainedAlgorithmicMedia when a
  picture or clip of the user's went in;
- graphics that were never trained on anything (the preview engine) made it: algorithmicMedia, or compositeSynthetic
  when a picture or clip of the user's went in.

Pictures carry it as XMP. Clips carry it as XMP too, in the top-level box that Adobe's XMP specification (part 3, §3.2)
gives to MP4, and in the comment that players show. Animated GIFs have it in the
application extension that part 3 gives them. Nothing is encoded again.
"""

from __future__ import annotations

import json
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import quoteattr

SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
XMP_BOX = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_XMP_JPEG_HEAD = b"http://ns.adobe.com/xap/1.0/\0"
_PNG_HEAD_BYTES = 8 + 25  # signature, IHDR
_JPEG_HEAD_BYTES = 2  # start of image
_GIF_TAIL_BYTES = 1  # trailer


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Who made a result, and out of what."""

    engine: str  # "motion"
    version: str
    preview: bool  # stands in for the model that was asked for
    trained: bool  # the engine is a model trained on sampled content
    from_media: bool  # a picture or clip of the user's went in
    model: str = ""  # the catalogue row that was asked for

    @property
    def source_type(self) -> str:
        """The IPTC term, as an address."""
        if self.trained:
            term = "compositeWithTrainedAlgorithmicMedia" if self.from_media else "trainedAlgorithmicMedia"
        else:
            term = "compositeSynthetic" if self.from_media else "algorithmicMedia"
        return SOURCE_TYPES + term

    @property
    def tool(self) -> str:
        return f"{'preview engine' if self.preview else 'engine'} {self.engine} {self.version}"

    @property
    def comment(self) -> str:
        facts = {"made_by": self.tool, "preview": self.preview, "digital_source_type": self.source_type}
        return json.dumps(facts | ({"model_asked_for": self.model} if self.model else {}))

    def xmp(self) -> bytes:
        """The packet, as IPTC's photo metadata standard 2023.1 (§ digital source type) has it."""
        return (
            '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
            '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
            '<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
            ' xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
            f" Iptc4xmpExt:DigitalSourceType={quoteattr(self.source_type)} xmp:CreatorTool={quoteattr(self.tool)}/>"
            '</rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
        ).encode()


def mark(path: Path, *, content_type: str, origin: Origin) -> None:
    """Mark a finished PNG, JPEG, GIF or MP4 in its place; pixels and samples stay as they are.

    :raises ValueError: another type, which no engine delivers
    """
    marked = path.with_name(f"{path.name}.marked")
    if content_type == "video/mp4":
        _remux(path, marked, comment=origin.comment)
        with marked.open("ab") as file:  # at the very end, so that no offset inside the file moves
            file.write(_box(b"uuid", XMP_BOX + origin.xmp()))
    elif content_type == "image/png":
        _insert(_png_chunk(origin.xmp()), at=_PNG_HEAD_BYTES, path=path, into=marked)
    elif content_type == "image/jpeg":
        _insert(_jpeg_segment(origin.xmp()), at=_JPEG_HEAD_BYTES, path=path, into=marked)
    elif content_type == "image/gif":
        _insert(_gif_extension(origin.xmp()), at=path.stat().st_size - _GIF_TAIL_BYTES, path=path, into=marked)
    else:
        raise ValueError(f"{content_type} can't be marked")
    marked.replace(path)


def _insert(piece: bytes, *, at: int, path: Path, into: Path) -> None:
    content = path.read_bytes()
    into.write_bytes(content[:at] + piece + content[at:])


def _remux(path: Path, into: Path, *, comment: str) -> None:
    """Copy the streams, packet by packet, under a header that carries the comment beside what the engine wrote."""
    import av  # noqa: PLC0415  workers only: the web process must not load FFmpeg

    with (
        av.open(str(path), "r", format="mov") as source,
        av.open(str(into), "w", format="mp4", options={"movflags": "+faststart"}) as target,
    ):
        target.metadata.update({**source.metadata, "comment": comment})
        streams = {stream.index: target.add_stream_from_template(stream) for stream in source.streams}
        for packet in source.demux():
            if packet.dts is not None:  # the demuxer's last packet is empty
                packet.stream = streams[packet.stream.index]
                target.mux(packet)


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + kind + body


def _png_chunk(xmp: bytes) -> bytes:
    """ITXt with XMP's keyword, uncompressed, without language (PNG specification §11.3.3.4)."""
    body = b"iTXt" + b"XML:com.adobe.xmp" + bytes(5) + xmp
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))


def _jpeg_segment(xmp: bytes) -> bytes:
    """APP1, right after the start of the image."""
    body = _XMP_JPEG_HEAD + xmp
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _gif_extension(xmp: bytes) -> bytes:
    """The packet as it is; readers that take its bytes for the lengths of blocks land on the ramp behind it, whatever
    they read last, and slide down to its end.
    """
    ramp = b"\x01" + bytes(range(255, -1, -1)) + b"\x00"
    return b"\x21\xff\x0bXMP DataXMP" + xmp + ramp
