"""The part of a tune's making that takes time and must not hold a transaction: its pictures."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import Caller
from common.errors import Invalid
from media import intake, moderation, store
from media.intake import Source, Taken
from media.models import Asset
from tunes.submission.quote import TuneQuote

ALL_S = 20.0  # for all pictures together: a caller waits for them, and holds a thread meanwhile


@dataclass(frozen=True, kw_only=True)
class PreparedTune:
    """A tune that can be accepted: priced, its pictures checked and kept."""

    caller: Caller
    quote: TuneQuote
    pictures: tuple[Asset, ...]


def prepare(*, caller: Caller, quoted: TuneQuote) -> PreparedTune:
    """Fetch and decode the pictures. The balance has been looked at before (D18).

    :raises Invalid: by field
    :raises OutOfSpace: the disk is nearly full
    :raises Busy: too many requests are decoding files already
    """
    store.require_space()
    request = quoted.request
    pictures = tuple(intake.keep(taken, workspace_id=caller.workspace_id) for taken in _taken(request.images, caller))
    moderation.check_input(
        workspace_id=caller.workspace_id, texts=[request.title, request.name, *request.captions], assets=pictures
    )
    return PreparedTune(caller=caller, quote=quoted, pictures=pictures)


def _taken(sources: Sequence[Source], caller: Caller) -> list[Taken]:
    """All of them, or none: what was taken before one that can't be is discarded.

    :raises Invalid: names the picture
    """
    taken: list[Taken] = []
    until = time.monotonic() + ALL_S
    try:
        for number, source in enumerate(sources, start=1):
            taken.append(_one(source, number, caller, until=until))
    except BaseException:
        for one in taken:
            one.discard()
        raise
    return taken


def _one(source: Source, number: int, caller: Caller, *, until: float) -> Taken:
    if time.monotonic() > until:
        raise Invalid({"images": [f"take longer than {ALL_S:g} s to be read; send fewer or smaller ones"]})
    try:
        return intake.take(source, expects="image", workspace_id=caller.workspace_id, field="images", keep_alpha=True)
    except Invalid as error:
        messages = [f"{message} (image {number})" for message in error.errors["images"]]
        raise Invalid({"images": messages}) from error
