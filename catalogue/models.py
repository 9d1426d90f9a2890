"""What can be rendered, for how much, and by whom. Rows come from `data/catalogue.csv`; operators change them after."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NoReturn

from django.db import models


class Row(models.Model):
    """What video and image models have in common: one line of the price list."""

    name = models.SlugField(max_length=80, unique=True)  # as it stands on the wire: "seedance_v15_720p"
    title = models.CharField(max_length=120)
    position = models.PositiveIntegerField(default=0)
    enabled = models.BooleanField(default=True)
    paused_reason = models.CharField(max_length=200, blank=True)  # shown to callers while `enabled` is False
    loaded = models.JSONField(default=dict)  # what the file said last; a field that still says so follows the file

    def __str__(self) -> str:
        return self.title


class VideoModel(Row):
    class Resolution(models.TextChoices):
        P480 = "480p"
        P580 = "580p"
        P720 = "720p"
        P1080 = "1080p"
        K4 = "4k"

    class Audio(models.TextChoices):
        NONE = "none"
        ON = "on"  # sound unless the caller declines
        OPTIONAL = "optional"  # silent unless the caller asks

    base_seconds = models.PositiveSmallIntegerField()  # what the price buys; more scales linearly
    durations = models.JSONField()  # allowed whole seconds, ascending
    resolution = models.CharField(max_length=5, choices=Resolution)
    fps = models.PositiveSmallIntegerField()
    audio = models.CharField(max_length=8, choices=Audio, default=Audio.NONE)
    text_to_video = models.BooleanField(default=False)
    multi_reference = models.BooleanField(default=False)
    last_frame = models.BooleanField(default=False)
    motion_control = models.BooleanField(default=False)  # replays `input_video`, and does nothing without it
    exact_frames_min = models.PositiveIntegerField(default=0)
    exact_frames_max = models.PositiveIntegerField(default=0)  # 0: whole seconds only
    surcharge_above_frames = models.PositiveIntegerField(default=0)
    surcharge = models.DecimalField(max_digits=6, decimal_places=3, default=Decimal(1))  # a factor, not money

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(base_seconds__gte=1, fps__gte=1, surcharge__gte=1),
                name="catalogue_videomodel_sane_numbers",
            ),
            models.CheckConstraint(
                condition=models.Q(exact_frames_min__lte=models.F("exact_frames_max")),
                name="catalogue_videomodel_exact_frames_in_order",
            ),
        ]


class ImageModel(Row):
    tune_id = models.BigIntegerField(unique=True)  # id of the public base tune that people prompt on
    branch = models.CharField(max_length=20)


class AddOn(Row):
    """Something that is done to a finished clip, priced by its seconds. What it does follows from its field."""

    class Field(models.TextChoices):
        UPSCALE = "video_upscale_model"
        FASTER = "video_fps_model"

    field = models.CharField(max_length=40, choices=Field)  # of the prompt; names the add-on by its row's name
    targets = models.JSONField(default=list)  # resolutions that an upscaler makes, ascending
    times = models.PositiveSmallIntegerField(default=1)  # as many frames as before

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(times__gte=1, times__lte=4), name="catalogue_addon_sane_times")
        ]


class Trainer(Row):
    """A way to make a tune of pictures, priced by its steps."""

    model_type = models.CharField(max_length=12, unique=True)  # "lora", "pti", "faceid", "checkpoint"
    steps_min = models.PositiveIntegerField()
    steps_max = models.PositiveIntegerField()
    steps_per_image = models.JSONField()  # by preset; "" is for none: {"flux-lora-fast": 27, "": 100}

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(steps_min__lte=models.F("steps_max")), name="catalogue_trainer_steps_in_order"
            )
        ]


class Storage(Row):
    """How long a tune is kept after its training, and what each such time more costs."""

    days = models.PositiveSmallIntegerField()


class AppendOnlyQuerySet(models.QuerySet[Any]):
    def update(self, **_kwargs: Any) -> NoReturn:
        raise TypeError("Prices are append-only: add a newer one.")

    def delete(self) -> NoReturn:
        raise TypeError("Prices are append-only: add a newer one.")


class Price(models.Model):
    """A price and the moment it holds from. "From tomorrow" is a row, and so is every price there ever was."""

    row = models.ForeignKey(Row, models.PROTECT, related_name="prices")
    from_at = models.DateTimeField()
    base_cost_cents = models.DecimalField(max_digits=9, decimal_places=3)
    from_file = models.BooleanField(default=False)  # False: an operator's, which the file never overrides
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(base_cost_cents__gte=0), name="catalogue_price_not_negative")
        ]
        indexes = [models.Index(fields=["row", "from_at"], name="catalogue_price_by_row")]

    def __str__(self) -> str:
        return f"{self.base_cost_cents}¢ from {self.from_at:%Y-%m-%d %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """:raises TypeError: it exists already; what was once charged by has to stay readable"""
        if not self._state.adding:
            raise TypeError("Prices are append-only: add a newer one.")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise TypeError("Prices are append-only: add a newer one.")


class Route(models.Model):
    """An engine that may render a row. The lowest `order` does; the others are for when the operator says so."""

    row = models.ForeignKey(Row, models.CASCADE, related_name="routes")
    engine = models.CharField(max_length=60)  # a name in settings.ENGINES
    options = models.JSONField(default=dict)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["row", "order"], name="catalogue_route_order_once")]

    def __str__(self) -> str:
        return f"{self.order}: {self.engine}"
