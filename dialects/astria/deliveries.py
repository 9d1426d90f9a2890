"""`/callbacks`: what your server was told, and how that went. Ours; Astria has no such thing."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from callbacks import delivery, selectors, signing
from callbacks.models import Delivery
from common.errors import Invalid, Refusal
from dialects.astria import params
from dialects.astria.base import AstriaView, answer, caller_of, window
from dialects.astria.presenters.moments import moment

OFFSET_MAX = 1_000
_STATUSES = ("queued", "running", "succeeded", "failed")


class StillTrying(Refusal):
    """This message is still being tried."""

    code = "still_trying"


class Deliveries(AstriaView):
    def get(self, request: Request) -> HttpResponse:
        caller, query = caller_of(request, scope="account:read"), request.query_params
        found = selectors.page(
            workspace_id=caller.workspace_id,
            everywhere=caller.everywhere,
            kind=params.as_text(query.get("kind"), field="kind") or "",
            ref=params.as_int(query.get("ref"), field="ref"),
            status=_status(query.get("status")),
            **window(request, offset_max=OFFSET_MAX),
        )
        return answer([_shown(one) for one in found])


def _status(value: Any) -> str:
    """
    :raises Invalid: none that a message can have
    """
    status = params.as_text(value, field="status") or ""
    if status not in ("", *_STATUSES):
        raise Invalid({"status": [f"must be one of {', '.join(_STATUSES)}"]})
    return status


class DeliveryView(AstriaView):
    def get(self, request: Request, delivery_id: int) -> HttpResponse:
        caller = caller_of(request, scope="account:read")
        found = selectors.get(workspace_id=caller.workspace_id, delivery_id=delivery_id, everywhere=caller.everywhere)
        return answer(_shown(found, whole=True))


class Resend(AstriaView):
    """Send it once more, with its schedule from the start."""

    def post(self, request: Request, delivery_id: int) -> HttpResponse:
        caller = caller_of(request, scope="account:write")
        sent = delivery.resend(delivery_id=delivery_id, workspace_id=caller.workspace_id, now=timezone.now())
        if not sent:
            raise StillTrying
        found = selectors.get(workspace_id=caller.workspace_id, delivery_id=delivery_id)
        return answer(_shown(found), status=202)


class Secret(AstriaView):
    """What messages are signed with; POST replaces it, and the old one signs on for a day. It takes no Idempotency-Key:
    answers that are kept lie open in the database, and this one is a secret.
    """

    def get(self, request: Request) -> HttpResponse:
        caller = caller_of(request, scope="account:write")
        return answer({"secret": signing.valid_secrets(workspace_id=caller.workspace_id, now=timezone.now())[0]})

    def post(self, request: Request) -> HttpResponse:
        caller = caller_of(request, scope="account:write")
        return answer({"secret": signing.rotate(workspace_id=caller.workspace_id, now=timezone.now())}, status=201)


def _shown(one: Delivery, *, whole: bool = False) -> dict[str, Any]:
    """A message as its owner sees it; the body only when one is asked for."""
    return {
        "id": one.pk,
        "webhook_id": one.message_id,
        "kind": one.kind,
        "ref": one.ref,
        "url": one.url,
        "status": one.status,
        "tries": one.tries,
        "answer_status": one.answer_status,
        "last_error": one.last_error or None,
        "next_at": moment(one.next_at),
        "created_at": moment(one.created_at),
        "delivered_at": moment(one.delivered_at),
    } | ({"body": one.body} if whole else {})
