"""Celery's side of callbacks: an id in, one call, nothing decided here."""

from __future__ import annotations

import os
import socket

from celery import shared_task
from django.utils import timezone

from callbacks import delivery


@shared_task(name=delivery.TOPIC)
def deliver(*, ref: int, **_newer_arguments: object) -> None:
    delivery.deliver(delivery_id=ref, worker=f"{socket.gethostname()}:{os.getpid()}", now=timezone.now())
