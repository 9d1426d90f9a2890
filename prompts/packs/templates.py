"""Prompts that become templates of a pack, and packs of one's own."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from accounts.models import Caller
from common.errors import Invalid, NotFound
from prompts import syntax
from prompts.models import Output, Pack, Prompt, Template
from tunes import selectors as tunes
from tunes.submission import check_preset

_LONGEST = {"title": 200, "subtitle": 300, "slug": 80, "token": 40, "preset": 40}
_COLUMNS = (
    "negative_prompt", "w", "h", "ar", "aspect_ratio", "resolution", "video_model", "video_prompt", "video_duration",
    "video_audio", "options",
)  # fmt: skip

_OF_PICTURES = ("denoising_strength", "mask_invert", "mask_dilate", "mask_blur", "controlnet", "controlnet_txt2img")


def follow(prompt: Prompt) -> None:
    """Make the prompt the template that its `pack_id` says it is, or no template any more.

    :raises Invalid: its text names no tune that another could stand in for
    """
    if prompt.pack_id is None:
        Template.objects.filter(pk=prompt.pk).delete()
        return
    if not prompt.references:
        raise Invalid({"text": ["Prompt is not using a fine-tuned model"]})
    if len(prompt.references) > 1:
        raise Invalid({"text": ["uses more than one fine-tuned model; a template stands for one"]})
    fields: dict[str, Any] = {name: getattr(prompt, name) for name in _COLUMNS if getattr(prompt, name)}
    if "options" in fields:  # a template has no picture of its own
        fields["options"] = {name: value for name, value in fields["options"].items() if name not in _OF_PICTURES}
    fields["text"] = syntax.without_tags(prompt.text)
    if prompt.video_model is None:
        fields["num_images"] = prompt.num_images
    Template.objects.update_or_create(
        pk=prompt.pk,
        defaults={
            "pack_id": prompt.pack_id, "class_name": prompt.references[0]["name"] or "", "fields": fields,
            "position": prompt.pk % 2**31,
        },
    )  # fmt: skip
    illustrate(prompt_id=prompt.pk)


def illustrate(*, prompt_id: int) -> None:
    """Give the template that a prompt is, if it is one, its first picture."""
    first = Output.objects.filter(prompt_id=prompt_id).order_by("position").first()
    if first is not None:
        Template.objects.filter(pk=prompt_id).update(example=first.asset_id)


def create(*, caller: Caller, fields: Mapping[str, Any], now: datetime) -> Pack:
    """A pack of the workspace's own, private until it is made public.

    :raises Invalid: by field
    """
    _check(fields, None, now=now)
    try:
        base = tunes.get_visible(workspace_id=caller.workspace_id, tune_id=fields["base_tune_id"])
    except NotFound as error:
        raise Invalid({"base_tune_id": ["does not exist or is not yours"]}) from error
    own = {name: value for name, value in fields.items() if name != "base_tune_id"}
    slug = f"{slugify(fields['title'])[:60] or 'pack'}-{secrets.token_hex(3)}"
    pack = Pack(
        workspace_id=caller.workspace_id, user_id=caller.user_id, base_tune=base.base_tune or base, created_at=now,
        updated_at=now, **({"slug": slug} | own),
    )  # fmt: skip
    return _saved(pack)


def change(*, pack: Pack, fields: Mapping[str, Any], now: datetime) -> Pack:
    """
    :raises Invalid: by field
    """
    _check(fields, pack, now=now)
    for name, value in fields.items():
        setattr(pack, name, value)
    pack.updated_at = now
    return _saved(pack)


def delete(*, pack: Pack, now: datetime) -> None:
    """It is run no more; what was made from it stays."""
    Pack.objects.filter(pk=pack.pk).update(deleted_at=now, updated_at=now)


def _check(fields: Mapping[str, Any], pack: Pack | None, *, now: datetime) -> None:
    """`pack`: the one that is changed; None for one to be made."""
    new = pack is None
    errors: dict[str, list[str]] = {}
    if (new or "title" in fields) and not (fields.get("title") or "").strip():
        errors["title"] = ["can't be blank"]
    if new and fields.get("base_tune_id") is None:
        errors["base_tune_id"] = ["can't be blank"]
    for name, longest in _LONGEST.items():
        if len(fields.get(name) or "") > longest:
            errors[name] = [f"is too long (at most {longest} characters)"]
    if fields.get("slug") and (slugify(fields["slug"]) != fields["slug"] or fields["slug"].isdecimal()):
        errors["slug"] = ["only lower case letters, numbers and hyphens allowed, and not numbers alone"]
    if fields.get("model_type") not in (None, "lora", "pti", "faceid"):
        errors["model_type"] = ["must be one of lora, pti, faceid, or left out"]
    elif "preset" not in errors and {"preset", "model_type"} & set(fields):
        kept = {} if pack is None else {"model_type": pack.model_type, "preset": pack.preset}
        told = kept | dict(fields)
        check_preset(told.get("preset"), errors, model_type=told.get("model_type"), now=now)
    if errors:
        raise Invalid(errors)


def _saved(pack: Pack) -> Pack:
    try:
        with transaction.atomic():
            pack.save()
    except IntegrityError as error:
        raise Invalid({"slug": ["has already been taken"]}) from error
    return pack
