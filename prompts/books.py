"""Every prompt against the ledger: charged once when it cost something, refunded exactly when it did not succeed."""

from __future__ import annotations

from billing import audit
from common.jobs.models import Status
from prompts.models import Prompt, ledger_reference

_REFUNDED = (Status.FAILED, Status.CANCELLED)


def faults() -> list[str]:
    """What does not add up, a line each."""
    charges = audit.charges("prompt:")
    found: list[str] = []
    prompts = Prompt.objects.values_list("pk", "status", "cost_mc").order_by("pk").iterator(chunk_size=2000)
    for prompt_id, status, cost_mc in prompts:
        charged_mc, refunded = charges.pop(ledger_reference(prompt_id), (0, False))
        found += _of_one(prompt_id, status, cost_mc, charged_mc, refunded=refunded)
    return found + [f"{reference}: charged, but there is no such prompt" for reference in charges]


def _of_one(prompt_id: int, status: str, cost_mc: int, charged_mc: int, *, refunded: bool) -> list[str]:
    found = []
    if charged_mc != cost_mc:
        found.append(f"prompt {prompt_id}: costs {cost_mc} mc but was charged {charged_mc}")
    if charged_mc and refunded != (status in _REFUNDED):
        found.append(f"prompt {prompt_id}: {status}, and {'refunded' if refunded else 'not refunded'}")
    return found
