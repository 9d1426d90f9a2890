"""The tunes that every installation has: three base models, and the two references of the public examples.

Their ids are the ones that clients have written into their code. The references' pictures are painted by the project.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction

from media import intake, store
from media.models import Asset
from tunes.models import Tune, TuneImage
from tunes.selectors import FIRST_OWN_ID

SAMPLES = Path(__file__).parent / "samples"
SINCE = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Base:
    id: int
    title: str
    branch: str
    token: str | None = None


@dataclass(frozen=True, kw_only=True)
class Reference:
    id: int
    title: str
    name: str
    token: str | None
    model_type: str
    pictures: str  # of the files: "ohwx-woman" → ohwx-woman-1.png, -2, …


FLUX = 1504944
BASES = (
    Base(id=FLUX, title="Flux1.dev", branch="flux1"),
    Base(id=690204, title="Realistic Vision V5.1", branch="sd15"),
    Base(id=666678, title="SDXL 1.0", branch="sdxl1"),
)
REFERENCES = (
    Reference(
        id=1533312, title="ohwx woman (sample)", name="woman", token="ohwx", model_type="lora", pictures="ohwx-woman"
    ),
    Reference(id=123, title="ohwx man (sample)", name="man", token=None, model_type="faceid", pictures="ohwx-man"),
)


@transaction.atomic
def load() -> None:
    """Create what is missing; may be called any number of times."""
    for base in BASES:
        Tune.objects.get_or_create(
            pk=base.id,
            defaults={"title": base.title, "branch": base.branch, "token": base.token, **_trained()},
        )
    for reference in REFERENCES:
        _load_reference(reference)
    _start_own_ids()


def _load_reference(reference: Reference) -> None:
    tune, _ = Tune.objects.get_or_create(
        pk=reference.id,
        defaults={
            "title": reference.title,
            "name": reference.name,
            "token": reference.token,
            "model_type": reference.model_type,
            "branch": "flux1",
            "base_tune_id": FLUX,
            **_trained(),
        },
    )
    if not tune.images.exists():
        for position, path in enumerate(sorted(SAMPLES.glob(f"{reference.pictures}-*.png"))):
            TuneImage.objects.create(tune=tune, asset=_keep(path), position=position)


def _keep(path: Path) -> Asset:
    with path.open("rb") as file:
        source = intake.Uploaded(UploadedFile(file, name=path.name))
        with intake.take(source, expects="image", workspace_id=0, field=path.name, keep_alpha=True) as taken:
            asset = store.store_input(taken.path, workspace_id=None, facts=taken.facts, kind=Asset.Kind.SAMPLE)
    store.keep_for_good([asset.pk])
    return asset


def _trained() -> dict[str, datetime]:
    return {"started_training_at": SINCE, "trained_at": SINCE, "created_at": SINCE, "updated_at": SINCE}


def _start_own_ids() -> None:
    """Let the id sequence go on from `FIRST_OWN_ID` unless it is past it."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_get_serial_sequence('tunes_tune', 'id')")
            sequence = cursor.fetchone()[0]
            cursor.execute(
                "SELECT setval(%s, GREATEST(%s, (SELECT coalesce(max(id), 0) FROM tunes_tune)))",
                [sequence, FIRST_OWN_ID - 1],
            )
        else:
            cursor.execute(
                "UPDATE sqlite_sequence SET seq = max(seq, %s) WHERE name = 'tunes_tune'", [FIRST_OWN_ID - 1]
            )
