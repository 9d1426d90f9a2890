"""The queue of record: what has to be told (`Outbox`), and the columns of all that is worked off (`JobFields`)."""

from __future__ import annotations

from django.db import models


class Status(models.TextChoices):
    WAITING = "waiting"  # for something else to end; neither announced nor under a deadline
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNFINISHED = (Status.WAITING, Status.QUEUED, Status.RUNNING)
ENDED = (Status.SUCCEEDED, Status.FAILED, Status.CANCELLED)


class Outbox(models.Model):
    """One message that must not be lost, written in the transaction that made it true."""

    topic = models.CharField(max_length=60)  # the registered name of an idempotent Celery task that takes `ref`
    ref = models.BigIntegerField()
    next_at = models.DateTimeField()  # when the relay publishes it (again)
    tries = models.IntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], name="jobs_outbox_due"),  # the relay's scan
            models.Index(fields=["topic", "ref"], name="jobs_outbox_done"),  # the task's delete
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.ref}"


class JobFields(models.Model):
    """What the lease machine writes. `attempt` only grows and fences late writers; `strikes` ends a job after three."""

    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    attempt = models.IntegerField(default=0)
    strikes = models.IntegerField(default=0)
    next_at = models.DateTimeField(null=True)  # not to be claimed before
    deadline = models.DateTimeField(null=True)  # unfinished by then → the room's lifecycle fails it
    lease_until = models.DateTimeField(null=True)
    worker = models.CharField(max_length=80, blank=True)

    class Meta:
        abstract = True
