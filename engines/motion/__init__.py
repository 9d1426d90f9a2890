"""The embedded preview engine: classical graphics on the CPU, deterministic by seed, no model weights, no network.

It reads like the way of one clip: `engine` takes the request, `program` reads the words, `photo` or `painter` make the
planes, `camera` says where the view is in each frame, `draw` warps, `effects` add weather and light, `encode` writes.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engines.motion.planes import Array


def fit(path: Path, width: int, height: int) -> Array:
    """The picture as frame 0 shows it: scaled and cropped round its focus to `width`×`height`, RGB uint8.

    :raises Rejected: the file can't be read as a picture
    """
    from engines.motion import photo  # noqa: PLC0415  loads OpenCV, which a web process must never do

    return photo.fit(path, width, height)
