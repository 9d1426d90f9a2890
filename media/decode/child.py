"""The process in which strange files are decoded: bounded, with an empty environment, alone in a folder.

It prints one JSON object: the facts of what it wrote, or `{"refused": code}`. A crash says nothing, and that is an
answer too. Nothing but this process loads Pillow or FFmpeg for input.
"""

from __future__ import annotations

import ctypes
import json
import resource
import sys
from pathlib import Path
from typing import Any

from media.decode.limits import BUDGETS, Budget, Refused

_CLONE_NEWUSER, _CLONE_NEWNET = 0x1000_0000, 0x4000_0000


def main(arguments: list[str]) -> int:
    """`image|video`, the file's name, and `alpha`, `look` or nothing; the work folder is the current one."""
    expects, name, *flags = arguments
    _leave_the_network()
    _limit(BUDGETS[expects])
    try:
        outcome = _look(Path(name)) if "look" in flags else _normalise(expects, Path(name), keep_alpha="alpha" in flags)
    except Refused as refusal:
        outcome = {"refused": refusal.code}
    except MemoryError:
        outcome = {"refused": "too_heavy"}
    sys.stdout.write(json.dumps(outcome))
    return 0


def _look(source: Path) -> dict[str, Any]:
    """What is measured of a picture that was normalised before."""
    from engines.base import Rejected  # noqa: PLC0415
    from engines.motion import looks  # noqa: PLC0415

    try:
        return looks.look(source)
    except Rejected:
        return {"refused": "damaged"}


def _normalise(expects: str, source: Path, *, keep_alpha: bool) -> dict[str, Any]:
    # One of the two libraries is loaded, after the limits stand.
    if expects == "image":
        from media.decode import pictures  # noqa: PLC0415

        return pictures.normalise(source, folder=Path(), keep_alpha=keep_alpha)
    from media.decode import clips  # noqa: PLC0415

    return clips.normalise(source, folder=Path())


def _limit(budget: Budget) -> None:
    for what, most in (
        (resource.RLIMIT_AS, budget.memory_bytes),
        (resource.RLIMIT_CPU, budget.cpu_s),
        (resource.RLIMIT_FSIZE, budget.file_bytes),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def _leave_the_network() -> None:
    """Move into a network namespace without interfaces: in a user namespace where the kernel allows one, else as root.

    Elsewhere the decoders still have no way out: no demuxer that knows addresses is ever chosen.
    """
    libc = ctypes.CDLL(None)
    if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET):  # refused to a process in a chroot, for one
        libc.unshare(_CLONE_NEWNET)
