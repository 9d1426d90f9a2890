"""Brings a prompt's files to this machine: what came with it, and the pictures of the tunes that it names."""

from __future__ import annotations

from pathlib import Path

from engines.base import Subject
from media import store
from media.models import Asset
from prompts.models import Input, Prompt
from prompts.rendering.plan import Files, Gathered
from tunes import selectors as tunes

SUBJECT_PICTURES_MAX = 8


def gather(prompt: Prompt, *, folder: Path) -> tuple[Files, dict[Path, Asset]]:
    """The files by role, and which asset each local path is."""
    place = folder / "inputs"
    place.mkdir()
    by_role: dict[str, list[Gathered]] = {}
    for given in Input.objects.filter(prompt=prompt).select_related("asset").order_by("role", "position"):
        by_role.setdefault(given.role, []).append(Gathered(store.bring(given.asset, into=place), given.asset))
    subjects = _subjects(prompt, place)
    lendable = {found.path: found.asset for all_ in by_role.values() for found in all_}
    return Files(by_role=by_role, subjects=subjects), lendable


def _subjects(prompt: Prompt, place: Path) -> tuple[Subject, ...]:
    ids = [used["tune_id"] for used in prompt.references]
    pictures, learned = tunes.pictures(ids), tunes.learned(ids)
    return tuple(
        Subject(
            tune_id=used["tune_id"],
            kind=used["kind"],
            name=used["name"] or "",
            token=used["token"],
            weight=used["weight"],
            pictures=tuple(
                store.bring(asset, into=place)
                for asset in (
                    learned[used["tune_id"]].files or [image.asset for image in pictures.get(used["tune_id"], ())]
                )[:SUBJECT_PICTURES_MAX]
            ),
            profile=learned[used["tune_id"]].profile,
        )
        for used in prompt.references
    )
