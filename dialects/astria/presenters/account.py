"""People and workspaces as Astria's JSON."""

from __future__ import annotations

from typing import Any

from accounts.models import User, Workspace
from accounts.workspaces import Member
from dialects.astria.presenters.moments import moment


def user(user: User, *, balance_mc: int, payer: Workspace, payer_mc: int) -> dict[str, Any]:
    """The account; `payer` is whose wallet the request would have been paid from."""
    return {
        "id": user.pk,
        "name": user.name,
        "email": user.email,
        "usd_balance_mc": balance_mc,
        "purchased_plugin_at": None,
        "auto_extend_tunes": user.auto_extend_tunes,
        "collapse_duplicates": user.collapse_duplicates,
        "top_off_amount": None,
        "payer": {
            "id": payer.pk,
            "name": payer.title,
            "self": payer.personal_of_id == user.pk,
            "usd_balance_mc": payer_mc,
        },
    }


def workspace(workspace: Workspace, *, origin: str) -> dict[str, Any]:
    return {
        "id": workspace.pk,
        "title": workspace.title,
        "slug": workspace.slug,
        "favicon_url": workspace.favicon_url or None,
        "landing_page_html": workspace.landing_page_html,
        "brief": workspace.brief,
        "payer_id": workspace.payer_id,
        "url": f"{origin}/workspaces/{workspace.pk}.json",
        "public_at": moment(workspace.public_at),
        "unlisted_at": moment(workspace.unlisted_at),
    }


def member(member: Member) -> dict[str, Any]:
    return {"user_id": member.user_id, "name": member.name, "email": member.email, "role": member.role}
