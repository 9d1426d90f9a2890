"""Strange files are decoded in a child process with limits; this is the parent's side of it.

The parent never looks further than the first bytes: no decoder is loaded here.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from common.errors import Refusal
from media.decode.limits import BUDGETS, PIXELS_MAX, SECONDS_MAX, SIDE_MAX, SIDE_MIN
from media.decode.sniff import HEAD_BYTES, clip_format, picture_format

Expects = Literal["image", "video"]

_ROOT = Path(__file__).resolve().parents[2]
_BOOT = (
    "import sys; sys.path.insert(0, sys.argv[1]); from media.decode import child; sys.exit(child.main(sys.argv[2:]))"
)
# Nothing of ours; on machines with many cores these two keep libraries from reserving a share of memory for each.
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
_ANSWER_BYTES_MAX = 4_096
_NAMES = {"image/png": "normal.png", "image/jpeg": "normal.jpg", "video/mp4": "normal.mp4"}
_MESSAGES = {
    "not_image": "is not a picture we can read (JPEG, PNG, WebP, HEIC or AVIF)",
    "image_pixels": f"has more than {PIXELS_MAX // 1_000_000} megapixels",
    "image_side": f"has a side of more than {SIDE_MAX} pixels",
    "image_small": f"has a side of less than {SIDE_MIN} pixels",
    "not_video": "is not a video we can read (MP4, MOV, WebM or MKV)",
    "video_codec": "is coded in a way we can't read; H.264, H.265, VP8, VP9 and AV1 work",
    "video_side": f"has frames of more than {PIXELS_MAX // 1_000_000} megapixels",
    "video_small": f"has a side of less than {SIDE_MIN} pixels",
    "no_moving_picture": "holds no moving picture",
    "too_long": f"is longer than {SECONDS_MAX} seconds",
    "too_many_frames": "has too many frames",
    "too_heavy": "takes too long to decode; a smaller version may work",
    "damaged": "is damaged or incomplete",
}

log = logging.getLogger(__name__)


class Unusable(Refusal):
    """is not a file we can use"""

    code = "unusable_file"

    def __init__(self, message: str = "", *, reason: str = "unusable") -> None:
        super().__init__(message)
        self.reason = reason  # "unusable", "unreachable", "too_large", or a key of _MESSAGES


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What was measured of a file while it was decoded. Sizes in pixels."""

    content_type: str
    width: int
    height: int
    frames: int = 1
    fps: float = 0.0  # 0 for pictures
    seconds: float = 0.0
    has_audio: bool = False


def normalise(source: Path, *, expects: Expects, keep_alpha: bool = False) -> tuple[Path, Facts]:
    """Decode a strange file in a child process and have it written anew, beside it.

    `source` lies alone in a private folder, which is all that the child is shown.

    :raises Unusable: with a sentence for the user; a crash, a time-out or a kill of the child is one too
    """
    with source.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if expects == "image" and picture_format(head) is None:
        raise Unusable(_MESSAGES["not_image"], reason="not_image")
    if expects == "video" and clip_format(head) is None:
        raise Unusable(_MESSAGES["not_video"])
    answer = _ask(source, expects=expects, flags=("alpha",) if keep_alpha else ())
    try:
        if "refused" in answer:
            raise Unusable(_MESSAGES[answer["refused"]], reason=answer["refused"])
        facts = Facts(**answer)
        path = source.parent / _NAMES[facts.content_type]
    except (TypeError, KeyError) as error:  # nonsense: the file may have taken the child over
        raise Unusable(_MESSAGES["damaged"]) from error
    if path.is_symlink() or not path.is_file():
        raise Unusable(_MESSAGES["damaged"])
    return path, facts


def look(path: Path) -> dict[str, Any]:
    """What is measured of a normalised picture, in a child process too: `engines.motion.looks` says what.

    :raises Unusable: it can't be measured in time
    """
    answer = _ask(path, expects="image", flags=("look",))
    if "refused" in answer:
        raise Unusable(_MESSAGES[answer["refused"]])
    return answer


def _ask(source: Path, *, expects: Expects, flags: Sequence[str] = ()) -> dict[str, Any]:
    """Run the child to its end, or to the end of its time.

    The limits are set by the child itself before it looks at the file: a hook between fork and exec is not safe in a
    process with threads.
    """
    command = [sys.executable, "-I", "-c", _BOOT, str(_ROOT), expects, source.name, *flags]
    with subprocess.Popen(
        command,
        cwd=source.parent,
        env=_ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as child:
        try:
            printed, _ = child.communicate(timeout=BUDGETS[expects].wall_s)
        except subprocess.TimeoutExpired:
            _kill(child)
            return {"refused": "too_heavy"}
        except BaseException:
            _kill(child)
            raise
    return _understood(printed, child.returncode)


def _kill(child: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):  # it ended by itself in the meantime
        os.killpg(child.pid, signal.SIGKILL)


def _understood(printed: bytes, status: int) -> dict[str, Any]:
    if status in (-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGXFSZ):
        return {"refused": "too_heavy"}
    try:
        answer = json.loads(printed) if status == 0 and len(printed) <= _ANSWER_BYTES_MAX else None
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        log.info("a decoder ended with status %d and no answer", status)
        return {"refused": "damaged"}
    return answer
