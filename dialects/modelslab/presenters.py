"""Prompts as ModelsLab's JSON: `processing` with the promised address, `success` with the file there, or `error`."""

from __future__ import annotations

from typing import Any

from common.jobs.models import UNFINISHED, Status
from dialects.modelslab.errors import refused
from media import links, store
from prompts.selectors import PromptRow

ETA_S, ETA_MAX_S = 5, 600  # of one clip; nobody is told to wait for longer without asking again
_TRY_AGAIN = "Try to fetch the request after the estimated time."
NOT_FOUND = {
    "status": "failed",
    "id": "",
    "message": "Request not found",
    "output": "",
    "tip": "Check the id: it is the number that the request was answered with.",
}


def prompt(row: PromptRow, *, origin: str, ahead: int = 0) -> dict[str, Any]:
    """One prompt, as it stands. `ahead`: how many others are rendered before it."""
    if row.columns.status in UNFINISHED:
        return _processing(row, origin=origin, ahead=ahead)
    if row.columns.status == Status.SUCCEEDED:
        return succeeded(row, origin=origin)
    return {"id": row.columns.id, **refused(failure(row), tip="Nothing was charged."), "output": [], "meta": meta(row)}


def succeeded(row: PromptRow, *, origin: str) -> dict[str, Any]:
    p = row.columns
    urls = [links.public(file.address, file.filename, origin=origin) for file in row.outputs if file.address]
    return {
        "status": "success",
        "generationTime": _seconds(p.started_at, p.ended_at),
        "id": p.id,
        "output": urls,
        "proxy_links": urls,
        "future_links": urls,
        "meta": meta(row),
    }


def failure(row: PromptRow) -> str:
    """Why there is no result, for a person."""
    return str(row.columns.user_error or "Rendering failed. You were not charged.")


def meta(row: PromptRow) -> dict[str, Any]:
    """All parameters that counted. A prompt that came by another dialect has none of this one's."""
    p = row.columns
    told = {
        **p.echo.get("meta", {}),
        "prompt": p.video_prompt or p.text,
        "negative_prompt": p.negative_prompt,
        "seed": p.effective_seed,
        "file_prefix": f"{p.id}-0",
    }
    if p.engine:
        told |= {
            "engine": p.engine,
            "preview_engine": "yes" if p.preview else "no",
            "ignored": p.report.get("ignored", []),
        }
    return told


def _processing(row: PromptRow, *, origin: str, ahead: int) -> dict[str, Any]:
    p = row.columns
    return {
        "status": "processing",
        "tip": "Your clip is being made. Send your key to fetch_result, or wait until future_links are there.",
        "eta": min(ETA_S * (1 + ahead), ETA_MAX_S),
        "message": _TRY_AGAIN,
        "messege": _TRY_AGAIN,
        "fetch_result": f"{origin}/api/v6/video/fetch/{p.id}",
        "id": p.id,
        "output": [],
        "meta": meta(row),
        "future_links": _promised(row, origin=origin),
    }


def _promised(row: PromptRow, *, origin: str) -> list[str]:
    """Where the file will be. What came by another dialect was promised nothing."""
    wish = row.columns.wish
    if not wish or not wish["address"]:
        return []
    name = store.output_name(row.columns.id, 0, wish["content_type"])
    return [links.public(wish["address"], name, origin=origin)]


def _seconds(started: Any, ended: Any) -> float:
    return round((ended - started).total_seconds(), 3) if started and ended else 0.0
