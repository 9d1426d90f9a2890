"""What a customer's server is told when something ends: the object wrapped in its type name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dialects.astria import presenters
from prompts.selectors import PromptRow
from tunes.models import Tune, TuneImage


def prompt_ended(row: PromptRow) -> dict[str, Any]:
    return {"prompt": presenters.prompt(row, origin=row.columns.origin)}


def manner(row: PromptRow) -> dict[str, Any]:  # noqa: ARG001  the same for all of this dialect
    """How the message is sent: on the usual schedule, signed in the usual way."""
    return {}


def tune_ended(tune: Tune, images: Sequence[TuneImage]) -> dict[str, Any]:
    return {"tune": presenters.tune(tune, images=images, origin=tune.origin)}


def prompts_ended(rows: Sequence[PromptRow]) -> dict[str, Any]:
    """All prompts that came with a tune, in one message."""
    return {"prompts": [presenters.prompt(row, origin=row.columns.origin) for row in rows]}
