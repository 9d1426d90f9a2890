"""The queue: what became of a request. Submitting is `requests.Asked` itself; it always takes what it can charge."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from rest_framework.request import Request

from common.errors import NotFound
from common.jobs.models import ENDED
from dialects.fal import endpoints, errors, presenters, waiting
from dialects.fal.base import FalView, answer, caller_of
from prompts import lifecycle, selectors
from prompts.selectors import PromptRow

_YES = ("1", "true", "yes")


def as_uuid(text: str) -> UUID:
    """
    :raises NotFound: no id of a request
    """
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound("Request not found") from error


class _OfRequest(FalView):
    def found(self, request: Request, ids: dict[str, Any], *, scope: str = "prompts:read") -> PromptRow:
        """
        :raises NotFound: none of the caller's, or another endpoint's
        """
        self.caller = caller_of(request, scope=scope)
        self.request_id = as_uuid(ids["request_id"])
        return self._look(ids)

    def _look(self, ids: dict[str, Any]) -> PromptRow:
        try:
            row = selectors.by_request_id(workspace_id=self.caller.workspace_id, request_id=self.request_id)
        except NotFound as error:
            raise NotFound("Request not found") from error
        if row.columns.echo.get("endpoint") != presenters.app_of(ids["endpoint"]):
            raise NotFound("Request not found")
        return row


class Status(_OfRequest):
    """202 until it has ended: clients go by the status code."""

    def get(self, request: Request, **ids: Any) -> HttpResponse:
        row = self.found(request, ids)
        shown = presenters.status(row, base=self.queue_base(), with_logs=_wants_logs(request))
        return answer(shown, status=200 if row.columns.status in ENDED else 202)


class StatusStream(_OfRequest):
    """The same as events, whenever it changes."""

    def get(self, request: Request, **ids: Any) -> StreamingHttpResponse:
        self.found(request, ids)
        base, with_logs = self.queue_base(), _wants_logs(request)
        return waiting.stream(
            lambda: self._look(ids),
            lambda row: presenters.status(row, base=base, with_logs=with_logs),
            held=waiting.Place(),
        )


class Result(_OfRequest):
    """What the model answered, its error included."""

    def get(self, request: Request, **ids: Any) -> HttpResponse:
        row = self.found(request, ids)
        if row.columns.status not in ENDED:
            return errors.platform(400, "Request is still in progress", "bad_request")
        return presenters.result(row, endpoints.find(row.columns.echo["endpoint"], now=timezone.now()))


class Cancel(_OfRequest):
    """Stop it at any moment before its end, for all of its price."""

    def put(self, request: Request, **ids: Any) -> HttpResponse:
        try:
            row = self.found(request, ids, scope="prompts:write")
        except NotFound as error:
            return answer({"status": "NOT_FOUND", "success": False, "detail": error.message}, status=404)
        stopped = lifecycle.cancel(prompt_id=row.columns.id, now=timezone.now(), actor=f"user {self.caller.user_id}")
        if not stopped:
            told = "Request was already completed"
            return answer({"status": "ALREADY_COMPLETED", "success": False, "detail": told}, status=400)
        return answer({"status": "CANCELLATION_REQUESTED", "success": True}, status=202)


def _wants_logs(request: Request) -> bool:
    return request.query_params.get("logs", "").lower() in _YES
