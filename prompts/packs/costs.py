"""What a run of a pack would cost, class by class: the price of each template's prompt, and of a fresh tune."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Caller
from common.errors import Invalid
from prompts.models import Pack, Template
from prompts.packs.requests import request_of
from prompts.submission.quote import quote
from tunes.models import Tune
from tunes.submission import training_cost_mc

PICTURES = 10  # that a fresh tune is reckoned with
# Nobody's: a price does not depend on who asks.
_ANYBODY = Caller(workspace_id=0, payer_id=0, user_id=0, key_id=None, personal=True, origin="", dialect="astria")


@dataclass(frozen=True)
class Cost:
    """Of one class. In millicents; `training_mc` is of a fresh tune, and part of `cost_mc`."""

    cost_mc: int
    training_mc: int
    num_images: int


def of_template(template: Template, pack: Pack, *, now: datetime) -> int | None:
    """Millicents; None for one that can't be had at the moment."""
    posted = Tune(base_tune=pack.base_tune, model_type=pack.model_type, branch=pack.base_tune.branch, trained_at=now)
    request = request_of(template, pack, tune_id=0, changes={"orig_prompt_id": None, "base_pack_id": None})
    try:
        return quote(caller=_ANYBODY, request=request, now=now, posted=posted).cost_mc
    except Invalid:
        return None


def by_class(pack: Pack, templates: Sequence[Template], *, now: datetime) -> dict[str, Cost]:
    """Each class of the pack's templates; what can't be had adds nothing, for clients reckon with these numbers."""
    training = training_cost_mc(model_type=pack.model_type, preset=pack.preset, pictures=PICTURES, now=now)
    found: dict[str, Cost] = {}
    for template in templates:
        before = found.get(template.class_name, Cost(training, training, 0))
        found[template.class_name] = Cost(
            before.cost_mc + (of_template(template, pack, now=now) or 0),
            training,
            before.num_images + int(template.fields.get("num_images") or 1),
        )
    return found
