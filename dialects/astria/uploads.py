"""`/api/direct_uploads`: a signed address that takes one file ahead of the request which names it."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from dialects.astria import params
from dialects.astria.base import AstriaView, answer, body, caller_of
from media import slots


class DirectUploads(AstriaView):
    def post(self, request: Request) -> HttpResponse:
        caller = caller_of(request, scope="prompts:write")
        fields = params.under(body(request), "blob")
        words = {name: params.as_text(fields.get(name), field=name) or "" for name in
                 ("filename", "content_type", "checksum")}  # fmt: skip
        slot = slots.open_slot(
            workspace_id=caller.workspace_id,
            filename=words["filename"],
            content_type=words["content_type"],
            checksum=words["checksum"],
            size=params.as_int(fields.get("byte_size"), field="byte_size"),
            now=timezone.now(),
        )
        signed_id = slots.signed_id(slot)
        return answer({
            "signed_id": signed_id,
            "public_url": f"{caller.origin}/media/slots/{signed_id}",
            "direct_upload": {
                "url": f"{caller.origin}/media/slots/{slots.put_token(slot)}",
                "headers": {"Content-Type": slot.content_type, "Content-MD5": slot.checksum},
            },
        })  # fmt: skip
