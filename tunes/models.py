"""What a prompt runs on: public base models, and references (LoRA, FaceID) trained on pictures."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class TuneQuerySet(models.QuerySet["Tune"]):
    def visible_to(self, workspace_id: int) -> TuneQuerySet:
        return self.filter(Q(workspace_id=workspace_id) | Q(workspace=None), deleted_at=None)

    def of_workspace(self, workspace_id: int) -> TuneQuerySet:
        return self.filter(workspace_id=workspace_id, deleted_at=None)


class Tune(models.Model):
    class ModelType(models.TextChoices):
        LORA = "lora"
        PTI = "pti"
        FACEID = "faceid"

    # null: the house's own, which everyone may use
    workspace = models.ForeignKey("accounts.Workspace", models.CASCADE, null=True, related_name="+")
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=200)
    name = models.CharField(max_length=80, null=True)  # class name: "woman", "shoes"; null for base models
    token = models.CharField(max_length=40, null=True)
    model_type = models.CharField(max_length=10, choices=ModelType, null=True)  # null: a checkpoint
    branch = models.CharField(max_length=20)
    base_tune = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    is_api = models.BooleanField(default=False)
    steps = models.IntegerField(null=True)
    face_crop = models.BooleanField(null=True)
    characteristics = models.JSONField(null=True)  # {{key}} in prompt texts
    callback = models.TextField(null=True)

    eta = models.DateTimeField(null=True)
    started_training_at = models.DateTimeField(null=True)
    trained_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = TuneQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["workspace", "-id"], name="tunes_tune_listed")]

    def __str__(self) -> str:
        return f"{self.pk} {self.title}"

    @property
    def is_reference(self) -> bool:
        """Runs on a base model instead of being one."""
        return self.model_type in (self.ModelType.LORA, self.ModelType.FACEID)


class TuneImage(models.Model):
    """One of the pictures that a tune was made from."""

    tune = models.ForeignKey(Tune, models.CASCADE, related_name="images")
    asset = models.ForeignKey("media.Asset", models.PROTECT, related_name="+")
    position = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tune", "position"], name="tunes_image_position_once")]

    def __str__(self) -> str:
        return f"{self.tune_id}-{self.position}"
