"""How a clip begins: decided here alone, for the checks before a charge and for the plan of the render after it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from engines.base import Task
from prompts.models import Input

_START_FROM_A_PICTURE: frozenset[Task] = frozenset({"image_to_video", "first_last", "motion"})
_STAGE_FILES = (Input.Role.INPUT_IMAGE, Input.Role.MASK_IMAGE)


@dataclass(frozen=True, kw_only=True)
class Opening:
    task: Task
    first: str | None  # role of the file that is the first frame
    unused: tuple[str, ...]  # roles of files that would change nothing

    @property
    def is_painted(self) -> bool:
        """Whether the image stage makes the first frame, from `text`."""
        return self.first is None and self.task in _START_FROM_A_PICTURE


def of(*, given: Collection[str], tasks: Collection[Task], has_text: bool, strength: float | None) -> Opening:
    """
    :param given: roles of the files that came
    :param tasks: what the row can do
    :param strength: denoising strength; 0 passes the input picture through the image stage as it is
    """
    first = _first(given, strength)
    task = _task(given, tasks, has_text=has_text, has_first=first is not None)
    paints = Opening(task=task, first=first, unused=()).is_painted
    unused = tuple(role for role in _STAGE_FILES if role in given and role != first and not paints)
    return Opening(task=task, first=first, unused=unused)


def _first(given: Collection[str], strength: float | None) -> str | None:
    if Input.Role.FIRST_FRAME in given:
        return Input.Role.FIRST_FRAME
    return Input.Role.INPUT_IMAGE if strength == 0 and Input.Role.INPUT_IMAGE in given else None


def _task(given: Collection[str], tasks: Collection[Task], *, has_text: bool, has_first: bool) -> Task:
    if "motion" in tasks:
        return "motion"
    if Input.Role.REFERENCE in given:
        return "references"
    if Input.Role.LAST_FRAME in given:
        return "first_last"
    if "text_to_video" in tasks and not has_text and not has_first:
        return "text_to_video"
    return "image_to_video"
