"""Workspaces that several people share: made, changed, joined and left. Only owners change one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import Membership, User, Workspace
from common.errors import Forbidden, Invalid, NotFound
from common.jobs import outbox

CLOSING_TOPIC = "workspace.closing"
TITLE_MAX, BRIEF_MAX, HTML_MAX, URL_MAX = 120, 10_000, 200_000, 500
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST = {"title": TITLE_MAX, "slug": 80, "brief": BRIEF_MAX, "landing_page_html": HTML_MAX, "favicon_url": URL_MAX}


@dataclass(frozen=True)
class Member:
    user_id: int
    name: str
    email: str
    role: str


def of_user(user_id: int) -> list[Workspace]:
    """Those that the user shares with others, newest first; not the personal one, which is no workspace on the wire."""
    mine = Workspace.objects.filter(membership__user_id=user_id, personal_of=None, deleted_at=None)
    return list(mine.order_by("-pk"))


def get(*, user_id: int, workspace_id: int) -> Workspace:
    """
    :raises NotFound: no such workspace, or not one of the user's
    """
    mine = Workspace.objects.filter(membership__user_id=user_id, personal_of=None, deleted_at=None)
    workspace = mine.filter(pk=workspace_id).first()
    if workspace is None:
        raise NotFound
    return workspace


def create(*, user: User, fields: Mapping[str, Any], payer_id: int | None = None) -> Workspace:
    """A new workspace with the user as its owner. The user's own wallet pays, unless another of theirs is named.

    :raises Invalid: by field
    """
    _check(fields, new=True)
    payer = _payer(user, payer_id) if payer_id is not None else user.personal_workspace
    with transaction.atomic():
        workspace = _saved(Workspace(payer=payer, **fields))
        Membership.objects.create(user=user, workspace=workspace, role=Membership.Role.OWNER)
    return workspace


def change(*, user: User, workspace: Workspace, fields: Mapping[str, Any], payer_id: int | None = None) -> Workspace:
    """
    :raises Forbidden: the user is no owner
    :raises Invalid: by field
    """
    _require_owner(user, workspace)
    _check(fields, new=False)
    for name, value in fields.items():
        setattr(workspace, name, value)
    if payer_id is not None:
        workspace.payer = _payer(user, payer_id)
    return _saved(workspace)


def delete(*, user: User, workspace: Workspace, now: datetime) -> None:
    """Nobody can enter it any more, and what is in it ends, as the announcement has it; the books stay.

    :raises Forbidden: the user is no owner
    """
    _require_owner(user, workspace)
    with transaction.atomic():
        Workspace.objects.filter(pk=workspace.pk).update(deleted_at=now, slug=None)
        Membership.objects.filter(workspace=workspace).delete()
        outbox.announce(CLOSING_TOPIC, ref=workspace.pk)


def deleted_at(workspace_id: int) -> datetime:
    """When it ended; the beginning of time for one that is no more at all.

    :raises ValueError: it has not
    """
    found = Workspace.objects.filter(pk=workspace_id).values_list("deleted_at", flat=True).first()
    if found is None and Workspace.objects.filter(pk=workspace_id).exists():
        raise ValueError(f"workspace {workspace_id} is not deleted")
    return found or datetime.min.replace(tzinfo=UTC)


def members(workspace: Workspace) -> list[Member]:
    """In the order in which they joined."""
    rows = Membership.objects.filter(workspace=workspace).select_related("user").order_by("pk")
    return [Member(row.user_id, row.user.name, row.user.email, row.role) for row in rows]


def add_member(*, user: User, workspace: Workspace, email: str, role: str) -> Member:
    """Let somebody in who has an account, or change their role.

    :raises Forbidden: the user is no owner
    :raises Invalid: nobody has that address, or there is no such role
    """
    _require_owner(user, workspace)
    if role not in Membership.Role.values:
        raise Invalid({"role": [f"must be one of {', '.join(Membership.Role.values)}"]})
    joining = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if joining is None:
        raise Invalid({"email": ["is nobody who has an account here"]})
    with transaction.atomic():
        if role != Membership.Role.OWNER:
            _keep_an_owner(workspace, without=joining.pk)
        Membership.objects.update_or_create(workspace=workspace, user=joining, defaults={"role": role})
        _release_payer(workspace)
    return Member(joining.pk, joining.name, joining.email, role)


def remove_member(*, user: User, workspace: Workspace, member_id: int) -> None:
    """Take somebody out; everybody may leave by themselves.

    :raises Forbidden: the user is no owner, and it is not they who leave
    :raises NotFound: they are no member
    :raises Invalid: nobody would be left to own it
    """
    if member_id != user.pk:
        _require_owner(user, workspace)
    with transaction.atomic():
        _keep_an_owner(workspace, without=member_id)
        gone, _ = Membership.objects.filter(workspace=workspace, user_id=member_id).delete()
        _release_payer(workspace)
    if not gone:
        raise NotFound


def _require_owner(user: User, workspace: Workspace) -> None:
    owners = Membership.objects.filter(workspace=workspace, user=user, role=Membership.Role.OWNER)
    if not owners.exists():
        raise Forbidden("Only owners of the workspace may change it.")


def _keep_an_owner(workspace: Workspace, *, without: int) -> None:
    owners = Membership.objects.select_for_update().filter(workspace=workspace, role=Membership.Role.OWNER)
    ids = set(owners.values_list("user_id", flat=True))
    if ids == {without}:
        raise Invalid({"base": ["a workspace needs an owner"]})


def _release_payer(workspace: Workspace) -> None:
    """Nobody pays for a workspace that they no longer own: until an owner names a wallet of theirs, its own one does,
    which is empty.
    """
    owners = Membership.objects.filter(workspace=workspace, role=Membership.Role.OWNER).values("user_id")
    paying = Membership.objects.filter(workspace=workspace.payer_id, role=Membership.Role.OWNER, user_id__in=owners)
    if workspace.payer_id is not None and not paying.exists():
        Workspace.objects.filter(pk=workspace.pk).update(payer=None)


def _payer(user: User, payer_id: int) -> Workspace:
    """A workspace pays for another only if whoever says so owns it: nobody spends a stranger's money."""
    owned = Workspace.objects.filter(
        membership__user=user, membership__role=Membership.Role.OWNER, deleted_at=None, payer=None
    )
    payer = owned.filter(pk=payer_id).first()
    if payer is None:
        raise Invalid({"payer_id": ["is not a wallet that you own"]})
    return payer


def _check(fields: Mapping[str, Any], *, new: bool) -> None:
    errors: dict[str, list[str]] = {}
    if (new or "title" in fields) and not str(fields.get("title") or "").strip():
        errors["title"] = ["can't be blank"]
    for name, longest in _LONGEST.items():
        if len(str(fields.get(name) or "")) > longest:
            errors[name] = [f"is too long (at most {longest} characters)"]
    if fields.get("slug") and not _SLUG.fullmatch(fields["slug"]):
        errors["slug"] = ["only lower case letters, numbers and hyphens allowed"]
    if fields.get("favicon_url") and not fields["favicon_url"].startswith("https://"):
        errors["favicon_url"] = ["is not an https URL"]
    if errors:
        raise Invalid(errors)


def _saved(workspace: Workspace) -> Workspace:
    try:
        with transaction.atomic():
            workspace.save()
    except IntegrityError as error:
        raise Invalid({"slug": ["has already been taken"]}) from error
    return workspace
