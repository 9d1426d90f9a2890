"""Reading messages; every query starts from the caller's workspace."""

from __future__ import annotations

from collections.abc import Sequence

from callbacks.models import Delivery
from common.errors import NotFound


def page(
    *,
    workspace_id: int,
    limit: int,
    before_id: int | None = None,
    offset: int = 0,
    kind: str = "",
    ref: int | None = None,
    status: str = "",
    everywhere: Sequence[int] = (),
) -> list[Delivery]:
    """Newest first."""
    found = Delivery.objects.filter(workspace_id__in=everywhere or [workspace_id])
    if before_id is not None:
        found = found.filter(pk__lt=before_id)
    for field, value in (("kind", kind), ("ref", ref), ("status", status)):
        if value not in ("", None):
            found = found.filter(**{field: value})
    return list(found.order_by("-pk")[offset : offset + limit])


def get(*, workspace_id: int, delivery_id: int, everywhere: Sequence[int] = ()) -> Delivery:
    """
    :raises NotFound: no such message in this workspace, nor in those of `everywhere`
    """
    found = Delivery.objects.filter(pk=delivery_id, workspace_id__in=everywhere or [workspace_id]).first()
    if found is None:
        raise NotFound
    return found
