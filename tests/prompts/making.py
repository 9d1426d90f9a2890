"""Prompts in the states that tests begin with."""

from __future__ import annotations

from pathlib import Path

from django.utils import timezone

from common.jobs import lease
from media import links, store
from media.decode import Facts
from media.models import Asset
from prompts import lifecycle
from prompts.lifecycle import Finished
from prompts.models import Output, Prompt


def claimed(prompt_id: int) -> int:
    """Take it as a worker does; the attempt."""
    attempt = lease.claim(Prompt, pk=prompt_id, worker="test", now=timezone.now())
    assert attempt is not None
    return attempt


def stored(prompt_id: int, folder: Path) -> Asset:
    """A result in storage that nothing refers to yet."""
    path = folder / f"{prompt_id}.png"
    path.write_bytes(b"\x89PNG of a fox")
    workspace_id = Prompt.objects.get(pk=prompt_id).workspace_id
    facts = Facts(content_type="image/png", width=64, height=64)
    return store.store_output(path, workspace_id=workspace_id, filename=f"{prompt_id}-0.png", facts=facts)


def succeeded(prompt_id: int, attempt: int, folder: Path) -> bool:
    asset = stored(prompt_id, folder)
    return lifecycle.succeed(
        prompt_id=prompt_id,
        attempt=attempt,
        outputs=[Finished(asset_id=asset.pk, seed=1)],
        engine="motion",
        preview=True,
        report={},
        now=timezone.now(),
    )


def finished(prompt_id: int, folder: Path) -> str:
    """End it well; where its result is."""
    assert succeeded(prompt_id, claimed(prompt_id), folder)
    asset = Output.objects.get(prompt_id=prompt_id).asset
    return links.public(str(asset.address), asset.filename, origin="")
