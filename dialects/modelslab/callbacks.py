"""What a customer's server is told when a prompt has ended: the fields of its result, as ModelsLab sends them."""

from __future__ import annotations

from typing import Any

from common.jobs.models import Status
from dialects.modelslab import presenters
from prompts.selectors import PromptRow


def prompt_ended(row: PromptRow) -> dict[str, Any]:
    p = row.columns
    if p.status == Status.SUCCEEDED:
        return presenters.succeeded(row, origin=p.origin) | {"track_id": p.echo.get("track_id")}
    return {
        "status": "failed",
        "id": p.id,
        "message": presenters.failure(row),
        "track_id": p.echo.get("track_id"),
    }


def manner(row: PromptRow) -> dict[str, Any]:  # noqa: ARG001  the same for all of this dialect
    """How the message is sent: on the usual schedule, signed in the usual way."""
    return {}
