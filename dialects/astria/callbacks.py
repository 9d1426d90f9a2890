"""What a customer's server is told when a prompt ends: the object wrapped in its type name."""

from __future__ import annotations

from typing import Any

from dialects.astria import presenters
from prompts.selectors import PromptRow


def prompt_ended(row: PromptRow) -> dict[str, Any]:
    return {"prompt": presenters.prompt(row, origin=row.columns.origin)}
