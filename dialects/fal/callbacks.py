"""What a customer's server is told when a request ends: fal's webhook."""

from __future__ import annotations

from typing import Any

from callbacks.models import Delivery
from dialects.fal import presenters
from prompts.selectors import PromptRow


def prompt_ended(row: PromptRow) -> dict[str, Any]:
    request_id = str(row.columns.request_id)
    told: dict[str, Any] = {"request_id": request_id, "gateway_request_id": request_id}
    if problem := presenters.failure(row.columns):
        return told | {"status": "ERROR", "error": problem.text, "payload": problem.body()}
    return told | {"status": "OK", "payload": presenters.output(row) if row.outputs else None}


def manner(row: PromptRow) -> dict[str, Any]:
    """Over hours, as fal does, and signed in fal's way too."""
    signed_as = {"request_id": str(row.columns.request_id), "user_id": str(row.columns.workspace_id)}
    return {"schedule": Delivery.Schedule.HOURS, "signed_as": signed_as}
