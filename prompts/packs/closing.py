"""The end of a workspace: its prompts and packs go."""

from __future__ import annotations

from datetime import datetime

from media import store
from prompts import lifecycle
from prompts.models import Output, Pack, Prompt

BATCH = 500


def close_prompts(*, workspace_id: int, now: datetime) -> None:
    """Delete every prompt, which gives the unfinished ones back, and every pack. May be called again, and goes on."""
    Pack.objects.filter(workspace_id=workspace_id, deleted_at=None).update(deleted_at=now, updated_at=now)
    there = Prompt.objects.of_workspace(workspace_id).order_by("pk")
    while ids := list(there.values_list("pk", flat=True)[:BATCH]):
        outputs = Output.objects.filter(prompt_id__in=ids).values_list("asset_id", flat=True)
        store.unpublish(list(outputs))
        for prompt_id in ids:
            lifecycle.delete(prompt_id=prompt_id, now=now, actor="workspace deleted")
