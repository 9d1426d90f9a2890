"""From a call to a prompt: the one path behind the synchronous run, the stream and the queue."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from pydantic import ValidationError
from rest_framework.request import Request

from accounts.models import Caller
from callbacks import addresses
from common.errors import Invalid, NotFound, TryLater
from common.http_api import SpendingPost
from common.idempotency.keys import Answer
from dialects.fal import endpoints, presenters, waiting
from dialects.fal.base import FalView, body, caller_of
from dialects.fal.endpoints import Endpoint
from dialects.fal.errors import Unacceptable
from dialects.fal.queue import as_uuid
from prompts import selectors
from prompts.request import PromptRequest, Wish
from prompts.selectors import PromptRow
from prompts.submission.accept import accept
from prompts.submission.prepare import Prepared, prepare

_DAYS_MAX = 366
QUEUE_COUNTED = 100_000  # prompts, at most: nobody means a longer queue


class NoSuchEndpoint(NotFound):
    """There is no such endpoint here."""


class QueueTooLong(TryLater):
    """The queue is longer than the request allows; nothing was charged."""

    code = "queue_too_long"


def endpoint_of(path: str, *, now: datetime) -> Endpoint:
    """
    :raises NoSuchEndpoint: none of that id
    """
    found = endpoints.find(path, now=now)
    if found is None:
        raise NoSuchEndpoint(f"Application {path!r} not found")
    return found


class Asked(FalView, SpendingPost[Caller, PromptRequest, Prepared]):
    """A body of an endpoint becomes an accepted prompt."""

    def caller_of(self, request: Request) -> Caller:
        return caller_of(request, scope="prompts:write")

    def workspace_of(self, caller: Caller) -> int:
        return caller.workspace_id

    def parse(self, request: Request, caller: Caller, **ids: Any) -> PromptRequest:
        now = timezone.now()
        self.endpoint = endpoint_of(ids["endpoint"], now=now)
        try:
            given = self.endpoint.input.model_validate(body(request))
        except ValidationError as error:
            raise Unacceptable(error.errors(include_url=False)) from error
        asked = self.endpoint.request_of(given, origin=caller.origin)
        echo = {"endpoint": self.endpoint.id, "asked": sorted(given.model_fields_set)}
        return replace(asked, request_id=self.request_id, echo=echo, **_extras(request))

    def post(self, request: Request, **ids: Any) -> HttpResponse:
        """A repeat is answered for the request that it repeats."""
        response = super().post(request, **ids)
        self.request_id = as_uuid(json.loads(response.content)["request_id"])
        return response

    def prepare(self, *, caller: Caller, words: PromptRequest, now: datetime) -> Prepared:
        return prepare(caller=caller, request=words, now=now)

    def accept(self, *, caller: Caller, prepared: Prepared, now: datetime) -> Answer:
        prompt = accept(prepared=prepared, agreed_mc=None, now=now)
        row = selectors.of_new(
            prompt, tune_title=prepared.quote.tune.title, personal=caller.personal, inputs=prepared.inputs
        )
        shown = presenters.status(row, base=self.queue_base(), with_logs=False)
        return Answer(200, json.dumps(shown | {"gateway_request_id": str(prompt.request_id)}))


class Run(Asked):
    """POST …/run: the answer is the model's, once it has one."""

    def post(self, request: Request, **ids: Any) -> HttpResponse:
        self.caller_of(request)  # a stranger takes no place
        with waiting.place():
            response = super().post(request, **ids)
            row = waiting.ended(
                workspace_id=self.caller_of(request).workspace_id,
                request_id=self.request_id,
                is_gone=lambda: waiting.is_gone(request._request),
            )
            answer = presenters.result(row, endpoint_of(ids["endpoint"], now=timezone.now()))
        if "Idempotent-Replayed" in response:
            answer["Idempotent-Replayed"] = response["Idempotent-Replayed"]
        return answer


class RunStream(Asked):
    """POST …/run/…/stream: states while it is made, then the model's answer."""

    def post(self, request: Request, **ids: Any) -> HttpResponse | StreamingHttpResponse:  # type: ignore[override]
        workspace_id = self.caller_of(request).workspace_id
        held = waiting.Place()
        try:
            accepted = super().post(request, **ids)
        except BaseException:
            held.leave()
            raise
        request_id, base = self.request_id, self.queue_base()

        def show(row: PromptRow) -> dict[str, Any]:
            problem = presenters.failure(row.columns)
            if problem:
                return problem.body() | {"request_id": str(request_id)}
            if row.outputs:
                return presenters.output(row)
            return presenters.status(row, base=base, with_logs=True)

        stream = waiting.stream(
            lambda: selectors.by_request_id(workspace_id=workspace_id, request_id=request_id), show, held=held
        )
        if "Idempotent-Replayed" in accepted:
            stream["Idempotent-Replayed"] = accepted["Idempotent-Replayed"]
        return stream


def _extras(request: Request) -> dict[str, Any]:
    """What comes beside the body: the webhook, how long it may wait to begin, how long its result is kept.

    :raises Invalid: one that can't be read
    :raises QueueTooLong: more are waiting than the request allows
    """
    found: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    if webhook := request.query_params.get("fal_webhook"):
        found["callback"] = webhook
        if fault := addresses.fault(webhook):
            errors["callback"] = [fault]
    timeout = _number(request.headers.get("X-Fal-Request-Timeout"), "X-Fal-Request-Timeout", errors)
    if timeout is not None:
        found["starts_within_s"] = max(timeout, 1.0)
    longest = _number(request.query_params.get("fal_max_queue_length"), "fal_max_queue_length", errors)
    kept_s = _kept_s(request.headers.get("X-Fal-Object-Lifecycle-Preference"), errors)
    if errors:
        raise Invalid(errors)
    if kept_s is not None:
        found["wish"] = Wish(kept_s=kept_s)
    if longest is not None and selectors.queued(most=min(int(longest), QUEUE_COUNTED) + 1) > longest:
        raise QueueTooLong(retry_after=5)
    return found


def _number(text: str | None, name: str, errors: dict[str, list[str]]) -> float | None:
    if text is None or not text.strip():
        return None
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number < 2**31:
        errors[name] = ["has to be a number, and not negative"]
        return None
    return number


def _kept_s(text: str | None, errors: dict[str, list[str]]) -> int | None:
    """Seconds of `{"expiration_duration_seconds": …}`; None: for good."""
    if not text:
        return None
    try:
        told = json.loads(text).get("expiration_duration_seconds")
    except (ValueError, AttributeError, RecursionError):
        told = -1
    if told is None:
        return None
    if isinstance(told, bool) or not isinstance(told, int | float) or not 0 < told <= _DAYS_MAX * 86_400:
        errors["X-Fal-Object-Lifecycle-Preference"] = ["has to hold expiration_duration_seconds, a year at most"]
        return None
    return int(told)
