"""A prompt as fal's JSON: where its request stands, what it gave, and why it gave nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils import timezone

from common.jobs.models import ENDED, Status
from dialects.fal import errors
from dialects.fal.endpoints import Endpoint
from media import links
from prompts import selectors
from prompts.models import Prompt
from prompts.selectors import PromptRow

_WORDS = {Status.RUNNING: "IN_PROGRESS"} | dict.fromkeys(ENDED, "COMPLETED")
_EXPIRED = "Request timed out: nobody could start it in time. You were not charged."
CANCELLED = "Request cancelled by the client."


def app_of(endpoint_id: str) -> str:
    """What the addresses of a request are made of: owner and alias, without a path behind them."""
    return "/".join(endpoint_id.split("/")[:2])


def addresses(row: PromptRow, *, base: str) -> dict[str, str]:
    own = f"{base}/{app_of(row.columns.echo['endpoint'])}/requests/{row.columns.request_id}"
    return {"response_url": own, "status_url": f"{own}/status", "cancel_url": f"{own}/cancel"}


def status(row: PromptRow, *, base: str, with_logs: bool) -> dict[str, Any]:
    """`logs` is there from the first moment; null unless it was asked for."""
    p = row.columns
    word = _WORDS.get(Status(p.status), "IN_QUEUE")
    shown: dict[str, Any] = {"status": word, "request_id": str(p.request_id), **addresses(row, base=base)}
    if word == "IN_QUEUE":
        return shown | {"queue_position": selectors.ahead_of(p.id), "logs": [] if with_logs else None}
    shown["logs"] = logs(p) if with_logs else None
    if word == "COMPLETED":
        shown["metrics"] = {"inference_time": _seconds(p)}
        if problem := failure(p):
            shown |= {"error": problem.text, "error_type": problem.kind}
    return shown


def logs(p: Any) -> list[dict[str, Any]]:
    """What is known of a rendering, as lines: when it began, how far it is, how it ended."""
    lines = []
    if p.started_at is not None:
        told = f"Rendering {p.video_model}"
        lines.append(_line(told + (f" on the preview engine {p.engine}" if p.preview else ""), p.started_at))
    if p.status == Status.RUNNING:
        lines.append(_line(f"{(p.stage or 'rendering').capitalize()}: {round(p.progress * 100)}%", timezone.now()))
    elif p.status in ENDED:
        told = p.user_error or f"Finished in {_seconds(p):.1f} s"
        lines += [_line(f"Without effect on this engine: {name}", p.ended_at, "WARN") for name in _idle(p)]
        lines.append(_line(told, p.ended_at, "ERROR" if p.user_error else "INFO"))
    return lines


def output(row: PromptRow) -> dict[str, Any]:
    """The model's answer: the clip, and the seed that was used."""
    p = row.columns
    file = row.outputs[0]
    return {
        "video": {
            "url": links.public(file.address or "", file.filename, origin=p.origin),
            "content_type": file.content_type,
            "file_name": file.filename,
            "file_size": file.bytes,
        },
        "seed": p.effective_seed,
    }


def units(row: PromptRow, endpoint: Endpoint | None) -> str:
    """`x-fal-billable-units`: what was charged, in base prices of the endpoint's default."""
    if endpoint is None or not endpoint.unit_mc:
        return "0"
    charged = 0 if row.columns.user_error else row.columns.cost_mc
    return f"{(Decimal(charged) / endpoint.unit_mc).normalize():f}"


class Failure:
    """Why there is no output: HTTP status, text, and a word for programs; a model's error is told with its place."""

    def __init__(self, http: int, kind: str, text: str, *, loc: tuple[str, ...] | None = None) -> None:
        self.http, self.kind, self.text, self.loc = http, kind, text, loc

    def body(self) -> dict[str, Any]:
        if self.loc is None:
            return {"detail": self.text, "error_type": self.kind}
        return {"detail": [errors.detail(self.loc, self.text, self.kind)]}

    def response(self) -> HttpResponse:
        if self.loc is not None:
            return errors.model_error(self.http, self.body()["detail"])
        answer = errors.platform(self.http, self.text, self.kind)
        if self.kind == "request_timeout":  # no client sends such a request again
            answer["x-fal-request-timeout-type"] = "user"
        return answer


def failure(p: Any) -> Failure | None:
    """None while it is not ended, and when it ended well."""
    if p.status == Status.CANCELLED:
        return Failure(499, "client_cancelled", CANCELLED)
    if p.status != Status.FAILED:
        return None
    if p.failure_code == Prompt.Failure.BLOCKED:
        return Failure(422, "content_policy_violation", p.user_error, loc=("body", "prompt"))
    if p.failure_code == Prompt.Failure.EXPIRED:
        return Failure(504, "request_timeout", _EXPIRED)
    if p.failure_code == Prompt.Failure.REJECTED:
        return Failure(422, "no_media_generated", p.user_error, loc=("body",))
    return Failure(500, "internal_server_error", p.user_error or "Rendering failed.", loc=("body",))


def result(row: PromptRow, endpoint: Endpoint | None) -> HttpResponse:
    """What the model answered."""
    problem = failure(row.columns)
    if problem is None and not row.outputs:
        problem = Failure(404, "not_found", "The result is kept no longer.")
    answer = problem.response() if problem else JsonResponse(output(row))
    answer["x-fal-request-id"] = str(row.columns.request_id)
    answer["x-fal-billable-units"] = units(row, endpoint)
    return answer


def _line(message: str, moment: datetime, level: str = "INFO") -> dict[str, Any]:
    stamp = moment.isoformat().replace("+00:00", "Z")
    return {"message": message, "level": level, "source": "USER", "timestamp": stamp, "labels": {}}


def _idle(p: Any) -> list[str]:
    """What was asked for in so many words, and changed nothing."""
    told: Mapping[str, Any] = p.report or {}
    return [str(name) for name in told.get("ignored", ()) if name in p.echo.get("asked", ())]


def _seconds(p: Any) -> float:
    """From the moment it began to its end; 0 of what never began."""
    return (p.ended_at - p.started_at).total_seconds() if p.started_at and p.ended_at else 0.0
