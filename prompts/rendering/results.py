"""Keeps what an engine made: judged, marked for what it is, stored with its renditions."""

from __future__ import annotations

from dataclasses import replace

from engines.base import RenderRequest, Result
from media import animation, moderation, provenance, renditions, store
from media.decode import Facts
from media.models import Asset
from media.provenance import Origin
from prompts.models import Prompt


def keep(result: Result, *, request: RenderRequest, prompt: Prompt, position: int) -> Asset:
    """
    :raises Blocked: moderation says no
    """
    moderation.check_output(workspace_id=prompt.workspace_id, path=result.path, content_type=result.content_type)
    origin, facts = _origin(result, request), _facts(result)
    path, stored = result.path, facts
    if prompt.wish and prompt.wish["content_type"] == "image/gif":
        path, stored = result.path.with_suffix(".gif"), replace(facts, content_type="image/gif", has_audio=False)
        animation.gif(result.path, fps=result.fps, into=path)
    provenance.mark(path, content_type=stored.content_type, origin=origin)
    asset = store.store_output(
        path,
        workspace_id=prompt.workspace_id,
        filename=store.output_name(prompt.pk, position, stored.content_type),
        facts=stored,
    )
    renditions.make(asset, path=result.path, facts=facts, origin=origin)
    return asset


def _origin(result: Result, request: RenderRequest) -> Origin:
    given = (request.first, request.last, request.driving, request.picture, *request.references)
    return Origin(
        engine=result.engine,
        version=result.version,
        preview=result.preview,
        trained=not result.preview,
        from_media=any(given),
        model=request.model,
    )


def _facts(result: Result) -> Facts:
    is_clip = result.content_type == "video/mp4"
    return Facts(
        content_type=result.content_type,
        width=result.width,
        height=result.height,
        frames=result.frames,
        fps=float(result.fps) if is_clip else 0.0,
        seconds=result.frames / result.fps if is_clip else 0.0,
        has_audio=result.has_audio,
    )
