"""Every training against the ledger."""

from __future__ import annotations

from billing import audit
from tunes.models import Training


def faults() -> list[str]:
    """What does not add up, a line each."""
    rows = Training.objects.values_list("tune_id", "status", "tune__cost_mc").order_by("pk")
    return audit.jobs("tune", rows.iterator(chunk_size=2000))
