"""The seam between the product and whatever paints: plain Python, no Django.

An engine is asked for one output at a time (one picture, or one clip). It is handed files that `media` has already
checked and normalised, and a `Desk` for everything that reaches back: progress, cancellation, the clock, the network.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

Task = Literal[
    "image", "image_to_video", "text_to_video", "first_last", "motion", "references", "extend", "upscale", "faster"
]
TASKS: tuple[Task, ...] = (
    "image", "image_to_video", "text_to_video", "first_last", "motion", "references", "extend", "upscale", "faster",
)  # fmt: skip

DEFAULT_STRENGTH = 0.8  # denoising strength where none is asked for


class EngineError(Exception):
    """Root of all that an engine may raise; anything else that escapes is a defect and counts as a strike."""


class Retryable(EngineError):
    """May work later: a provider is busy, memory was short. The job is handed back."""


class Rejected(EngineError):
    """Will never work: the prompt fails and is refunded. The message is shown to the user."""


class Cancelled(EngineError):
    """`desk.cancelled()` said yes, or the deadline passed; nothing was kept."""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A person, thing or style that the text refers to by `<lora:…>` or `<faceid:…>`."""

    tune_id: int
    kind: Literal["lora", "faceid"]
    name: str  # class name: "woman", "shoes", "style"
    token: str | None  # trigger word: "ohwx"
    weight: float
    pictures: tuple[Path, ...]  # its training or reference pictures, normalised; PNGs may hold a cut-out in alpha
    profile: Mapping[str, Any] = field(default_factory=dict)  # what `train` learned of them, by whichever engine


@dataclass(frozen=True, kw_only=True)
class RenderRequest:
    """One output. Sizes in pixels (even for clips), times in frames; what a task does not use is left empty.

    - image: prompt → a still; with `picture` and `strength` < 1, a variation of it; `mask` limits where.
      Options may make it larger than asked: the result tells its size
    - image_to_video: `first` → a clip whose frame 0 is it
    - first_last: `first`, `last` → a clip with both ends
    - text_to_video: prompt → a clip
    - motion: `first` moved as `driving` moves (`last`, when given, is eased into over the last quarter)
    - references: `references` → a clip that shows them
    - extend: `driving` continued
    - upscale: `driving`, a finished clip, at `width`×`height`; its frames, length and sound stay
    - faster: `driving`, a finished clip, with `frames` frames at `fps`, a multiple of its own; length and sound stay
    """

    task: Task
    prompt: str
    negative_prompt: str = ""
    seed: int  # 0…2³¹−1, never absent; picture n of a set is asked for with seed + n
    width: int
    height: int
    frames: int = 1
    fps: int = 1
    audio: bool = False
    model: str = ""  # name of the catalogue row that was paid for
    first: Path | None = None
    last: Path | None = None
    driving: Path | None = None
    picture: Path | None = None
    mask: Path | None = None
    strength: float = DEFAULT_STRENGTH  # denoising strength: 0 keeps `picture`, 1 ignores it
    is_frame: bool = False  # an image that a clip begins with: exactly `width`×`height` and opaque, whatever is asked
    references: tuple[Path, ...] = ()
    subjects: tuple[Subject, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)  # the row's engine options, then the caller's image fields


@dataclass(frozen=True, kw_only=True)
class Result:
    """One finished file in the desk's work folder; the caller moves it away."""

    path: Path
    content_type: Literal["image/png", "image/jpeg", "video/mp4"]
    width: int
    height: int
    frames: int
    fps: int
    has_audio: bool
    engine: str  # "motion"
    version: str
    preview: bool  # True: stands in for the named model, and every face says so
    report: Mapping[str, Any] = field(default_factory=dict)  # JSON: what was understood, what was not, timings


@dataclass(frozen=True, kw_only=True)
class TrainRequest:
    """A tune to be made of pictures."""

    kind: Literal["lora", "pti", "faceid", "checkpoint"]
    name: str  # class name: "woman", "shoes", "style"
    token: str  # the word that will stand for it: "ohwx"
    base: str  # branch of the base model: "flux1"
    steps: int
    seed: int
    pictures: tuple[Path, ...]  # normalised
    captions: tuple[str, ...]  # parallel to `pictures`; "" where there is none
    face_crop: bool = False
    face_correct: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)  # the row's engine options, then the preset


@dataclass(frozen=True, kw_only=True)
class Trained:
    """What came of it. `files` lie in the desk's work folder; `profile` is JSON of at most 64 KB."""

    files: tuple[Path, ...]  # PNGs with alpha (cut-outs), or weights
    profile: Mapping[str, Any]
    engine: str
    version: str
    preview: bool
    report: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Capabilities:
    """What an engine can do; `catalogue.offers` intersects it with the row, once, for all faces."""

    tasks: frozenset[Task]
    audio: bool
    preview: bool
    max_frames: int
    max_pixels: int  # of one frame
    trains: frozenset[str]  # kinds of tunes that it makes
    image_options: frozenset[str]  # fields that change the picture; all others are recorded without effect


class Desk(Protocol):
    """What an engine may ask of its caller while it works."""

    @property
    def folder(self) -> Path: ...  # private and empty; removed by the caller afterwards
    @property
    def deadline(self) -> float: ...  # on the clock of time.monotonic()
    def progress(self, fraction: float, stage: str) -> None: ...  # cheap; call it once a frame
    def cancelled(self) -> bool: ...  # cheap; ask before every frame
    def fetch(self, url: str) -> Path: ...  # a provider's result, through safe_fetch
    def lend(self, path: Path) -> str: ...  # a signed link to an input for a provider
    def secret(self, name: str) -> str: ...
    def recall(self) -> str | None: ...  # the provider's job that an earlier attempt started
    def remember(self, token: str) -> None: ...


class Engine(Protocol):
    name: str

    def capabilities(self) -> Capabilities: ...

    def render(self, request: RenderRequest, desk: Desk) -> Result:
        """Make one output.

        :raises Retryable: may work later
        :raises Rejected: never will
        :raises Cancelled: was told to stop, or ran past the deadline
        """

    def train(self, request: TrainRequest, desk: Desk) -> Trained:
        """Learn a subject or a style from pictures.

        :raises Retryable: may work later
        :raises Rejected: never will
        :raises Cancelled: was told to stop, or ran past the deadline
        """
