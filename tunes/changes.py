"""What an owner may change of a tune that exists."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from common.errors import Invalid
from tunes.models import Tune
from tunes.submission.quote import check_words

UNCHANGED = object()


def change(
    *,
    tune: Tune,
    now: datetime,
    title: str | None = None,
    name: str | None = None,
    characteristics: Mapping[str, str] | object | None = UNCHANGED,
    auto_extend: bool | None = None,
) -> Tune:
    """The tune with what was given; None leaves a field as it is, but for `characteristics`, which it clears.

    :raises Invalid: by field
    """
    errors: dict[str, list[str]] = {}
    tune.title = tune.title if title is None else title.strip()
    tune.name = tune.name if name is None else name.strip()
    if characteristics is not UNCHANGED:
        tune.characteristics = dict(characteristics) if isinstance(characteristics, Mapping) else None
    tune.auto_extend = tune.auto_extend if auto_extend is None else auto_extend
    check_words(tune.title, tune.name or "", tune.characteristics, errors)
    if errors:
        raise Invalid(errors)
    tune.updated_at = now
    tune.save(update_fields=["title", "name", "characteristics", "auto_extend", "updated_at"])
    return tune
