"""Weather, light and local motion: all closed forms of time, all zero at the first frame."""

from __future__ import annotations

from engines.motion import camera, photo
from engines.motion.draw import Displace
from engines.motion.effects.flare import CORNER, Flare, Leaks, Spot, brightest
from engines.motion.effects.fog import Fog
from engines.motion.effects.light import Light
from engines.motion.effects.local import displacement
from engines.motion.effects.particles import Particles
from engines.motion.planes import Planes
from engines.motion.program import Program


class Effects:
    """What a program adds to the warped picture. `displace` bends the map, `apply` paints on the planes."""

    def __init__(
        self, words: Program, displace: Displace | None, *, width: int, height: int, source: Spot = CORNER
    ) -> None:
        self.displace = displace
        self._light = Light(words)
        self._fog = Fog(words.atmosphere["fog"], words.seed, width, height) if "fog" in words.atmosphere else None
        self._particles = [
            Particles(kind, amount, words.seed, width, height)
            for kind, amount in words.atmosphere.items()
            if kind != "fog"
        ]
        self._leaks = Leaks(words.light["leak"], words.seed, width, height) if "leak" in words.light else None
        self._flare = Flare(words.light["flare"], source, width, height) if "flare" in words.light else None

    @classmethod
    def of(cls, words: Program, view: photo.Canvas) -> Effects:
        source = brightest(view.view()) if "flare" in words.light else CORNER
        return cls(words, displacement(words, view), width=view.width, height=view.height, source=source)

    def apply(self, planes: Planes, path: camera.Path, index: int, seconds: float) -> None:
        self._light.apply(planes, seconds)
        if self._fog is not None:
            self._fog.apply(planes, path, index, seconds)
        for particles in self._particles:
            particles.apply(planes, path, index, seconds)
        if self._flare is not None:
            self._flare.apply(planes, path, index, seconds)
        if self._leaks is not None:
            self._leaks.apply(planes, seconds)
