"""Keeps what an engine made: judged, marked for what it is, stored with its renditions."""

from __future__ import annotations

from pathlib import Path

from engines.base import RenderRequest, Result
from media import moderation, provenance, renditions, store
from media.decode import Facts
from media.models import Asset
from media.provenance import Origin
from prompts.models import Prompt


def keep(result: Result, *, request: RenderRequest, prompt: Prompt, position: int) -> Asset:
    """
    :raises Blocked: moderation says no
    """
    moderation.check_output(workspace_id=prompt.workspace_id, text=prompt.text, files=[result.path])
    origin, facts, folder = _origin(result, request), _facts(result), result.path.parent
    ending = store.EXTENSIONS[result.content_type]
    marked = provenance.mark(
        result.path, content_type=result.content_type, origin=origin, into=folder / f"marked.{ending}"
    )
    made = renditions.make(marked, facts=facts, origin=origin, folder=_new(folder / "renditions"))
    asset = store.store_output(
        marked,
        workspace_id=prompt.workspace_id,
        filename=f"{prompt.pk}-{position}.{ending}",
        facts=facts,
        placeholder=made.placeholder,
    )
    for rendition in made.files:
        store.store_rendition(rendition.path, of=asset, role=rendition.role, facts=rendition.facts)
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


def _new(folder: Path) -> Path:
    folder.mkdir()
    return folder
