"""One row for each file that we keep."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class AssetQuerySet(models.QuerySet["Asset"]):
    def of_workspace(self, workspace_id: int) -> AssetQuerySet:
        return self.filter(workspace_id=workspace_id)

    def alive(self) -> AssetQuerySet:
        return self.filter(deleted_at=None)


class Asset(models.Model):
    """A file in storage, with what was measured of it. The bytes are always our own encoding."""

    class Kind(models.TextChoices):
        INPUT = "input"  # given by a user, normalised; reached over signed links only
        OUTPUT = "output"  # a result, as the engine made it
        RENDITION = "rendition"  # poster, thumbnails, preview, made from an output (`source`)
        SAMPLE = "sample"  # ships with the project

    workspace = models.ForeignKey(  # null: the house's own
        "accounts.Workspace", models.CASCADE, null=True, related_name="+"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    role = models.CharField(max_length=12, blank=True)  # of a rendition: poster, thumb-320, …-640, …-960, preview
    source = models.ForeignKey("self", models.CASCADE, null=True, related_name="renditions")
    key = models.CharField(max_length=200, unique=True)  # name in storage
    address = models.CharField(max_length=28, unique=True, null=True)  # /media/<address>/<filename>; null: not served
    public_address = models.CharField(max_length=28, unique=True, null=True)  # the same, for everybody; while published
    filename = models.CharField(max_length=80)  # "<id>-<n>.<ext>"
    content_type = models.CharField(max_length=40)
    bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    width = models.IntegerField()
    height = models.IntegerField()
    frames = models.IntegerField(default=1)
    fps = models.FloatField(default=0)  # 0 for pictures
    seconds = models.FloatField(default=0)
    has_audio = models.BooleanField(default=False)
    placeholder = models.CharField(max_length=300, blank=True)  # a tiny WebP as a data URI
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True)  # until something refers to it; null: kept for good
    deleted_at = models.DateTimeField(null=True)  # address dead at once, file removed within 24 h
    purged_at = models.DateTimeField(null=True)  # the file is gone; the row stays for those who refer to it

    objects = AssetQuerySet.as_manager()

    class Meta:
        indexes = [  # both for media.expiry
            models.Index(
                fields=["deleted_at"],
                name="media_asset_purge",
                condition=Q(deleted_at__isnull=False, purged_at__isnull=True),
            ),
            models.Index(fields=["expires_at"], name="media_asset_expiry", condition=Q(expires_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.filename


class Slot(models.Model):
    """Room for one file that a customer sends ahead of the request which names it (R59)."""

    workspace = models.ForeignKey("accounts.Workspace", models.CASCADE, related_name="+")
    filename = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    bytes = models.BigIntegerField(null=True)  # null: nobody told how many
    checksum = models.CharField(max_length=24, blank=True)  # MD5 of the bytes in base64, as the customer told it
    key = models.CharField(max_length=200, unique=True)  # name in storage, of the bytes as they came
    created_at = models.DateTimeField()
    filled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="media_slot_expiry")]

    def __str__(self) -> str:
        return self.filename


class SlotPart(models.Model):
    """A piece of a file that is sent in several; they may come in any order, and again."""

    slot = models.ForeignKey(Slot, models.CASCADE, related_name="parts")
    number = models.IntegerField()  # from 1
    bytes = models.BigIntegerField()
    etag = models.CharField(max_length=32)  # MD5 of the bytes
    key = models.CharField(max_length=200, unique=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slot", "number"], name="media_slot_part_once")]

    def __str__(self) -> str:
        return f"{self.slot_id}, part {self.number}"
