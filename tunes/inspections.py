"""What can be said of a picture from its measures (`engines.motion.looks`), in Astria's words. What would need a model
that has seen the world is left empty: an invented answer would be trained into somebody's tune.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

UNKNOWN = ("body_type", "ethnicity", "age", "glasses", "eye_color", "hair_color", "hair_length", "hair_style",
           "facial_hair", "is_bald", "headcover")  # fmt: skip
BLURRY_BELOW = 90.0  # variance of the Laplacian (Pech-Pacheco et al., 2000), levels of 8 bits
SMALL_BELOW = 512  # pixels of the shorter side, which trainings ask for
DARK_BELOW, BRIGHT_ABOVE, FLAT_BELOW = 0.12, 0.93, 0.06  # of lightness: its mean, and its deviation
FAR_BELOW = 0.14  # a face's share of the height, in a picture of a whole person


def attributes(measured: Mapping[str, Any], *, name: str) -> dict[str, Any]:
    """Of a training photo. `name`: the class that the caller takes it for."""
    faces = measured["faces"]
    return {
        "name": _class(measured, said=name),
        **dict.fromkeys(UNKNOWN, ""),
        "blurry": is_blurry(measured),
        "includes_multiple_people": len(faces) > 1,
        "full_body_image_or_longshot": bool(faces) and faces[0]["height"] < FAR_BELOW,
        "low_resolution": min(measured["width"], measured["height"]) < SMALL_BELOW,
        "low_quality": is_badly_lit(measured) or is_blurry(measured),
        "measured": {**measured, "people": len(faces)},
    }


def description(measured: Mapping[str, Any]) -> str:
    """A sentence of what was measured."""
    faces = len(measured["faces"])
    shown = "a cat" if measured["cat"] else "no face" if not faces else "one face" if faces == 1 else f"{faces} faces"
    sharp = "blurred" if is_blurry(measured) else "sharp"
    size = f"{measured['width']}×{measured['height']}"
    seen = f"{_light(measured)} and {sharp}, mostly {_listed(_colours(measured))}"
    return f"A {_shape(measured)} picture, {size}, {seen}, with {shown}."


def shot(measured: Mapping[str, Any], camera: str) -> str:
    """A phrase of one shot of a clip: its camera, and what its middle shows."""
    faces = len(measured["faces"])
    shown = "one face" if faces == 1 else f"{faces} faces" if faces else "no face"
    return f"{camera}; {_light(measured)}, mostly {_listed(_colours(measured))}; {shown}"


def class_name(measured: Mapping[str, Any]) -> str:
    """As far as it can be told: a cat, a person, or something."""
    return "cat" if measured["cat"] else "person" if measured["faces"] else "subject"


def is_blurry(measured: Mapping[str, Any]) -> bool:
    return bool(measured["sharpness"] < BLURRY_BELOW)


def is_badly_lit(measured: Mapping[str, Any]) -> bool:
    return not DARK_BELOW <= measured["exposure"] <= BRIGHT_ABOVE or measured["contrast"] < FLAT_BELOW


def _class(measured: Mapping[str, Any], *, said: str) -> str:
    """What the caller says, unless a cat is seen: no face found is no proof that nobody is there."""
    return "cat" if measured["cat"] else said


def _shape(measured: Mapping[str, Any]) -> str:
    ratio = measured["width"] / measured["height"]
    return "square" if 0.95 < ratio < 1.05 else "landscape" if ratio > 1 else "portrait"


def _listed(colours: list[str]) -> str:
    return " and ".join([", ".join(colours[:-1]), colours[-1]] if len(colours) > 1 else colours)


def _colours(measured: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys(row["name"] for row in measured["palette"] if row["share"] >= 0.1))


def _light(measured: Mapping[str, Any]) -> str:
    return "dark" if measured["exposure"] < 0.3 else "bright" if measured["exposure"] > 0.65 else "evenly lit"
