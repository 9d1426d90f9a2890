"""What the house does when a lower floor announces something: the one place that sees all rooms (DESIGN §4 C).

Each is an idempotent task named after its topic. It deletes its announcement in the transaction of its own work.
"""

from __future__ import annotations

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from callbacks import delivery
from common.jobs import outbox
from dialects.astria import callbacks as astria
from prompts import lifecycle, selectors
from prompts.selectors import PromptRow

CALLBACK_BODIES = {"astria": astria.prompt_ended}


@shared_task(name=lifecycle.ENDED_TOPIC)
def prompt_ended(*, ref: int, **_newer_arguments: object) -> None:
    """Tell the customer's server, in the words of the dialect that the prompt came by."""
    row = selectors.of_id(ref)
    with transaction.atomic():
        if row is not None and row.columns.callback and row.columns.deleted_at is None:
            _record_callback(row)
        outbox.done(lifecycle.ENDED_TOPIC, ref=ref)


def _record_callback(row: PromptRow) -> None:
    p = row.columns
    delivery.record(
        workspace_id=p.workspace_id,
        url=p.callback,
        body=CALLBACK_BODIES[p.dialect](row),
        kind="prompt",
        ref=p.id,
        dialect=p.dialect,
        now=timezone.now(),
    )
