"""What a prompt runs on: public base models, and references (LoRA, FaceID) trained on pictures."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from common.jobs.models import JobFields

CHECKPOINT = "checkpoint"  # the kind of training that has no `model_type`
FAST = "fast"  # branch of mocks: free, and what is made with them is canned


class TuneQuerySet(models.QuerySet["Tune"]):
    def visible_to(self, *workspace_ids: int) -> TuneQuerySet:
        return self.filter(Q(workspace_id__in=workspace_ids) | Q(workspace=None), deleted_at=None)

    def of_workspace(self, *workspace_ids: int) -> TuneQuerySet:
        return self.filter(workspace_id__in=workspace_ids, deleted_at=None)


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
    model_type = models.CharField(max_length=10, choices=ModelType, null=True)  # null: CHECKPOINT
    branch = models.CharField(max_length=20)
    base_tune = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    is_api = models.BooleanField(default=False)
    preset = models.CharField(max_length=40, null=True)
    steps = models.IntegerField(null=True)
    face_crop = models.BooleanField(null=True)
    training_face_correct = models.BooleanField(default=False)
    auto_extend = models.BooleanField(default=False)
    base_pack_id = models.BigIntegerField(null=True)  # the pack that it was made for
    prompts_callback = models.TextField(null=True)  # told once, when all prompts that came with it have ended
    characteristics = models.JSONField(null=True)  # {{key}} in prompt texts
    callback = models.TextField(null=True)
    twin_title = models.CharField(max_length=200, null=True)  # its title, where a second one of it is the same tune
    origin = models.CharField(max_length=120, blank=True)  # scheme and host that the caller used
    dialect = models.CharField(max_length=12, blank=True)
    profile = models.JSONField(default=dict)  # what an engine learned, for the engine that renders with it
    cost_mc = models.BigIntegerField(default=0)
    user_error = models.TextField(null=True)  # why it could not be trained

    eta = models.DateTimeField(null=True)
    started_training_at = models.DateTimeField(null=True)
    trained_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    expired_at = models.DateTimeField(null=True)  # when its files went
    deleted_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = TuneQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "twin_title"], name="tunes_twin_once", condition=Q(twin_title__isnull=False)
            )
        ]
        indexes = [
            models.Index(fields=["workspace", "-id"], name="tunes_tune_listed"),
            models.Index(  # the sweeper's scan
                fields=["expires_at"],
                name="tunes_tune_expiry",
                condition=Q(expires_at__isnull=False, expired_at=None, deleted_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.title}"

    @property
    def is_reference(self) -> bool:
        """Runs on a base model instead of being one."""
        return self.base_tune_id is not None

    @property
    def kind(self) -> str:
        """How a text names it: `<faceid:…>`, or `<lora:…>` whatever was trained."""
        return self.ModelType.FACEID if self.model_type == self.ModelType.FACEID else self.ModelType.LORA


def ledger_reference(tune_id: int) -> str:
    """The name of its training in the ledger."""
    return f"tune:{tune_id}"


class TuneImage(models.Model):
    """One of the pictures that a tune was made from."""

    tune = models.ForeignKey(Tune, models.CASCADE, related_name="images")
    asset = models.ForeignKey("media.Asset", models.PROTECT, related_name="+")
    position = models.IntegerField()
    caption = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tune", "position"], name="tunes_image_position_once")]

    def __str__(self) -> str:
        return f"{self.tune_id}-{self.position}"


class TuneFile(models.Model):
    """What training made of the pictures: cut-outs of the subject, weights."""

    tune = models.ForeignKey(Tune, models.CASCADE, related_name="files")
    asset = models.ForeignKey("media.Asset", models.PROTECT, related_name="+")
    position = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tune", "position"], name="tunes_file_position_once")]

    def __str__(self) -> str:
        return f"{self.tune_id}: {self.position}"


class Inspection(JobFields):
    """A clip that somebody wants described; the file goes when that is done."""

    workspace = models.ForeignKey("accounts.Workspace", models.CASCADE, related_name="+")
    asset = models.ForeignKey("media.Asset", models.PROTECT, related_name="+")
    description = models.TextField(blank=True)
    error = models.TextField(blank=True)
    progress = models.FloatField(default=0)
    stage = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["status", "next_at"],
                name="tunes_inspection_open",
                condition=Q(status__in=["queued", "running"]),
            )
        ]

    def __str__(self) -> str:
        return f"inspection {self.pk}"


class Training(JobFields):
    """The work that makes a tune out of its pictures."""

    class Failure(models.TextChoices):
        REJECTED = "rejected"  # the engine says that it never will
        ENGINE_ERROR = "engine_error"  # three attempts died
        EXPIRED = "expired"  # nobody trained it before its deadline

    tune = models.OneToOneField(Tune, models.PROTECT, related_name="training")
    workspace = models.ForeignKey("accounts.Workspace", models.PROTECT, related_name="+")
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    api_key = models.ForeignKey("accounts.ApiKey", models.SET_NULL, null=True, related_name="+")
    trainer = models.CharField(max_length=80)  # the catalogue's row
    price_id = models.BigIntegerField(null=True)
    breakdown = models.JSONField(default=list)  # [{label, amount_mc, …}]
    engine = models.CharField(max_length=40, blank=True)
    preview = models.BooleanField(default=False)
    report = models.JSONField(default=dict)
    remote_job = models.TextField(null=True)
    progress = models.FloatField(default=0)
    stage = models.CharField(max_length=40, blank=True)
    failure_code = models.CharField(max_length=20, choices=Failure, blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["status", "next_at"], name="tunes_training_open", condition=Q(status__in=["queued", "running"])
            )
        ]

    def __str__(self) -> str:
        return f"training of {self.tune_id}"
