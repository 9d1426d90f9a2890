"""What can be bought right now: each row of the catalogue, cut down to what its engine can do.

Form, API, documents, price page and checks all read offers; nobody compares rows with engines a second time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeVar

from django.conf import settings

from catalogue import names, sizes
from catalogue.models import AddOn, ImageModel, Price, Route, Row, Storage, Trainer, VideoModel
from catalogue.sheet import Kind
from common.money import mc_of_cents
from engines import registry
from engines.base import Capabilities, Task

Audio = Literal["none", "on", "optional"]
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Way:
    """One engine that may render the row, and what it is told."""

    engine: str
    options: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One row as it can be had at one moment. Money in millicents, times in seconds, lengths in frames."""

    name: str
    kind: Kind
    title: str
    price_id: int  # the Price it was read from: frozen on what is bought
    base_cost_mc: int  # of `base_seconds`, of one image, or of one second of an add-on
    tasks: frozenset[Task]
    ways: tuple[Way, ...]  # the first renders; its capabilities are what is offered
    preview: bool  # the engine stands in for the model, and every face says so
    # video
    base_seconds: int = 0
    durations: tuple[int, ...] = ()
    default_seconds: int = 0
    resolution: str = ""
    fps: int = 0
    audio: Audio = "none"
    last_frame: bool = False
    exact_frames_min: int = 0
    exact_frames_max: int = 0  # 0: whole seconds only
    surcharge_above_frames: int = 0
    surcharge: tuple[int, int] = (1, 1)  # a fraction: 5, 4 is ×1.25
    # image
    tune_id: int | None = None
    branch: str = ""
    image_options: frozenset[str] = frozenset()  # fields that change the picture on this engine
    # add-on
    field: str = ""  # of the prompt, by which it is chosen
    targets: tuple[str, ...] = ()  # resolutions that it enlarges to
    times: int = 1  # as many frames as before

    @property
    def engine(self) -> str:
        return self.ways[0].engine

    @property
    def engine_options(self) -> Mapping[str, Any]:
        return self.ways[0].options

    @property
    def requires(self) -> frozenset[str]:
        """Fields that a prompt can't do without."""
        return frozenset({"input_video"}) if "motion" in self.tasks else frozenset()


@dataclass(frozen=True)
class _Stored:
    row: Row
    prices: tuple[Price, ...]  # newest first
    routes: tuple[Route, ...]  # in order
    made: dict[int, Offer | None] = field(default_factory=dict)  # by price: it lives as long as this copy of the rows


_cache: tuple[float, dict[str, _Stored]] | None = None  # (read at, on the monotonic clock; rows by name)


def find(name: str, *, now: datetime) -> Offer | None:
    """The offer of this name, or of the row that an old name stands for; None when there is none to be had."""
    stored = _rows().get(names.current(name))
    return _offer(stored, now=now) if stored else None


def all(*, now: datetime) -> list[Offer]:  # noqa: A001  read as `offers.all`
    """Everything that can be had now, in the catalogue's order."""
    found = (_offer(stored, now=now) for stored in _rows().values())
    return [offer for offer in found if offer]


def videos(*, now: datetime) -> list[Offer]:
    return [offer for offer in all(now=now) if offer.kind == "video"]


def addons(*, field: str, now: datetime) -> list[Offer]:
    """What can be done to a finished clip, by the field of the prompt that asks for it."""
    return [offer for offer in all(now=now) if offer.kind == "addon" and offer.field == field]


def image_offer(tune_id: int, *, now: datetime) -> Offer | None:
    """The offer of pictures on this public base tune."""
    for stored in _rows().values():
        if isinstance(stored.row, ImageModel) and stored.row.tune_id == tune_id:
            return _offer(stored, now=now)
    return None


@dataclass(frozen=True, kw_only=True)
class Training:
    """A way to make a tune of pictures. `step_cost_mc`: of one step; the number of steps follows from the pictures."""

    name: str
    model_type: str  # "lora", "pti", "faceid", "checkpoint"
    title: str
    price_id: int
    step_cost_mc: int
    steps_min: int
    steps_max: int
    steps_per_image: Mapping[str, int]  # by preset, "" for none
    engine: str
    engine_options: Mapping[str, Any]
    preview: bool

    def steps(self, *, pictures: int, preset: str) -> int:
        """As many as the preset takes for so many pictures."""
        asked = self.steps_per_image.get(preset, self.steps_per_image[""]) * pictures
        return min(max(asked, self.steps_min), self.steps_max)


