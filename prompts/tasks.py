"""Celery's side of prompts: an id in, one call, nothing decided here."""

from __future__ import annotations

import os
import socket

from celery import shared_task
from django.utils import timezone

from prompts.rendering import pipeline


@shared_task(name="prompts.render")
def render(*, ref: int, **_newer_arguments: object) -> None:
    pipeline.run(prompt_id=ref, worker=f"{socket.gethostname()}:{os.getpid()}", now=timezone.now())
