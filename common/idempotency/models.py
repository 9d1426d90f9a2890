from django.db import models


class IdempotencyKey(models.Model):
    """The first answer to a POST that carried this key; written in the transaction of its work."""

    workspace_id = models.BigIntegerField()
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.IntegerField(default=0)
    body = models.TextField(default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace_id", "key"], name="idempotency_key_once")]
        indexes = [models.Index(fields=["created_at"], name="idempotency_key_age")]  # the purge

    def __str__(self) -> str:
        return self.key
