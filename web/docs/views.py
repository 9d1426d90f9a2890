"""The API reference, as a page that works without scripts and asks no other host for anything."""

from __future__ import annotations

import json
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from accounts.authentication import origin_of
from dialects.astria.openapi import document
from dialects.astria.openapi.examples import ONCE
from dialects.astria.openapi.samples import samples
from web.docs import reference

SNIPPETS = Path(__file__).parent / "snippets"


@require_safe
def api(request: HttpRequest) -> HttpResponse:
    origin = origin_of(request)
    told = document(origin=origin, now=timezone.now())
    groups = reference.groups(told)
    images = reference.images(told)
    context = {
        "origin": origin,
        "host": origin.partition("://")[2],
        "groups": groups,
        "first": groups[0].operations[0],
        "once": samples(ONCE.call),
        "fields": reference.fields(told),
        "flags": reference.flags(),
        "objects": reference.objects(told, groups),
        "refusals": [(refusal, [_shown(body) for body in refusal.bodies]) for refusal in reference.refusals(told)],
        "videos": reference.videos(told),
        "images": images,
        "addons": reference.addons(told),
        "trainings": reference.trainings(told),
        "preview": any(row["preview_engine"] for row in (*told["x-models"], *told["x-trainings"])),
        "verify": {name: (SNIPPETS / f"verify.{name}.txt").read_text(encoding="utf-8") for name in ("py", "js")},
    }
    response = render(request, "docs/api.html", context)
    patch_cache_control(response, no_cache=True)  # prices
    return response


def _shown(body: object) -> str:
    return body if isinstance(body, str) else json.dumps(body, indent=2, ensure_ascii=False)