def training(model_type: str, *, now: datetime) -> Training | None:
    """How tunes of this type are made now; None when they can't be."""
    return next((found for found in trainings(now=now) if found.model_type == model_type), None)


def trainings(*, now: datetime) -> list[Training]:
    """Every way to make a tune that can be had now, in the catalogue's order."""
    every = _rows().values()
    found = (_training(stored, stored.row, now=now) for stored in every if isinstance(stored.row, Trainer))
    return [training for training in found if training]


def _training(stored: _Stored, row: Trainer, *, now: datetime) -> Training | None:
    price, engine = _to_be_had(stored, now=now)
    able = registry.get(engine).capabilities() if price else None
    if price is None or able is None or row.model_type not in able.trains:
        return None
    return Training(
        name=row.name, model_type=row.model_type, title=row.title, price_id=price.pk,
        step_cost_mc=mc_of_cents(price.base_cost_cents),
        steps_min=row.steps_min, steps_max=row.steps_max, steps_per_image=row.steps_per_image,
        engine=engine, engine_options=stored.routes[0].options, preview=able.preview,
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Keeping:
    """For how long a tune is kept, and what each such time more costs."""

    days: int
    cost_mc: int
    price_id: int


def keeping(*, now: datetime) -> Keeping:
    """
    :raises LookupError: the catalogue has no row for it
    """
    for stored in _rows().values():
        if isinstance(stored.row, Storage):
            price = next(price for price in stored.prices if price.from_at <= now)
            return Keeping(days=stored.row.days, cost_mc=mc_of_cents(price.base_cost_cents), price_id=price.pk)
    raise LookupError("no row of the catalogue says how long tunes are kept")


def paused(name: str) -> str | None:
    """Why a row that exists is not to be had; "" when no reason was typed, None when it isn't paused."""
    stored = _rows().get(names.current(name))
    return stored.row.paused_reason if stored and not stored.row.enabled else None


def exists(name: str) -> bool:
    """Whether the catalogue has such a row, to be had or not."""
    return names.current(name) in _rows()


def forget() -> None:
    """Drop this process's copy of the rows; the others see a change within CATALOGUE_TTL_S."""
    global _cache  # noqa: PLW0603  one tuple swapped whole, so that threads need no lock
    _cache = None


def _rows() -> dict[str, _Stored]:
    global _cache  # noqa: PLW0603  see `forget`
    cached, clock = _cache, time.monotonic()
    if cached is None or clock - cached[0] >= settings.CATALOGUE_TTL_S:
        cached = _cache = (clock, _read_rows())
    return cached[1]


_MODELS: tuple[type[Row], ...] = (VideoModel, ImageModel, AddOn, Trainer, Storage)


def _read_rows() -> dict[str, _Stored]:
    prices = _by_row(Price.objects.order_by("-from_at", "-pk"), lambda price: price.row_id)
    routes = _by_row(Route.objects.order_by("order"), lambda route: route.row_id)
    rows: list[Row] = [row for model in _MODELS for row in model._default_manager.all()]
    rows.sort(key=lambda row: (row.position, row.pk))
    return {row.name: _Stored(row, tuple(prices.get(row.pk, ())), tuple(routes.get(row.pk, ()))) for row in rows}


def _by_row(things: Iterable[T], row_of: Callable[[T], int]) -> dict[int, list[T]]:
    grouped: dict[int, list[T]] = {}
    for thing in things:
        grouped.setdefault(row_of(thing), []).append(thing)
    return grouped


def _offer(stored: _Stored, *, now: datetime) -> Offer | None:
    """Row ∩ engine, at this moment's price; None when paused, unpriced, unrouted, or beyond what the engine can do."""
    price, engine = _to_be_had(stored, now=now)
    if price is None:
        return None
    if price.pk not in stored.made:
        stored.made[price.pk] = _made(stored, price, engine)
    return stored.made[price.pk]


def _to_be_had(stored: _Stored, *, now: datetime) -> tuple[Price | None, str]:
    """This moment's price and the engine; no price when the row can't be had."""
    price = next((price for price in stored.prices if price.from_at <= now), None)
    engine = stored.routes[0].engine if stored.routes else ""
    return (price if stored.row.enabled and engine in registry.names() else None), engine


def _made(stored: _Stored, price: Price, engine: str) -> Offer | None:
    able = registry.get(engine).capabilities()
    own = _own(stored.row, able)
    return Offer(**own, **_common(stored.row, price, stored.routes), preview=able.preview) if own else None


def _own(row: Row, able: Capabilities) -> dict[str, Any] | None:
    """What its kind has of its own; None when the engine can do nothing of it."""
    if isinstance(row, VideoModel):
        return _video(row, able)
    if isinstance(row, ImageModel):
        return _image(row, able)
    return _addon(row, able) if isinstance(row, AddOn) else None


def _common(row: Row, price: Price, routes: tuple[Route, ...]) -> dict[str, Any]:
    return {
        "name": row.name,
        "title": row.title,
        "price_id": price.pk,
        "base_cost_mc": mc_of_cents(price.base_cost_cents),
        "ways": tuple(Way(engine=route.engine, options=route.options) for route in routes),
    }


def _image(row: ImageModel, able: Capabilities) -> dict[str, Any] | None:
    if "image" not in able.tasks:
        return None
    return {
        "kind": "image",
        "tasks": frozenset({"image"}),
        "tune_id": row.tune_id,
        "branch": row.branch,
        "image_options": able.image_options,
    }


_DOES: Mapping[str, Task] = {AddOn.Field.UPSCALE: "upscale", AddOn.Field.FASTER: "faster"}


def _addon(row: AddOn, able: Capabilities) -> dict[str, Any] | None:
    task = _DOES[row.field]
    targets = tuple(target for target in row.targets if _fits(target, able))
    if task not in able.tasks or (task == "upscale" and not targets):
        return None
    return {"kind": "addon", "tasks": frozenset({task}), "field": row.field, "targets": targets, "times": row.times}


def _video(row: VideoModel, able: Capabilities) -> dict[str, Any] | None:
    tasks = _tasks(row) & able.tasks
    durations = tuple(s for s in row.durations if s * row.fps <= able.max_frames)
    if not (tasks and durations and _fits(row.resolution, able)):
        return None
    if row.audio == VideoModel.Audio.ON and not able.audio:
        return None  # its price is the price of sound
    return {
        "kind": "video",
        "tasks": tasks,
        "base_seconds": row.base_seconds,
        "durations": durations,
        "default_seconds": row.base_seconds if row.base_seconds in durations else durations[0],
        "resolution": row.resolution,
        "fps": row.fps,
        "audio": row.audio if able.audio else "none",
        "last_frame": row.last_frame and bool(tasks & {"first_last", "motion"}),
        **_exact_clips(row, able),
    }


def _exact_clips(row: VideoModel, able: Capabilities) -> dict[str, Any]:
    longest = min(row.exact_frames_max, able.max_frames)
    allowed = 0 < longest >= row.exact_frames_min
    return {
        "exact_frames_min": row.exact_frames_min if allowed else 0,
        "exact_frames_max": longest if allowed else 0,
        "surcharge_above_frames": row.surcharge_above_frames,
        "surcharge": row.surcharge.as_integer_ratio(),
    }


def _tasks(row: VideoModel) -> frozenset[Task]:
    """What the row is sold for. A motion-control row replays a clip and does nothing else; all others can go on."""
    if row.motion_control:
        return frozenset({"motion"})
    tasks: set[Task] = {"image_to_video", "extend"}
    if row.text_to_video:
        tasks.add("text_to_video")
    if row.multi_reference:
        tasks.add("references")
    if row.last_frame:
        tasks.add("first_last")
    return frozenset(tasks)


def _fits(resolution: str, able: Capabilities) -> bool:
    """Every shape of a resolution is within the engine's pixels; the widest, or 16:9 at 4k, has the most."""
    largest = max(width * height for width, height in _extremes(resolution))
    return largest <= able.max_pixels


def _extremes(resolution: str) -> list[tuple[int, int]]:
    return [sizes.video_size(resolution, ratio) for ratio in (sizes.WIDE, sizes.WIDEST)]
