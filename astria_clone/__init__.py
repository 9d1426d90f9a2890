"""Wires the rooms together."""

from astria_clone.celery import app as celery_app

__all__ = ["celery_app"]
