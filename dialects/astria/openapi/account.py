"""The operations on one's account and workspaces."""

from __future__ import annotations

from typing import Any

from dialects.astria.openapi import refusals
from dialects.astria.openapi.operations import (
    AUTHORISED,
    BODY,
    IDEMPOTENCY_KEY,
    REPLAYED,
    WORKSPACE,
    Operation,
    answer,
    many,
    operation,
)
from dialects.astria.openapi.samples import Call

Schema = dict[str, Any]
_ID = {"name": "workspace_id", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 0}}
_USER_ID = {"name": "user_id", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 0}}
_MINE = 3  # the id that samples name: the first shared workspace of a fresh installation
_TEXT = {"type": "string"}
_MOMENT = {"type": ["string", "null"], "format": "date-time"}


def paths() -> dict[str, dict[str, Operation]]:
    return {
        "/users": {"get": _user(), "patch": _change_user()},
        "/workspaces": {"get": _list(), "post": _create()},
        "/workspaces/{workspace_id}": {"get": _get(), "patch": _change(), "delete": _delete()},
        "/workspaces/{workspace_id}/members": {"get": _members(), "post": _add()},
        "/workspaces/{workspace_id}/members/{user_id}": {"delete": _remove()},
    }


def schemas() -> dict[str, Schema]:
    integer, boolean = {"type": "integer"}, {"type": "boolean"}
    wallet = {"type": "integer", "description": "Millicents."}
    payer = _object({"id": integer, "name": _TEXT, "self": boolean, "usd_balance_mc": wallet})
    of_account = {"type": "string", "description": "Of an account that exists."}
    return {
        "User": _object({
            "id": integer, "name": _TEXT, "email": _TEXT, "usd_balance_mc": wallet, "purchased_plugin_at": _MOMENT,
            "auto_extend_tunes": boolean, "collapse_duplicates": boolean,
            "top_off_amount": {"type": ["integer", "null"]}, "payer": payer,
        }),
        "UserChanges": _under("user", {
            "name": _TEXT, "auto_extend_tunes": boolean,
            "collapse_duplicates": {**boolean, "description": "Equal prompts and titles answer what exists already."},
        }),
        "Workspace": _object({
            "id": integer, "title": _TEXT, "slug": {"type": ["string", "null"]},
            "favicon_url": {"type": ["string", "null"]}, "landing_page_html": _TEXT, "brief": _TEXT,
            "payer_id": {"type": ["integer", "null"]}, "url": _TEXT, "public_at": _MOMENT, "unlisted_at": _MOMENT,
        }),
        "WorkspaceFields": _under("workspace", _fields()),
        "Member": _object({
            "user_id": integer, "name": _TEXT, "email": _TEXT, "role": {"enum": ["owner", "member"]},
        }),
        "MemberFields": _under("member", {"email": of_account, "role": {"enum": ["owner", "member"]}}),
    }  # fmt: skip


def _fields() -> dict[str, Schema]:
    """What is sent of a workspace."""
    said = {
        "title": "What it is called.", "slug": "Lower case letters, numbers and hyphens; no two have the same.",
        "brief": "Kept as it is.", "landing_page_html": "Kept as it is.", "favicon_url": "Kept as it is.",
    }  # fmt: skip
    texts: dict[str, Schema] = {name: {"type": "string", "description": about} for name, about in said.items()}
    payer = {"type": "integer", "description": "Whose wallet pays: a workspace that you own and that pays for itself."}
    return texts | {"payer_id": payer, "public": {"type": "boolean"}, "unlisted": {"type": "boolean"}}


def _object(properties: dict[str, Schema]) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _under(name: str, properties: dict[str, Schema]) -> Schema:
    return {"type": "object", "properties": {name: {"type": "object", "properties": properties}}}


def _body(schema: str) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}}


def _operation(id_: str, summary: str, about: str, responses: dict[str, Any], call: Call, **more: Any) -> Operation:
    refused = refusals.named(*AUTHORISED, *((*BODY, "InvalidQuote") if "requestBody" in more else ()))
    return operation(
        id_=id_, tag="Account", summary=summary, about=about, responses=responses | refused, call=call, **more
    )


def _user() -> Operation:
    return _operation(
        "getUser", "Your account", "The key's owner, what their wallet holds, and whose wallet pays in the workspace"
        " that the request names.", {"200": answer("You.", "User")}, Call(method="GET", path="/users"),
        parameters=[WORKSPACE],
    )  # fmt: skip


def _change_user() -> Operation:
    return _operation(
        "changeUser", "Change your account", "Only what is sent.", {"200": answer("You.", "User")},
        Call(method="PATCH", path="/users", resource="user", fields={"auto_extend_tunes": True}),
        requestBody=_body("UserChanges"),
    )  # fmt: skip


def _list() -> Operation:
    return _operation(
        "listWorkspaces", "List workspaces", "Those that you share with others; your personal one is null on the wire.",
        {"200": many("Workspaces.", "Workspace")}, Call(method="GET", path="/workspaces.json"),
    )  # fmt: skip


def _create() -> Operation:
    return _operation(
        "createWorkspace", "Create a workspace", "You own it, and your wallet pays, unless `payer_id` names another"
        " wallet of yours.",
        {"201": answer("The workspace.", "Workspace", headers=REPLAYED)} | refusals.named("InFlight"),
        Call(method="POST", path="/workspaces.json", resource="workspace", fields={"title": "Studio"}),
        parameters=[IDEMPOTENCY_KEY], requestBody=_body("WorkspaceFields"),
    )  # fmt: skip


def _get() -> Operation:
    return _operation(
        "getWorkspace", "Retrieve a workspace", "One of yours.", {"200": answer("The workspace.", "Workspace")},
        Call(method="GET", path=f"/workspaces/{_MINE}.json"), parameters=[_ID],
    )  # fmt: skip


def _change() -> Operation:
    return _operation(
        "changeWorkspace", "Change a workspace", "Only what is sent. For owners.",
        {"200": answer("The workspace.", "Workspace")},
        Call(method="PATCH", path=f"/workspaces/{_MINE}.json", resource="workspace", fields={"brief": "Shoes"}),
        parameters=[_ID], requestBody=_body("WorkspaceFields"),
    )  # fmt: skip


def _delete() -> Operation:
    return _operation(
        "deleteWorkspace", "Delete a workspace", "Nobody can enter it any more. For owners.",
        {"204": {"description": "Gone."}}, Call(method="DELETE", path=f"/workspaces/{_MINE}"), parameters=[_ID],
    )  # fmt: skip


def _members() -> Operation:
    return _operation(
        "listMembers", "List members", "In the order in which they joined.", {"200": many("Members.", "Member")},
        Call(method="GET", path=f"/workspaces/{_MINE}/members"), parameters=[_ID],
    )  # fmt: skip


def _add() -> Operation:
    return _operation(
        "addMember", "Let a member in", "By the e-mail address of an account; or change their role. For owners.",
        {"201": answer("The member.", "Member")},
        Call(method="POST", path=f"/workspaces/{_MINE}/members", resource="member",
             fields={"email": "admin@example.com"}),
        parameters=[_ID], requestBody=_body("MemberFields"),
    )  # fmt: skip


def _remove() -> Operation:
    return _operation(
        "removeMember", "Take a member out", "For owners; everybody may leave by themselves.",
        {"204": {"description": "Gone."}} | refusals.named("InvalidQuote"),
        Call(method="DELETE", path=f"/workspaces/{_MINE}/members/2"), parameters=[_ID, _USER_ID],
    )  # fmt: skip
