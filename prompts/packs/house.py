"""The packs that every installation has; their file is followed whenever it is loaded."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from prompts.models import Pack, Template
from tunes import house

FILE = Path(__file__).parent / "house.json"
SINCE = datetime(2024, 1, 1, tzinfo=UTC)


@transaction.atomic
def load() -> None:
    """Create what is missing and follow the file in the rest; may be called any number of times."""
    for told in json.loads(FILE.read_text(encoding="utf-8")):
        pack, _ = Pack.objects.update_or_create(
            slug=told["slug"],
            defaults={
                "workspace": None,
                "title": told["title"],
                "subtitle": told["subtitle"],
                "base_tune_id": house.FLUX,
                "model_type": told["model_type"],
                "preset": told["preset"],
                "token": told["token"],
                "slots": told["slots"],
            },
            create_defaults={
                "title": told["title"], "subtitle": told["subtitle"], "base_tune_id": house.FLUX,
                "model_type": told["model_type"], "preset": told["preset"], "token": told["token"],
                "slots": told["slots"], "public_at": SINCE, "created_at": SINCE, "updated_at": SINCE,
            },
        )  # fmt: skip
        _load_templates(pack, told)


def _load_templates(pack: Pack, told: dict[str, Any]) -> None:
    """Numbered in the file's order, class by class: a template keeps its id as long as it keeps its place."""
    ids = []
    for turn, class_name in enumerate(told["classes"]):
        for place, template in enumerate(told["templates"]):
            number = turn * len(told["templates"]) + place
            fields = {"text": template["text"].format_map({"class": class_name}), **template.get("fields", {})}
            made, _ = Template.objects.update_or_create(
                pk=told["first_id"] + number,
                defaults={"pack": pack, "class_name": class_name, "position": number, "fields": fields},
            )
            ids.append(made.pk)
    Template.objects.filter(pack=pack).exclude(pk__in=ids).delete()
