"""Reading packs; every query starts from the caller's workspace, and ends with what is public."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet

from common.errors import NotFound
from prompts.models import Pack, Template


def page(
    *,
    workspace_id: int | None,
    limit: int,
    before_id: int | None = None,
    offset: int = 0,
    public: bool | None = None,
    listed: bool | None = None,
    everywhere: Sequence[int] = (),
) -> list[Pack]:
    """Newest first: the workspace's own, or without one everybody's public and listed ones."""
    packs: QuerySet[Pack] = Pack.objects.filter(deleted_at=None).select_related("base_tune")
    if workspace_id is None:
        packs = packs.filter(public_at__isnull=False, unlisted_at=None)
    else:
        packs = packs.filter(workspace_id__in=everywhere or [workspace_id])
    if public is not None:
        packs = packs.filter(public_at__isnull=not public)
    if listed is not None:
        packs = packs.filter(unlisted_at__isnull=listed)
    if before_id is not None:
        packs = packs.filter(pk__lt=before_id)
    return list(packs.order_by("-pk")[offset : offset + limit])


def find(*, workspace_id: int | None, name: str, everywhere: Sequence[int] = ()) -> Pack:
    """By id or slug: one's own, or a public one.

    :raises NotFound: no such pack, or not one that the workspace may see
    """
    seen = Q(public_at__isnull=False)
    if workspace_id is not None:
        seen |= Q(workspace_id__in=everywhere or [workspace_id])
    named = Q(pk=int(name)) if name.isdecimal() and len(name) < 19 else Q(slug=name)
    pack = Pack.objects.filter(seen, named, deleted_at=None).select_related("base_tune").first()
    if pack is None:
        raise NotFound
    return pack


def own(*, workspace_id: int, pack_id: int) -> Pack:
    """
    :raises NotFound: no such pack, or not this workspace's own
    """
    pack = Pack.objects.filter(pk=pack_id, workspace_id=workspace_id, deleted_at=None).first()
    if pack is None:
        raise NotFound
    return pack


def templates(packs: Iterable[Pack]) -> dict[int, list[Template]]:
    """The templates of each pack, in order."""
    found: dict[int, list[Template]] = {pack.pk: [] for pack in packs}
    rows = Template.objects.filter(pack_id__in=list(found)).select_related("example")
    for template in rows.order_by("pack_id", "position", "pk"):
        found[template.pack_id].append(template)
    return found
