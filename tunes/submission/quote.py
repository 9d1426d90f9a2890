"""What a tune would cost, and everything about it that can be told without fetching, decoding or writing (D17)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import Caller
from billing import pricing
from catalogue import offers
from catalogue.offers import Training
from common.errors import Invalid, NotFound
from tunes import house, selectors
from tunes.models import CHECKPOINT, FAST, Tune
from tunes.request import TuneRequest

PICTURES_MAX = 60
TITLE_MAX, NAME_MAX, TOKEN_MAX = 200, 80, 40
CHARACTERISTICS_MAX = 50
DEFAULT_BRANCH = "sd15"  # where neither a base nor a branch is named
TOKENS = {"sd15": "sks", FAST: "sks"}
DEFAULT_TOKEN = "ohwx"
_TYPES = ("lora", "pti", "faceid")
_DEFAULT_TYPES = {"flux1": "lora", "sdxl1": "pti"}  # SDXL tunes are never anything else
_CLASS = re.compile(r"[A-Za-z0-9 ]+")
_TOKEN = re.compile(r"[A-Za-z0-9_]+")


@dataclass(frozen=True, kw_only=True)
class TuneQuote:
    """A priced tune: what `accept` will write, but for its pictures. Amounts in millicents."""

    request: TuneRequest
    tune: Tune  # not saved yet
    training: Training | None  # None: nothing is trained
    steps: int
    cost_mc: int
    breakdown: list[dict[str, Any]]


def quote(*, caller: Caller, request: TuneRequest, now: datetime) -> TuneQuote:
    """Resolve and price a request: fields → base → the catalogue's row → steps → price.

    :raises Invalid: by field, everything that can be said without looking into pictures
    """
    errors: dict[str, list[str]] = {}
    _words(request, errors)
    _pictures(request, errors)
    base = None if request.branch == FAST else _base(request, caller, errors)
    kind = _kind(request, base, errors)
    training = _training(kind, request, errors, now=now)
    steps = _steps(request, training, errors)
    if errors:
        raise Invalid(errors)
    step_cost_mc = training.step_cost_mc if training else 0
    priced = pricing.training(step_cost_mc=step_cost_mc, steps=steps)
    tune = _tune(request, caller, base, kind, now=now)
    tune.steps, tune.cost_mc = steps or None, priced.total_mc
    lines = [vars(line) for line in priced.lines]
    return TuneQuote(
        request=request, tune=tune, training=training, steps=steps, cost_mc=priced.total_mc, breakdown=lines
    )


def training_cost_mc(*, model_type: str | None, preset: str | None, pictures: int, now: datetime) -> int:
    """What a tune of this type would cost, from so many pictures; 0 where none can be made."""
    training = offers.training(model_type or CHECKPOINT, now=now)
    if training is None:
        return 0
    steps = training.steps(pictures=pictures, preset=preset or "")
    return pricing.training(step_cost_mc=training.step_cost_mc, steps=steps).total_mc


def check_words(title: str, name: str, characteristics: Mapping[str, str] | None, errors: dict[str, list[str]]) -> None:
    """What is wrong with a tune's own words, by field."""
    _text("title", title, TITLE_MAX, errors)
    if not _text("name", name, NAME_MAX, errors) and not _CLASS.fullmatch(name):
        errors["name"] = ["only English letters, numbers and spaces allowed"]
    if len(characteristics or {}) > CHARACTERISTICS_MAX:
        errors["characteristics"] = [f"has more than {CHARACTERISTICS_MAX} entries"]


def check_preset(preset: str | None, errors: dict[str, list[str]], *, model_type: str | None, now: datetime) -> None:
    """What is wrong with a preset of tunes of this type, by field; nothing where none can be made."""
    training = offers.training(model_type or CHECKPOINT, now=now)
    if training:
        _preset(preset, training, errors)


def _words(request: TuneRequest, errors: dict[str, list[str]]) -> None:
    check_words(request.title, request.name, request.characteristics, errors)
    if request.token and (len(request.token) > TOKEN_MAX or not _TOKEN.fullmatch(request.token)):
        errors["token"] = [f"has to be one short word of letters, digits and underscores (at most {TOKEN_MAX})"]


