"""The Celery app: an id in, one service call, nothing decided here."""

from __future__ import annotations

import os

from celery import Celery
from celery.signals import worker_shutting_down
from kombu.transport import TRANSPORT_ALIASES

from astria_clone import shutdown

TRANSPORT_ALIASES["filesystem"] = "common.jobs.folder_broker:Transport"

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "astria_clone.settings")
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")  # `setup` made them; they would load every page into each worker

app = Celery("astria_clone", include=["astria_clone.reactions"])
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
worker_shutting_down.connect(shutdown.limit_warm_shutdown)
