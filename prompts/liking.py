"""Likes: of results of one's own, or of published ones (D27)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from common.errors import NotFound
from prompts.models import Like, Prompt


def toggle(*, prompt_id: int, user_id: int, workspace_id: int, now: datetime) -> bool:
    """Like a prompt, or no longer; whether it is liked now. The prompt that it was made from is counted with it.

    :raises NotFound: no such prompt, or not one that the user may see
    """
    seen = Prompt.objects.filter(Q(workspace_id=workspace_id) | Q(published_at__isnull=False), deleted_at=None)
    with transaction.atomic():
        prompt = seen.select_for_update().filter(pk=prompt_id).first()
        if prompt is None:
            raise NotFound
        gone, _ = Like.objects.filter(prompt=prompt, user_id=user_id).delete()
        if not gone:
            Like.objects.create(prompt=prompt, user_id=user_id, created_at=now)
        counted = Prompt.objects.filter(pk__in=[prompt.pk, *([prompt.orig_prompt_id] if prompt.orig_prompt_id else [])])
        counted.update(likes_count=F("likes_count") + (-1 if gone else 1))
        return not gone


def hand_over(*, prompt_id: int, to: int | None) -> None:
    """Count a prompt's likes with the original `to` from now on; to be called where `orig_prompt_id` is written."""
    prompt = Prompt.objects.select_for_update().get(pk=prompt_id)
    if prompt.orig_prompt_id == to:
        return
    own = Like.objects.filter(prompt=prompt).count()
    for original, change in ((prompt.orig_prompt_id, -own), (to, own)):
        if original is not None:
            Prompt.objects.filter(pk=original).update(likes_count=F("likes_count") + change)
