"""When a training that begins now will probably be over."""

from __future__ import annotations

from datetime import datetime, timedelta
from statistics import median

from django.db.models import F

from common.jobs.models import Status
from tunes.models import Training

LOOKED_AT = 20  # of the latest trainings
UNKNOWN = timedelta(minutes=1)  # before there were any


def of(*, trainer: str, now: datetime) -> datetime:
    """As long from now as the latest trainings of the same row took in the middle, waiting included."""
    done = Training.objects.filter(trainer=trainer, status=Status.SUCCEEDED)
    times = list(done.order_by("-pk").values_list(F("ended_at") - F("created_at"), flat=True)[:LOOKED_AT])
    return now + (median(times) if times else UNKNOWN)
