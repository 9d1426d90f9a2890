"""Every prompt against the ledger."""

from __future__ import annotations

from billing import audit
from prompts.models import Prompt


def faults() -> list[str]:
    """What does not add up, a line each."""
    rows = Prompt.objects.values_list("pk", "status", "cost_mc").order_by("pk")
    return audit.jobs("prompt", rows.iterator(chunk_size=2000))
