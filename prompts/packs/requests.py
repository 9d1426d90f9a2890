"""From a template to the request of a prompt on somebody's tune."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from prompts.models import Pack, Template
from prompts.request import PromptRequest
from tunes.models import Tune


def request_of(
    template: Template, pack: Pack, *, tune_id: int, changes: Mapping[str, Any], others: Sequence[Tune] = ()
) -> PromptRequest:
    """`changes`: fields of a PromptRequest that win over the template's; `others`: tunes named besides the one posted
    to, as the tags of a text do it.
    """
    fields = {**template.fields, "options": template.fields.get("options", {})}
    request = PromptRequest(tune_id=tune_id, orig_prompt_id=template.pk, base_pack_id=pack.pk, **fields)
    options = {**request.options, **changes.get("options", {})}
    rest = {name: value for name, value in changes.items() if name not in ("options", "tune_id")}
    changed = replace(request, **rest, options=options)
    tags = "".join(f" <{tune.kind}:{tune.pk}:1> {tune.name or ''}".rstrip() for tune in others)
    return replace(changed, text=changed.text + tags)
