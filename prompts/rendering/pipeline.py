"""Renders one prompt: claim, plan, run the engine, check and store what it made, end the prompt.

A worker may die at any line: the lease brings the prompt back, the attempt number keeps a late one from writing.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from common.jobs import attempts
from common.jobs.attempts import Kind
from common.jobs.folders import folder_of
from common.jobs.pulse import Pulse
from engines import registry
from engines.base import Cancelled, Rejected, RenderRequest, Result, Retryable
from media import store
from media.desk import EngineDesk
from media.moderation import Blocked
from prompts import lifecycle
from prompts.lifecycle import RENDER_TOPIC, Finished
from prompts.models import Output, Prompt
from prompts.rendering import canned, inputs, plan
from prompts.rendering.plan import NoLongerOffered, Plan
from prompts.rendering.results import keep
from tunes.models import FAST


def run(*, prompt_id: int, worker: str, now: datetime) -> None:
    """Render a prompt if it can be claimed; otherwise see to it that nobody is told to try in vain."""

    def work(attempt: int, pulse: Pulse) -> None:
        _render(Prompt.objects.select_related("tune").get(pk=prompt_id), attempt=attempt, pulse=pulse)

    if lifecycle.expire(prompt_id=prompt_id, now=now):  # nobody is waiting for it any more
        return
    attempts.run(PROMPTS, pk=prompt_id, worker=worker, now=now, work=work)


def _render(prompt: Prompt, *, attempt: int, pulse: Pulse) -> None:
    with folder_of(Prompt, pk=prompt.pk, attempt=attempt) as folder:
        files, lendable = inputs.gather(prompt, folder=folder)
        planned = plan.make(prompt=prompt, files=files, now=timezone.now())
        desk = {
            "pulse": pulse,
            "deadline": time.monotonic() + settings.RENDER_SECONDS_MAX,
            "origin": prompt.origin,
            "lendable": lendable,
        }
        mock = prompt.tune.branch == FAST
        results = canned.results(planned, folder=folder) if mock else _run_engine(planned, folder=folder, desk=desk)
        pulse.note(0.97, "storing")
        _finish(prompt, attempt=attempt, planned=planned, results=results)


def _run_engine(planned: Plan, *, folder: Path, desk: Mapping[str, Any]) -> list[Result]:
    """Every output in turn; each has its share of the progress, the painted first frame included."""
    steps = len(planned.requests) * (1 + len(planned.after)) + (1 if planned.paint else 0)
    width = 0.95 / steps
    requests = list(planned.requests)
    if planned.paint:
        frame = _ask(planned.paint_engine, planned.paint, folder=folder / "paint", desk=desk, share=(0.0, width))
        requests = [replace(request, first=frame.path) for request in requests]
    start = steps - len(requests) * (1 + len(planned.after))
    results = [
        _ask(planned.engine, request, folder=folder / str(n), desk=desk, share=((start + n) * width, width))
        for n, request in enumerate(requests)
    ]
    for engine, request in planned.after:
        start += len(results)
        results = [
            _added(engine, request, result, folder=folder / f"{n}-{request.task}", desk=desk,
                   share=((start + n) * width, width))
            for n, result in enumerate(results)
        ]  # fmt: skip
    return results


def _added(engine: str, request: RenderRequest, clip: Result, **options: Any) -> Result:
    """The clip with an add-on: another file, and still the work of the engine that filmed it."""
    asked = replace(request, driving=clip.path, audio=clip.has_audio)
    made = _ask(engine, asked, **options)
    done = [*clip.report.get("addons", ()), {"task": request.task, "engine": made.engine, **made.report}]
    clip.path.unlink(missing_ok=True)  # at 4k, two of them fill a small disk
    return replace(
        made, engine=clip.engine, version=clip.version, preview=clip.preview or made.preview,
        report={**clip.report, "addons": done},
    )  # fmt: skip


def _ask(
    engine: str, request: RenderRequest, *, folder: Path, desk: Mapping[str, Any], share: tuple[float, float]
) -> Result:
    folder.mkdir()
    return registry.get(engine).render(request, EngineDesk(folder=folder, share=share, **desk))


def _finish(prompt: Prompt, *, attempt: int, planned: Plan, results: list[Result]) -> None:
    stored: list[Finished] = []
    try:
        for n, (request, result) in enumerate(zip(planned.requests, results, strict=True)):
            asset = keep(result, request=request, prompt=prompt, position=n)
            stored.append(Finished(asset_id=asset.pk, seed=request.seed))
        kept = lifecycle.succeed(
            prompt_id=prompt.pk,
            attempt=attempt,
            outputs=stored,
            engine=results[0].engine,
            preview=results[0].preview,
            report=results[0].report,
            now=timezone.now(),
            wish=prompt.wish,
        )
    except BaseException:  # a signal, or a connection lost in COMMIT: perhaps it was written all the same
        _discard(stored)
        raise
    if not kept:  # cancelled, or taken over by another worker: one effect only
        _discard(stored)


def _discard(stored: list[Finished]) -> None:
    """Retire what no prompt shows."""
    made = {output.asset_id for output in stored}
    shown = Output.objects.filter(asset_id__in=made).values_list("asset_id", flat=True)
    store.retire(sorted(made - set(shown)), now=timezone.now())


def _refused(prompt_id: int, attempt: int, error: Exception) -> None:
    code, message = _reason(error)
    lifecycle.fail(prompt_id=prompt_id, attempt=attempt, code=code, message=message, now=timezone.now())


def _exhausted(prompt_id: int, attempt: int) -> None:
    lifecycle.exhaust(prompt_id=prompt_id, attempt=attempt, now=timezone.now())


def _reason(error: Exception) -> tuple[str, str]:
    if isinstance(error, Blocked):
        return Prompt.Failure.BLOCKED, "The result was blocked by this server's content rules. You were not charged."
    if isinstance(error, NoLongerOffered):
        return Prompt.Failure.REJECTED, "This model is no longer offered. You were not charged."
    return Prompt.Failure.REJECTED, f"{error} You were not charged."


PROMPTS = Kind(
    model=Prompt, topic=RENDER_TOPIC, cancelled=Cancelled, retryable=Retryable,
    refusals=(Rejected, NoLongerOffered, Blocked), refuse=_refused, exhaust=_exhausted,
)  # fmt: skip
