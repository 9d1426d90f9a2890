"""Engines that say what they can do and never paint: catalogue tests stop at the seam."""

from dataclasses import replace

from engines.base import TASKS, Capabilities


class Full:
    name = "full"

    def capabilities(self):
        return Capabilities(
            tasks=frozenset(TASKS),
            audio=True,
            preview=True,
            max_frames=480,
            max_pixels=3840 * 2160,
            trains=frozenset({"lora", "pti", "faceid", "checkpoint"}),
            image_options=frozenset({"film_grain"}),
        )


class Modest:
    """Silent, up to ten seconds of 720p at 24 frames a second, and only from a picture."""

    name = "modest"

    def capabilities(self):
        return Capabilities(
            tasks=frozenset({"image_to_video", "motion"}),
            audio=False,
            preview=False,
            max_frames=240,
            max_pixels=1680 * 720,
            trains=frozenset({"lora", "pti", "faceid", "checkpoint"}),
            image_options=frozenset(),
        )


class Small:
    """As `Full`, but no larger than cinema pictures of 4k: just under the 3840×2160 of 16:9."""

    name = "small"

    def capabilities(self):
        return replace(Full().capabilities(), max_pixels=4096 * 1754)
