"""From an HTTP request's key to a `Caller`."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from accounts import keys
from accounts.models import Caller, Membership, User
from common.errors import Forbidden, NotFound, Unauthenticated

ALL = "all"  # in X-Workspace-Id: all workspaces of the user's


def caller_of(request: HttpRequest, *, scheme: str, dialect: str) -> Caller:
    """Who asks, by `Authorization: <scheme> <key>` and the optional `X-Workspace-Id`.

    :raises Unauthenticated: no key, or not a good one
    :raises NotFound: the workspace is not one of the user's, or the key is pinned elsewhere
    """
    return caller_with(credentials(request, scheme), request, dialect=dialect)


def caller_with(text: str, request: HttpRequest, *, dialect: str) -> Caller:
    """The same by a key that came elsewhere than in the header.

    :raises Unauthenticated: not a good key
    :raises NotFound: the workspace is not one of the user's, or the key is pinned elsewhere
    """
    key = keys.find(text)
    caller = Caller(
        workspace_id=key.workspace_id,
        payer_id=key.payer_id,
        user_id=key.user_id,
        key_id=key.id,
        personal=key.personal,
        origin=origin_of(request),
        dialect=dialect,
        scopes=key.scopes,
        pinned=key.pinned,
        collapses_duplicates=key.collapses_duplicates,
    )
    wanted = request.headers.get("X-Workspace-Id") or ""
    if wanted == ALL and request.method in ("GET", "HEAD"):
        return everywhere(caller)
    return in_workspace(caller, wanted=wanted)


def in_workspace(caller: Caller, *, wanted: str) -> Caller:
    """The same person in another workspace, on that one's money; "" is where they are.

    :raises NotFound: the workspace is not one of the user's, or the key is pinned elsewhere
    """
    return caller if wanted in ("", str(caller.workspace_id)) else _moved(caller, wanted=wanted)


def everywhere(caller: Caller) -> Caller:
    """The same person, looking at everything of theirs at once: for reading only.

    :raises NotFound: the key can't leave its workspace
    """
    if caller.pinned:
        raise NotFound
    mine = Membership.objects.filter(user_id=caller.user_id, workspace__deleted_at=None).order_by("workspace_id")
    return replace(caller, everywhere=tuple(mine.values_list("workspace_id", flat=True)))


def require_scope(caller: Caller, scope: str) -> None:
    """
    :raises Forbidden: the key was made for less (a key without scopes may do everything)
    """
    if caller.scopes and scope not in caller.scopes:
        raise Forbidden(f"This key lacks the scope {scope}.")


def origin_of(request: HttpRequest) -> str:
    """Scheme and host that the caller used; Django has checked the host against ALLOWED_HOSTS."""
    host = request.get_host()
    return f"{request.scheme}://{host}" if host else str(settings.PUBLIC_URL)


def caller_of_session(request: HttpRequest, *, dialect: str) -> Caller:
    """Who is signed in in the browser that asks; as themselves, in their personal workspace.

    For a page's own requests only: whoever calls this has made sure that the request comes from a page of ours.

    :raises Unauthenticated: nobody is
    """
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore
    request.session = store(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    user = get_user(request)
    if not isinstance(user, User) or not user.is_active:
        raise Unauthenticated
    own = user.personal_workspace.pk
    return Caller(
        workspace_id=own,
        payer_id=own,
        user_id=user.pk,
        key_id=None,
        personal=True,
        origin=origin_of(request),
        dialect=dialect,
    )


def credentials(request: HttpRequest, *schemes: str) -> str:
    """What stands behind one of these schemes in the Authorization header.

    :raises Unauthenticated: another scheme, or nothing
    """
    given, _, text = request.headers.get("Authorization", "").partition(" ")
    if given.lower() not in {scheme.lower() for scheme in schemes} or not text.strip():
        raise Unauthenticated
    return text.strip()


def _moved(caller: Caller, *, wanted: str) -> Caller:
    membership = None
    if wanted.isdecimal() and len(wanted) < 19 and not caller.pinned:
        memberships = Membership.objects.select_related("workspace")
        mine = memberships.filter(user_id=caller.user_id, workspace__deleted_at=None)
        membership = mine.filter(workspace_id=int(wanted)).first()
    if membership is None:
        raise NotFound
    workspace = membership.workspace
    return Caller(
        **{
            **caller.__dict__,
            "workspace_id": workspace.pk,
            "payer_id": workspace.payer_id or workspace.pk,
            "personal": workspace.personal_of_id is not None,
        }
    )