def _text(field: str, value: str, longest: int, errors: dict[str, list[str]]) -> bool:
    """Whether something is wrong with it."""
    if not value.strip():
        errors[field] = ["can't be blank"]
    elif len(value) > longest:
        errors[field] = [f"is too long (at most {longest} characters)"]
    return field in errors


def _pictures(request: TuneRequest, errors: dict[str, list[str]]) -> None:
    if not request.images:
        errors["images"] = ["must contain at least one image"]
    elif len(request.images) > PICTURES_MAX:
        errors["images"] = [f"must contain at most {PICTURES_MAX} images"]


def _base(request: TuneRequest, caller: Caller, errors: dict[str, list[str]]) -> Tune | None:
    """The base model: the one named, or the house's of the branch."""
    if request.base_tune_id is not None:
        try:
            named = selectors.get_visible(workspace_id=caller.workspace_id, tune_id=request.base_tune_id)
        except NotFound:
            errors["base_tune_id"] = ["does not exist or is not yours"]
            return None
        if named.branch == FAST or not selectors.is_house_base(named.pk):
            instead = f"; train on its base, {named.base_tune_id}" if named.base_tune_id else ""
            errors["base_tune_id"] = [f"is not a base model{instead}"]
        return named
    branch = request.branch or DEFAULT_BRANCH
    ids = {known.branch: known.id for known in house.BASES}
    if branch not in ids:
        errors["branch"] = [f"must be one of {', '.join([*ids, FAST])}"]
        return None
    return selectors.get_visible(workspace_id=caller.workspace_id, tune_id=ids[branch])


def _kind(request: TuneRequest, base: Tune | None, errors: dict[str, list[str]]) -> str:
    if request.model_type and request.model_type not in _TYPES:
        errors["model_type"] = [f"must be one of {', '.join(_TYPES)}, or left out"]
    branch = base.branch if base else FAST
    if branch == "sdxl1" and request.model_type in (None, "lora"):
        return "pti"
    return request.model_type or _DEFAULT_TYPES.get(branch, CHECKPOINT)


def _training(kind: str, request: TuneRequest, errors: dict[str, list[str]], *, now: datetime) -> Training | None:
    if request.branch == FAST or "model_type" in errors:
        return None
    training = offers.training(kind, now=now)
    if training is None:
        errors["model_type"] = ["can't be trained on this server at the moment"]
    else:
        _preset(request.preset, training, errors)
    return training


def _preset(preset: str | None, training: Training, errors: dict[str, list[str]]) -> None:
    """FaceID tunes take no steps, and no notice of it."""
    if preset and training.model_type != Tune.ModelType.FACEID and preset not in training.steps_per_image:
        named = ", ".join(sorted(known for known in training.steps_per_image if known))
        errors["preset"] = [f"must be one of {named}, or left out"]


def _steps(request: TuneRequest, training: Training | None, errors: dict[str, list[str]]) -> int:
    if training is None:
        return 0
    if request.steps is None:
        return training.steps(pictures=len(request.images), preset=request.preset or "")
    if not 0 < request.steps <= training.steps_max and training.steps_max:
        errors["steps"] = [f"must be between 1 and {training.steps_max}"]
    return min(max(request.steps, training.steps_min), training.steps_max)


def _tune(request: TuneRequest, caller: Caller, base: Tune | None, kind: str, *, now: datetime) -> Tune:
    branch = base.branch if base else FAST
    token = request.token or TOKENS.get(branch, DEFAULT_TOKEN)
    return Tune(
        workspace_id=caller.workspace_id,
        user_id=caller.user_id,
        is_api=caller.key_id is not None,
        origin=caller.origin,
        dialect=caller.dialect,
        title=request.title.strip(),
        name=request.name.strip(),
        token=None if kind == Tune.ModelType.FACEID else token,
        model_type=None if kind == CHECKPOINT or base is None else kind,
        branch=branch,
        base_tune=base,
        preset=request.preset if base and kind != Tune.ModelType.FACEID else None,
        face_crop=request.face_crop,
        training_face_correct=bool(request.training_face_correct),
        auto_extend=bool(request.auto_extend),
        characteristics=dict(request.characteristics) if request.characteristics else None,
        callback=request.callback,
        prompts_callback=request.prompts_callback,
        base_pack_id=request.base_pack_id,
        created_at=now,
        updated_at=now,
    )
