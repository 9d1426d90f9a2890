"""`/api/direct_uploads`: a signed address that takes one file ahead of the request which names it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from rest_framework.request import Request

from accounts.models import Caller
from common.http_api import CreatingPost
from common.idempotency.keys import Answer
from dialects.astria import params
from dialects.astria.base import AstriaView, body, caller_of
from media import slots


class DirectUploads(AstriaView, CreatingPost[Caller, dict[str, Any]]):
    def caller_of(self, request: Request) -> Caller:
        return caller_of(request, scope="prompts:write")

    def parse(self, request: Request, caller: Caller, **_ids: Any) -> dict[str, Any]:  # noqa: ARG002
        fields = params.under(body(request), "blob")
        words: dict[str, Any] = {
            name: params.as_text(fields.get(name), field=name) or ""
            for name in ("filename", "content_type", "checksum")
        }
        return words | {"size": params.as_int(fields.get("byte_size"), field="byte_size")}

    def accept(self, *, caller: Caller, prepared: dict[str, Any], now: datetime) -> Answer:
        slot = slots.open_slot(workspace_id=caller.workspace_id, now=now, **prepared)
        signed_id = slots.signed_id(slot)
        shown = {
            "signed_id": signed_id,
            "public_url": f"{caller.origin}/media/slots/{signed_id}",
            "direct_upload": {
                "url": f"{caller.origin}/media/slots/{slots.put_token(slot)}",
                "headers": {"Content-Type": slot.content_type, "Content-MD5": slot.checksum},
            },
        }
        return Answer(200, json.dumps(shown))
