"""Asked about every text and file on its way in, and about every file on its way out.

Today nothing is judged: the hook that is named by default allows everything. An operator names one of their own in the
setting MODERATION_HOOK, as a dotted path to a function that takes a `Subject`. It allows by returning, and refuses by
raising: `Blocked` with a sentence for the user, or anything else. What goes wrong counts as a no.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from django.conf import settings
from django.utils.module_loading import import_string

from common.errors import Refusal
from media.models import Asset

log = logging.getLogger(__name__)


class Blocked(Refusal):
    """This content is not allowed here."""

    code = "blocked"


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What is to be judged: words and kept files on the way in, one rendered file on the way out, words and results
    before everybody may see them.
    """

    stage: Literal["input", "output", "publication"]
    workspace_id: int
    texts: Sequence[str] = ()
    assets: Sequence[Asset] = ()
    path: Path | None = None
    content_type: str = ""


Hook = Callable[[Subject], None]


def check_input(*, workspace_id: int, texts: Sequence[str], assets: Sequence[Asset]) -> None:
    """
    :raises Blocked: before anything is charged
    """
    _ask(Subject(stage="input", workspace_id=workspace_id, texts=texts, assets=assets))


def check_output(*, workspace_id: int, path: Path, content_type: str) -> None:
    """
    :raises Blocked: the result must not be stored; its prompt fails and is refunded
    """
    _ask(Subject(stage="output", workspace_id=workspace_id, path=path, content_type=content_type))


def check_publication(*, workspace_id: int, texts: Sequence[str], assets: Sequence[Asset]) -> None:
    """
    :raises Blocked: nobody but its owners may see this
    """
    _ask(Subject(stage="publication", workspace_id=workspace_id, texts=texts, assets=assets))


def allow_everything(subject: Subject) -> None:
    """The hook of a server whose operator named no other."""


def _ask(subject: Subject) -> None:
    hook: Hook = import_string(settings.MODERATION_HOOK)
    try:
        hook(subject)
    except Blocked:
        raise
    except Exception as error:
        log.exception(
            "the moderation hook failed, so the %s of workspace %s is refused", subject.stage, subject.workspace_id
        )
        raise Blocked from error
