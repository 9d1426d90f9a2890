"""`/users` and `/workspaces`: who asks, whose money it is, and with whom they share."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from accounts import people, workspaces
from accounts.models import Caller, User, Workspace
from billing import ledger
from common.http_api import CreatingPost
from common.idempotency.keys import Answer
from dialects.astria import params
from dialects.astria.base import AstriaView, answer, body, caller_of, moments
from dialects.astria.presenters import account

_TEXTS = ("title", "slug", "brief", "landing_page_html", "favicon_url")


class Users(AstriaView):
    """The key's own account."""

    def get(self, request: Request) -> HttpResponse:
        return self._answer(caller_of(request, scope="account:read"))

    def patch(self, request: Request) -> HttpResponse:
        caller = caller_of(request, scope="account:write")
        fields = params.under(body(request), "user")
        people.change(
            user=User.objects.get(pk=caller.user_id),
            name=params.as_text(fields.get("name"), field="name"),
            auto_extend_tunes=params.as_bool(fields.get("auto_extend_tunes"), field="auto_extend_tunes"),
            collapse_duplicates=params.as_bool(fields.get("collapse_duplicates"), field="collapse_duplicates"),
        )
        return self._answer(caller)

    def _answer(self, caller: Caller) -> HttpResponse:
        user = User.objects.get(pk=caller.user_id)
        payer = Workspace.objects.get(pk=caller.payer_id)
        own = ledger.balance_mc(user.personal_workspace.pk)
        return answer(account.user(user, balance_mc=own, payer=payer, payer_mc=ledger.balance_mc(payer.pk)))


class Workspaces(AstriaView, CreatingPost[Caller, dict[str, Any]]):
    """List and create."""

    def get(self, request: Request) -> HttpResponse:
        caller = caller_of(request, scope="account:read")
        return answer([account.workspace(each, origin=caller.origin) for each in workspaces.of_user(caller.user_id)])

    def caller_of(self, request: Request) -> Caller:
        return caller_of(request, scope="account:write")

    def parse(self, request: Request, caller: Caller, **_ids: Any) -> dict[str, Any]:  # noqa: ARG002
        fields = params.under(body(request), "workspace")
        return {"fields": _read(fields), "payer_id": params.as_int(fields.get("payer_id"), field="payer_id")}

    def accept(self, *, caller: Caller, prepared: dict[str, Any], now: datetime) -> Answer:  # noqa: ARG002
        made = workspaces.create(user=User.objects.get(pk=caller.user_id), **prepared)
        return Answer(201, json.dumps(account.workspace(made, origin=caller.origin)))


class WorkspaceView(AstriaView):
    """Retrieve, change and delete."""

    def get(self, request: Request, workspace_id: int) -> HttpResponse:
        caller = caller_of(request, scope="account:read")
        found = workspaces.get(user_id=caller.user_id, workspace_id=workspace_id)
        return answer(account.workspace(found, origin=caller.origin))

    def patch(self, request: Request, workspace_id: int) -> HttpResponse:
        caller = caller_of(request, scope="account:write")
        found = workspaces.get(user_id=caller.user_id, workspace_id=workspace_id)
        fields = params.under(body(request), "workspace")
        changed = workspaces.change(
            user=User.objects.get(pk=caller.user_id),
            workspace=found,
            fields=_read(fields),
            payer_id=params.as_int(fields.get("payer_id"), field="payer_id"),
        )
        return answer(account.workspace(changed, origin=caller.origin))

    def delete(self, request: Request, workspace_id: int) -> HttpResponse:
        caller = caller_of(request, scope="account:write")
        found = workspaces.get(user_id=caller.user_id, workspace_id=workspace_id)
        workspaces.delete(user=User.objects.get(pk=caller.user_id), workspace=found, now=timezone.now())
        return HttpResponse(status=204)


class Members(AstriaView):
    """List and let in."""

    def get(self, request: Request, workspace_id: int) -> HttpResponse:
        caller = caller_of(request, scope="account:read")
        found = workspaces.get(user_id=caller.user_id, workspace_id=workspace_id)
        return answer([account.member(each) for each in workspaces.members(found)])

    def post(self, request: Request, workspace_id: int) -> HttpResponse:
        caller = caller_of(request, scope="account:write")
        found = workspaces.get(user_id=caller.user_id, workspace_id=workspace_id)
        fields = params.under(body(request), "member")
        joined = workspaces.add_member(
            user=User.objects.get(pk=caller.user_id),
            workspace=found,
            email=params.as_text(fields.get("email"), field="email") or "",
            role=params.as_text(fields.get("role"), field="role") or "member",
        )
        return answer(account.member(joined), status=201)


class MemberView(AstriaView):
    def delete(self, request: Request, workspace_id: int, user_id: int) -> HttpResponse:
        caller = caller_of(request, scope="account:write")
        found = workspaces.get(user_id=caller.user_id, workspace_id=workspace_id)
        workspaces.remove_member(user=User.objects.get(pk=caller.user_id), workspace=found, member_id=user_id)
        return HttpResponse(status=204)


def _read(fields: Any) -> dict[str, Any]:
    """What was sent of a workspace; `public` and `unlisted` are moments inside.

    :raises Invalid: a field that can't be read
    """
    read: dict[str, Any] = {name: params.as_text(fields[name], field=name) or "" for name in _TEXTS if name in fields}
    if "slug" in read:
        read["slug"] = read["slug"] or None
    return read | moments(fields, "public", "unlisted")
