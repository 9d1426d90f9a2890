"""What an owner may change of a prompt that exists: where it belongs, and who sees it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Caller
from common.jobs.models import UNFINISHED
from media import store
from prompts import liking, publication
from prompts.models import Input, Output, Prompt
from prompts.request import PromptRequest
from prompts.submission import belongings
from prompts.submission.trouble import Trouble

PLACES = ("pack_id", "base_pack_id", "orig_prompt_id", "order_id")


def change(
    *,
    caller: Caller,
    prompt: Prompt,
    places: Mapping[str, int | None],
    community: bool | None,
    into: Caller | None,
    now: datetime,
) -> None:
    """Write what was given. `places`: some of PLACES; `into`: the same person in the workspace that it moves to.

    :raises Invalid: by field
    :raises Blocked: it may not be published
    """
    trouble = Trouble()
    named: dict[str, Any] = {name: value for name, value in places.items() if value}
    belongings.check(PromptRequest(tune_id=prompt.tune_id, **named), workspace_id=caller.workspace_id, trouble=trouble)
    if places.get("orig_prompt_id") == prompt.pk:
        trouble.add("orig_prompt_id", "can't be the prompt itself")
    moves = into is not None and into.workspace_id != prompt.workspace_id
    if moves and prompt.status in UNFINISHED:
        trouble.add("workspace_id", "can only change once the prompt has ended")
    trouble.stop()
    fields: dict[str, Any] = {name: value or None for name, value in places.items()}
    with transaction.atomic():
        if moves and into is not None:
            fields["workspace_id"] = into.workspace_id
            store.move(_files(prompt), workspace_id=into.workspace_id)
        if "orig_prompt_id" in fields:
            liking.hand_over(prompt_id=prompt.pk, to=fields["orig_prompt_id"])
        if fields:
            Prompt.objects.filter(pk=prompt.pk).update(**fields, updated_at=now)
    if community:
        publication.publish(prompt=prompt, now=now)
    elif community is not None:
        publication.unpublish(prompt_id=prompt.pk, now=now)


def _files(prompt: Prompt) -> list[int]:
    return [
        *Output.objects.filter(prompt=prompt).values_list("asset_id", flat=True),
        *Input.objects.filter(prompt=prompt).values_list("asset_id", flat=True),
    ]
