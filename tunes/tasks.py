"""Celery's side of tunes: an id in, one call, nothing decided here."""

from __future__ import annotations

import os
import socket

from celery import shared_task
from django.utils import timezone

from tunes import footage, lifecycle, training


@shared_task(name=lifecycle.TRAIN_TOPIC)
def train(*, ref: int, **_newer_arguments: object) -> None:
    training.run(training_id=ref, worker=f"{socket.gethostname()}:{os.getpid()}", now=timezone.now())


@shared_task(name=footage.TOPIC)
def inspect(*, ref: int, **_newer_arguments: object) -> None:
    footage.run(inspection_id=ref, worker=f"{socket.gethostname()}:{os.getpid()}", now=timezone.now())
