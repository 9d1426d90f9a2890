"""What is painted with a trained tune looks like its pictures: their light, their colours, their grain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np

from engines.base import Subject
from engines.motion import finish
from engines.motion.engine import MotionEngine
from engines.motion.painter.easel import Layer
from engines.motion.planes import Array

PROFILE = 1  # version of the profile's form
OCTAVES = 4
LOOKED_AT = 256  # longest side, in pixels, of what is measured
_OF_A_SUBJECT = 0.65  # how far the scene round a subject goes towards its pictures; a style's goes all the way
_OF_GRAIN = 0.8
_OF_LIGHTNESS = 0.6
_SEEN = (70.0, 200.0)  # that the mean lightness stays between, of 255


@dataclass(frozen=True)
class Look:
    """What of a profile the painter needs."""

    mean: Array
    spread: Array
    texture: Array


def look_of(subject: Subject) -> Look | None:
    """How a tune's pictures look, if this engine has learned it."""
    profile: Mapping[str, Any] = subject.profile
    if profile.get("engine") != MotionEngine.name or profile.get("version") != PROFILE:
        return None
    return Look(*(np.array(profile[name], np.float32) for name in ("mean", "spread", "texture")))


def shaped(layers: Sequence[Layer], subjects: Sequence[Subject]) -> list[Layer]:
    """The scene round the subjects of trained tunes, in the light and with the grain of their pictures, as much as
    their weight says.
    """
    layers = list(layers)
    for subject in subjects:
        look = look_of(subject)
        if look is not None and subject.weight > 0:
            share = min(subject.weight, 1.0) * (1.0 if subject.name == "style" else _OF_A_SUBJECT)
            own = _moments_of(layers)
            layers = [_like(layer, own, look, share) for layer in layers]
    return layers


def _like(layer: Layer, own: tuple[Array, Array], look: Look, share: float) -> Layer:
    """Colours go further than lightness: noon stays noon, and nothing becomes too dark to be seen."""
    goal = look.mean.copy()
    goal[0] = np.clip(own[0][0] + _OF_LIGHTNESS * (goal[0] - own[0][0]), *_SEEN)
    toned = finish.towards(layer.rgb, own, (goal, look.spread + 1e-3), share)
    return replace(layer, rgb=_grained(toned, look.texture, _OF_GRAIN * share))


def _moments_of(layers: Sequence[Layer]) -> tuple[Array, Array]:
    """Of all that is seen of the layers, roughly: small copies, each over those before it."""
    size = (160, 90)
    seen = cv2.resize(layers[0].rgb, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    for layer in layers[1:]:
        if layer.alpha is None or layer.rgb.shape != layers[0].rgb.shape:
            continue
        cover = cv2.resize(layer.alpha, size, interpolation=cv2.INTER_AREA).astype(np.float32)[..., None] / 255
        seen += (cv2.resize(layer.rgb, size, interpolation=cv2.INTER_AREA) - seen) * cover
    return finish.moments(seen.astype(np.uint8))


def _grained(rgb: Array, texture: Array, share: float) -> Array:
    """The octaves of lightness nearer to the energies of the pictures, fine and coarse each by its own gain."""
    lab = cv2.cvtColor(rgb, cv2.COLOR_RGB2Lab)
    scale = min(1.0, LOOKED_AT / max(rgb.shape[:2]))
    small = cv2.resize(lab[..., 0], None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    gains = np.clip(texture / np.maximum(octaves(small), 0.3), 0.6, 1.7) ** share
    blurred, level = small.astype(np.float32), np.zeros(small.shape, np.float32)
    for gain, sigma in zip(gains, (1.0, 2.0, 4.0, 8.0), strict=True):
        softer = cv2.GaussianBlur(blurred, (0, 0), sigma)
        level += (float(gain) - 1) * (blurred - softer)
        blurred = softer
    added = cv2.resize(level, (rgb.shape[1], rgb.shape[0]), interpolation=cv2.INTER_CUBIC)
    lab[..., 0] = np.clip(lab[..., 0] + added, 0, 255).astype(np.uint8)
    return np.asarray(cv2.cvtColor(lab, cv2.COLOR_Lab2RGB))


def octaves(lightness: Array) -> Array:
    """The mean size of what each octave of a Laplacian pyramid holds, from fine to coarse (Burt and Adelson, 1983)."""
    energies, level = [], lightness.astype(np.float32)
    for _ in range(OCTAVES):
        lower = cv2.pyrDown(level)
        energies.append(float(np.abs(level - cv2.pyrUp(lower, dstsize=level.shape[::-1])).mean()))
        level = lower
    return np.array(energies, np.float32)
