"""Reading tunes; every query starts from the caller's workspace."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import F, Q

from common.errors import NotFound
from media.models import Asset
from tunes.models import Tune, TuneFile, TuneImage

FIRST_OWN_ID = 5_000_001  # users' tunes start here, so that they never collide with well-known ids
_house_tunes: tuple[float, dict[int, Tune]] | None = None  # (read at, on the monotonic clock; tunes by id)


def get_visible(*, workspace_id: int, tune_id: int, everywhere: Sequence[int] = ()) -> Tune:
    """
    :raises NotFound: no such tune, or not one that this workspace, or those of `everywhere`, may see
    """
    seen = Tune.objects.visible_to(*(everywhere or [workspace_id])).select_related("base_tune", "training")
    tune = _house().get(tune_id) or seen.filter(pk=tune_id).first()
    if tune is None:
        raise NotFound
    return tune


def get_own(*, workspace_id: int, tune_id: int) -> Tune:
    """
    :raises NotFound: no such tune, or not this workspace's own
    """
    tune = Tune.objects.of_workspace(workspace_id).filter(pk=tune_id).first()
    if tune is None:
        raise NotFound
    return tune


def was_deleted(*, workspace_id: int, tune_id: int) -> bool:
    """Whether the workspace had such a tune."""
    return Tune.objects.filter(pk=tune_id, workspace_id=workspace_id, deleted_at__isnull=False).exists()


def is_house_base(tune_id: int) -> bool:
    """Whether it is one of the house's base models, which nothing but a prompt's own tune refers to."""
    tune = _house().get(tune_id)
    return tune is not None and not tune.is_reference


def _house() -> dict[int, Tune]:
    """The house's own tunes, which nearly every request names: looking one up took a third of a page's time."""
    global _house_tunes  # noqa: PLW0603  one tuple swapped whole, so that threads need no lock
    known, clock = _house_tunes, time.monotonic()
    if known is None or clock - known[0] >= settings.CATALOGUE_TTL_S:
        tunes = Tune.objects.filter(workspace=None, deleted_at=None).select_related("base_tune", "training")
        known = _house_tunes = (clock, {tune.pk: tune for tune in tunes})
    return known[1]


def find_reference(*, workspace_id: int, kind: str, tune_id: int | None, token: str | None) -> Tune | None:
    """The tune behind `<kind:id>` or `<kind:token>`, if the workspace may use it. Of one token, its own newest."""
    tunes = Tune.objects.visible_to(workspace_id).filter(base_tune__isnull=False)
    faceid = Q(model_type=Tune.ModelType.FACEID)
    tunes = tunes.filter(faceid if kind == Tune.ModelType.FACEID else ~faceid | Q(model_type=None))
    if tune_id is not None:
        return tunes.filter(pk=tune_id).first()
    return tunes.filter(token=token).order_by(F("workspace_id").asc(nulls_last=True), "-pk").first()


def of_id(tune_id: int) -> Tune | None:
    """One tune for the server's own use (callbacks), whatever its workspace, deleted ones too."""
    return Tune.objects.filter(pk=tune_id).first()


def awaited_by(*, prompt_id: int) -> list[Tune]:
    """The tunes of a prompt whose owners want to hear when all their prompts have ended."""
    told = Tune.objects.filter(used_by__prompt_id=prompt_id, deleted_at=None).exclude(prompts_callback=None)
    return list(told.exclude(prompts_callback=""))


def unusable(tune: Tune, *, now: datetime) -> str | None:
    """Why no prompt can run on this tune, in words; None when it can, now or once it is trained."""
    if tune.failed_at is not None:
        return "could not be trained"
    if tune.expires_at is not None and tune.expires_at <= now:
        return "has expired"
    return None


def page(
    *,
    workspace_id: int,
    limit: int,
    before_id: int | None = None,
    offset: int = 0,
    title: str = "",
    names: Collection[str] = (),
    model_type: str = "",
    branch: str = "",
    everywhere: Sequence[int] = (),
) -> list[Tune]:
    """Own tunes, newest first."""
    tunes = Tune.objects.of_workspace(*(everywhere or [workspace_id])).select_related("training").order_by("-pk")
    if before_id is not None:
        tunes = tunes.filter(pk__lt=before_id)
    if title:
        tunes = tunes.filter(title__icontains=title)
    if names:
        tunes = tunes.filter(name__in=names)
    if model_type:
        tunes = tunes.filter(model_type=model_type)
    if branch:
        tunes = tunes.filter(branch=branch)
    return list(tunes[offset : offset + limit])


@dataclass(frozen=True)
class Learned:
    """What a tune's training left for those who render with it."""

    profile: Mapping[str, Any]
    files: Sequence[Asset]  # empty: its pictures speak for themselves


def learned(tune_ids: Iterable[int]) -> dict[int, Learned]:
    """What the training of each tune came to."""
    ids = list(tune_ids)
    files: dict[int, list[Asset]] = {}
    for file in TuneFile.objects.filter(tune_id__in=ids).select_related("asset").order_by("tune_id", "position"):
        files.setdefault(file.tune_id, []).append(file.asset)
    profiles = Tune.objects.filter(pk__in=ids).values_list("pk", "profile")
    return {pk: Learned(profile, files.get(pk, [])) for pk, profile in profiles}


def public(
    *, title: str = "", names: Collection[str] = (), branch: str = "", model_type: str | None = None
) -> list[Tune]:
    """The house's own tunes, newest ids first: what everybody may prompt on."""
    found = [
        tune
        for tune in _house().values()
        if title.lower() in tune.title.lower()
        and (not names or tune.name in names)
        and branch in ("", tune.branch)
        and model_type in (None, tune.model_type)
    ]
    return sorted(found, key=lambda tune: -tune.pk)


def characteristics(tune_ids: Sequence[int | None]) -> dict[str, str]:
    """What `{{key}}` stands for in the texts of prompts on these tunes; of two values the earlier tune's counts."""
    told = dict(Tune.objects.filter(pk__in=[pk for pk in tune_ids if pk]).values_list("pk", "characteristics"))
    merged: dict[str, str] = {}
    for pk in tune_ids:
        merged = {**(told.get(pk) or {}), **merged} if pk else merged
    return merged


def pictures(tune_ids: Iterable[int]) -> dict[int, list[TuneImage]]:
    """The pictures of each tune, in order."""
    found: dict[int, list[TuneImage]] = {}
    images = TuneImage.objects.filter(tune_id__in=list(tune_ids)).select_related("asset")
    for image in images.order_by("tune_id", "position"):
        found.setdefault(image.tune_id, []).append(image)
    return found
