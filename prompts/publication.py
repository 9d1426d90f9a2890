"""Results that everybody may see: shown under second addresses, which die when they are taken back (D23, R46)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from media import moderation, store
from media.moderation import Blocked
from prompts.models import Output, Prompt


def publish(*, prompt: Prompt, now: datetime) -> None:
    """Show the prompt's results, those to come included. Publishing twice is publishing once.

    :raises Blocked: moderation says no
    """
    assets = [output.asset for output in Output.objects.filter(prompt=prompt).select_related("asset")]
    moderation.check_publication(
        workspace_id=prompt.workspace_id, texts=[prompt.text, prompt.video_prompt or ""], assets=assets
    )
    with transaction.atomic():
        Prompt.objects.filter(pk=prompt.pk, published_at=None).update(published_at=now, updated_at=now)
        store.publish([asset.pk for asset in assets])


def complete(*, prompt_id: int, now: datetime) -> None:
    """Show the results of a prompt that was to be public from the start; not if moderation says no now."""
    prompt = Prompt.objects.filter(pk=prompt_id, deleted_at=None).exclude(published_at=None).first()
    if prompt is None:
        return
    try:
        publish(prompt=prompt, now=now)
    except Blocked:
        unpublish(prompt_id=prompt_id, now=now)


@transaction.atomic
def unpublish(*, prompt_id: int, now: datetime) -> None:
    """Show them no more."""
    Prompt.objects.filter(pk=prompt_id).exclude(published_at=None).update(published_at=None, updated_at=now)
    store.unpublish(list(Output.objects.filter(prompt_id=prompt_id).values_list("asset_id", flat=True)))
