"""What a prompt would cost, and everything about it that can be told without fetching, decoding or writing (D17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import Caller
from billing import pricing
from billing.pricing import Quoted
from catalogue.offers import Offer
from common.errors import Invalid, NotFound
from prompts import syntax
from prompts.request import PromptRequest
from prompts.submission import addons, belongings, images, videos
from prompts.submission.addons import Chosen
from prompts.submission.trouble import Trouble
from tunes import selectors as tunes
from tunes.models import FAST, Tune

FILES = (
    "input_image",
    "mask_image",
    "video_first_frame",
    "video_last_frame",
    "input_video",
    "image_references",
)
TEXT_MAX = 10_000
WEIGHT_MAX = 999  # as much as a tag can say
REFERENCES_MAX = 20  # tunes that one text may name
MOCK = Quoted(total_mc=0, lines=())  # what is asked of a mock costs nothing, and is checked like the real thing


@dataclass(frozen=True, kw_only=True)
class UsedReference:
    """A LoRA or FaceID tune that the text names, or that was posted to."""

    tune: Tune
    kind: str
    weight: float


@dataclass(frozen=True, kw_only=True)
class Quote:
    """A priced prompt: what `accept` will write, but for its files. Amounts in millicents."""

    request: PromptRequest
    flags: dict[str, str | bool]  # those of the image stage, which stay in the text
    tune: Tune  # the base model it runs on
    posted_tune: Tune | None
    references: tuple[UsedReference, ...]
    offer: Offer  # what is paid for: the clip's row, or the picture's
    seconds: int | None
    addons: tuple[Chosen, ...]  # in the order in which they are done
    cost_mc: int
    breakdown: list[dict[str, Any]]  # lines that add up to `cost_mc`
    unchecked: list[str]  # files that count as good until `prepare` has seen them

    @property
    def is_video(self) -> bool:
        return self.offer.kind == "video"

    @property
    def is_waiting(self) -> bool:
        """Some tune that it uses is still in training."""
        used = [self.tune, *(reference.tune for reference in self.references)]
        return any(tune.trained_at is None for tune in used)


def quote(*, caller: Caller, request: PromptRequest, now: datetime, posted: Tune | None = None) -> Quote:
    """Resolve and price a request: fields → tune and references → row → price.

    `posted`: the tune posted to, when it is made together with the prompt and can't be looked up yet.

    :raises Invalid: by field, everything that can be said without looking into files
    :raises NotFound: the tune posted to is not one that the caller may see
    """
    posted = posted or _posted(request.tune_id, caller)
    trouble = Trouble()
    base, references = _tunes(posted, request, caller=caller, now=now, trouble=trouble)
    _check_text(request, trouble)
    belongings.check(request, workspace_id=caller.workspace_id, trouble=trouble)
    if request.video_model:
        offer, seconds = videos.check(request, base, now=now, trouble=trouble)
    else:
        offer, seconds = images.check(request, base, now=now, trouble=trouble), None
    chosen = addons.check(request, offer, now=now, trouble=trouble) if offer and request.video_model else ()
    trouble.stop()
    assert offer is not None, "no offer without trouble"
    priced = _with_addons(_price(request, offer, seconds), chosen, _whole_seconds(request, seconds))
    if base.branch == FAST:
        priced = MOCK
    return Quote(
        request=request,
        flags=syntax.read(request.text).flags,
        tune=base,
        posted_tune=posted if posted is not base else None,
        references=references,
        offer=offer,
        seconds=seconds,
        addons=chosen,
        cost_mc=priced.total_mc,
        breakdown=[_line(line) for line in priced.lines],
        unchecked=[name for name in FILES if getattr(request, name)],
    )


def _posted(tune_id: int, caller: Caller) -> Tune:
    """
    :raises Invalid: it was the caller's own, and was deleted (D21)
    :raises NotFound: not one that the caller may see
    """
    try:
        return tunes.get_visible(workspace_id=caller.workspace_id, tune_id=tune_id)
    except NotFound:
        if tunes.was_deleted(workspace_id=caller.workspace_id, tune_id=tune_id):
            raise Invalid({"tune": [f"{tune_id} was deleted"]}) from None
        raise


def _tunes(
    posted: Tune, request: PromptRequest, *, caller: Caller, now: datetime, trouble: Trouble
) -> tuple[Tune, tuple[UsedReference, ...]]:
    """The base model, and every reference once: the one posted to first, then those of the text."""
    named: dict[int, UsedReference] = {}
    for text, name in ((request.text, "text"), (request.video_prompt or "", "video_prompt")):
        for reference in _named(text, name, trouble):
            tune = _find(reference, caller)
            if tune is None:
                trouble.add(name, f"refers to {reference.tag}, which does not exist or is not yours")
            else:
                found = UsedReference(tune=tune, kind=reference.kind, weight=reference.weight)
                named.setdefault(tune.pk, found)  # by id and by token it is one, with its first weight
    weight = 1.0 if request.lora_scale is None else request.lora_scale
    if abs(weight) > WEIGHT_MAX:
        trouble.add("lora_scale", f"must be between -{WEIGHT_MAX} and {WEIGHT_MAX}")
    applied = UsedReference(tune=posted, kind=posted.kind, weight=weight)
    used = {posted.pk: applied} | named if posted.is_reference else named
    base = posted.base_tune if posted.is_reference and posted.base_tune else posted
    for tune in (base, *(reference.tune for reference in used.values())):
        reason = tunes.unusable(tune, now=now)
        if reason:
            trouble.add("tune", f"{tune.pk} {reason}")
    return base, tuple(used.values())


def _named(text: str, name: str, trouble: Trouble) -> list[syntax.Reference]:
    """The tags of a text; each costs a query, so that a text which is refused anyway has none."""
    if len(text) > TEXT_MAX:
        return []
    for tag in syntax.malformed(text)[:REFERENCES_MAX]:
        trouble.add(name, f"holds {tag[:80]}, which is not <lora:id:weight> or <faceid:id:weight>")
    if syntax.hides_flags(text):  # they would be paid for and without effect
        trouble.add(name, "opens a quotation mark that never closes, so its flags can't be read")
    references = syntax.references(text)
    if len(references) > REFERENCES_MAX:
        trouble.add(name, f"refers to more than {REFERENCES_MAX} tunes")
        return []
    return references


def _find(reference: syntax.Reference, caller: Caller) -> Tune | None:
    return tunes.find_reference(
        workspace_id=caller.workspace_id, kind=reference.kind, tune_id=reference.id, token=reference.name
    )


def _check_text(request: PromptRequest, trouble: Trouble) -> None:
    for name in ("text", "negative_prompt", "video_prompt"):
        if len(getattr(request, name) or "") > TEXT_MAX:
            trouble.add(name, f"is too long (at most {TEXT_MAX} characters)")
        if "\x00" in (getattr(request, name) or ""):
            trouble.add(name, "contains a null character")


def _price(request: PromptRequest, offer: Offer, seconds: int | None) -> Quoted:
    if offer.kind == "image":
        faces = bool(request.options.get("inpaint_faces"))
        return pricing.images(unit_mc=offer.base_cost_mc, count=request.num_images or 1, inpaint_faces=faces)
    if request.clip:
        return pricing.exact_video(
            base_cost_mc=offer.base_cost_mc,
            frames=request.clip.frames,
            surcharge_above_frames=offer.surcharge_above_frames,
            surcharge=offer.surcharge,
        )
    return pricing.video(
        base_cost_mc=offer.base_cost_mc,
        base_seconds=offer.base_seconds,
        seconds=seconds or offer.default_seconds,
    )


def _with_addons(priced: Quoted, chosen: tuple[Chosen, ...], seconds: int) -> Quoted:
    for addon in chosen:
        priced = pricing.with_addon(priced, label=addon.label, second_cost_mc=addon.offer.base_cost_mc, seconds=seconds)
    return priced


def _whole_seconds(request: PromptRequest, seconds: int | None) -> int:
    """How long the clip is; a begun second of an exact clip counts."""
    return -(-request.clip.frames // request.clip.fps) if request.clip else seconds or 0


def _line(line: pricing.Line) -> dict[str, Any]:
    return {"label": line.label, "quantity": line.quantity, "unit": line.unit, "amount_mc": line.amount_mc}
