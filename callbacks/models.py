"""What customers' servers are told, and the secrets that sign it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from common.jobs.models import JobFields


class Delivery(JobFields):
    """One message to one address. It is worked off like any job; `succeeded` means that the receiver said 2xx."""

    class Schedule(models.TextChoices):
        STANDARD = "standard"  # ten attempts over about three days
        HOURS = "hours"  # ten attempts over about two hours

    class Error(models.TextChoices):
        UNREACHABLE = "unreachable"  # no answer in time, or an address that may not be reached
        REFUSED = "refused"  # an answer other than 2xx
        REDIRECT = "redirect"  # 3xx: never followed
        GONE = "gone"  # 410: the receiver wants no more of this
        WORKER_DIED = "worker_died"  # three times in a row in the middle of an attempt

    workspace = models.ForeignKey("accounts.Workspace", models.PROTECT, related_name="+")
    message_id = models.CharField(max_length=40, unique=True)  # receivers tell repeats apart by it

    # what is sent, to the byte, every time
    url = models.TextField()
    body = models.TextField()

    # what it is about
    kind = models.CharField(max_length=20)  # "prompt"
    ref = models.BigIntegerField()
    dialect = models.CharField(max_length=12)
    signed_as = models.JSONField(null=True)  # {request_id, user_id}: signed in fal's way too

    # how it went; an answer's body is neither kept nor shown
    schedule = models.CharField(max_length=12, choices=Schedule, default=Schedule.STANDARD)
    tries = models.IntegerField(default=0)  # attempts that came to an end, since it was sent or last re-sent
    answer_status = models.IntegerField(null=True)  # HTTP, of the latest attempt; None: no answer
    last_error = models.CharField(max_length=20, choices=Error, blank=True)
    created_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [models.UniqueConstraint(fields=["kind", "ref"], name="callbacks_one_message_per_end")]
        indexes = [
            models.Index(fields=["workspace", "-id"], name="callbacks_listed"),  # the owner's log, newest first
            # the sweeper's scan; few rows match at any time
            models.Index(
                fields=["status", "next_at"], name="callbacks_open", condition=Q(status__in=["queued", "running"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} ({self.kind} {self.ref})"


class SigningKey(models.Model):
    """A private key of the installation, for signatures that everybody can check."""

    sealed = models.TextField()  # encrypted under FIELD_SECRET
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"signing key {self.pk}"


class SigningSecret(models.Model):
    """What a workspace's messages are signed with; a replaced one signs on for a day, beside its successor."""

    workspace = models.ForeignKey("accounts.Workspace", models.CASCADE, related_name="+")
    sealed = models.TextField()  # encrypted under FIELD_SECRET
    created_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace"], name="callbacks_one_current_secret", condition=Q(replaced_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"signing secret {self.pk} of workspace {self.workspace_id}"
