"""Moments as Astria writes them."""

from __future__ import annotations

from datetime import datetime


def moment(value: datetime | None) -> str | None:
    """ISO 8601 in UTC with milliseconds: "2026-01-02T10:00:00.000Z"."""
    return value.isoformat(timespec="milliseconds")[:23] + "Z" if value else None
