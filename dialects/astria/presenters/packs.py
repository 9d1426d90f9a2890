"""Packs and their runs as Astria's JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dialects.astria.presenters.moments import moment
from media import links
from prompts.models import Order, Pack, Template
from prompts.packs.costs import Cost


def pack(pack: Pack, costs: Mapping[str, Cost], templates: Sequence[Template], *, origin: str) -> dict[str, Any]:
    return {
        "id": pack.pk,
        "base_tune_id": pack.base_tune_id,
        "user_id": pack.user_id if pack.public_at is None else None,
        "slug": pack.slug,
        "title": pack.title,
        "subtitle": pack.subtitle,
        "token": pack.token,
        "created_at": moment(pack.created_at),
        "updated_at": moment(pack.updated_at),
        "public_at": moment(pack.public_at),
        "unlisted_at": moment(pack.unlisted_at),
        "multiplier": 1,
        "multiplier_api": 1,
        "model_type": pack.model_type,
        "main_class_name": next(iter(costs), None),
        "cover_url": _cover(pack, templates, origin=origin),
        "cost_mc_hash": {name: cost.cost_mc for name, cost in costs.items()},
        "costs": {
            name: {"cost": -(-cost.cost_mc // 1_000), "cost_mc": cost.cost_mc, "num_images": cost.num_images}
            for name, cost in costs.items()
        },
    }


def detail(
    pack_: Pack,
    costs: Mapping[str, Cost],
    templates: Sequence[Template],
    priced: Mapping[int, int | None],
    *,
    origin: str,
) -> dict[str, Any]:
    """`priced`: what each template's prompt costs, by its id, in millicents; None where it can't be had."""
    by_class: dict[str, list[dict[str, Any]]] = {}
    for template in templates:
        images = [url] if (url := _example(pack_, template, origin=origin)) else []
        by_class.setdefault(template.class_name, []).append({"id": template.pk, "images": images})
    return pack(pack_, costs, templates, origin=origin) | {
        "logo": None,
        "prompts_per_class": by_class,
        "template_prompts": [
            {
                "id": template.pk,
                "class_name": template.class_name,
                "text": template.fields["text"],
                "num_images": template.fields.get("num_images") or 1,
                "video_model": template.fields.get("video_model"),
                "cost_mc": priced[template.pk],
            }
            for template in templates
        ],
        "use_multi": bool(pack_.slots),
        "reference_class_names": [name for slot in pack_.slots for name in slot["filter_names"]] or list(by_class),
        "template_tunes": [],
        "template_slots": [{**slot, "template_tune_ids": [], "tunes": []} for slot in pack_.slots],
    }


def order(order: Order, *, prompt_ids: Sequence[int]) -> dict[str, Any]:
    """What a run on tunes that exist answers; `total_cost_mc` is what was charged."""
    return {
        "status": 201,
        "message": "Prompts created",
        "order": {"id": order.pk, "tune_ids": order.tune_ids, "total_cost_mc": order.total_cost_mc},
        "prompt_ids": list(prompt_ids),
    }


def _cover(pack: Pack, templates: Sequence[Template], *, origin: str) -> str | None:
    """The last one that has a picture."""
    return next((url for one in reversed(templates) if (url := _example(pack, one, origin=origin))), None)


def _example(pack: Pack, template: Template, *, origin: str) -> str | None:
    """Of a public pack, a picture that was published; its owner alone sees a private one, and what is in it."""
    asset = template.example
    if asset is None or asset.deleted_at is not None:
        return None
    address = asset.public_address or (asset.address if pack.public_at is None else None)
    return links.public(address, asset.filename, origin=origin) if address else None
