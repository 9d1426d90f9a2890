"""Everything about a prompt that takes time and must not hold a transaction: the files, and whether it may be made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Caller
from billing import spending
from media import intake, moderation, store
from media.decode import Expects
from media.intake import Kept, Source
from media.models import Asset
from prompts.models import Input
from prompts.request import PromptRequest
from prompts.submission.quote import Quote, quote

_EXPECTS: dict[str, Expects] = {role: "video" if role == Input.Role.DRIVING else "image" for role in Input.Role.values}


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A prompt that can be accepted: priced, its files checked and kept."""

    caller: Caller
    quote: Quote
    inputs: tuple[tuple[str, int, Asset], ...]  # role, position, file
    balance_mc: int


def prepare(*, caller: Caller, request: PromptRequest, now: datetime) -> Prepared:
    """Quote, look at the balance, and only then fetch and decode (D18).

    :raises Invalid: by field
    :raises NotFound: the tune posted to
    :raises TooManyUnfinished: the workspace has as much unfinished work as it may have
    :raises InsufficientFunds: the balance would not do
    :raises OutOfSpace: the disk is nearly full
    :raises Busy: too many requests are decoding files already
    """
    quoted = quote(caller=caller, request=request, now=now)
    balance_mc = spending.look(caller=caller, amount_mc=quoted.cost_mc)
    return prepare_quoted(caller=caller, quoted=quoted, balance_mc=balance_mc)


def prepare_quoted(*, caller: Caller, quoted: Quote, balance_mc: int) -> Prepared:
    """The rest of it, after the price and the look at the balance.

    :raises Invalid: by field
    :raises OutOfSpace: the disk is nearly full
    :raises Busy: too many requests are decoding files already
    """
    request = quoted.request
    store.require_space()
    inputs = tuple((role, position, _take(caller, role, source)) for role, position, source in _given(request))
    moderation.check_input(
        workspace_id=caller.workspace_id,
        texts=[request.text, request.video_prompt or "", request.negative_prompt],
        assets=[asset for _, _, asset in inputs],
    )
    return Prepared(caller=caller, quote=quoted, inputs=inputs, balance_mc=balance_mc)


def _given(request: PromptRequest) -> list[tuple[str, int, Source]]:
    """Every file with its role and place."""
    given: list[tuple[str, int, Source]] = []
    for role in Input.Role.values:
        value = getattr(request, role)
        sources = value if role == Input.Role.REFERENCE else [value] if value else []
        given += [(role, position, source) for position, source in enumerate(sources)]
    return given


def _take(caller: Caller, role: str, source: Source) -> Asset:
    if isinstance(source, Kept) and source.is_shared and source.asset.deleted_at is None:
        return source.asset
    taken = intake.take(source, expects=_EXPECTS[role], workspace_id=caller.workspace_id, field=role)
    return intake.keep(taken, workspace_id=caller.workspace_id)
