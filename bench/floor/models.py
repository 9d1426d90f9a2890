"""The five tables that a charged prompt needs."""

from django.db import models


class Wallet(models.Model):
    balance_mc = models.BigIntegerField()


class Key(models.Model):
    digest = models.CharField(max_length=64, unique=True)
    wallet = models.ForeignKey(Wallet, models.CASCADE)


class Prompt(models.Model):
    """What the answer is made of, in one table: files are lists of addresses here."""

    wallet = models.ForeignKey(Wallet, models.CASCADE, db_index=False)
    tune_id = models.BigIntegerField()
    text = models.TextField()
    negative_prompt = models.TextField(default="")
    callback = models.TextField(null=True)
    num_images = models.IntegerField(default=1)
    seed = models.BigIntegerField(null=True)
    w = models.IntegerField(null=True)
    h = models.IntegerField(null=True)
    ar = models.CharField(max_length=20, null=True)
    aspect_ratio = models.CharField(max_length=12, null=True)
    resolution = models.CharField(max_length=8, null=True)
    options = models.JSONField(default=dict)  # the image stage's fields
    references = models.JSONField(default=list)
    inputs = models.JSONField(default=dict)
    video_model = models.CharField(max_length=80, null=True)
    video_prompt = models.TextField(null=True)
    video_duration = models.IntegerField(null=True)
    video_audio = models.BooleanField(null=True)
    cost_mc = models.BigIntegerField()
    status = models.CharField(max_length=10, default="queued")
    images = models.JSONField(default=list)
    engine = models.CharField(max_length=40, null=True)
    user_error = models.TextField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    started_training_at = models.DateTimeField(null=True)
    trained_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["wallet", "tune_id", "-id"], name="floor_prompt_listed")]


class Entry(models.Model):
    prompt = models.ForeignKey(Prompt, models.CASCADE)
    wallet = models.ForeignKey(Wallet, models.CASCADE, null=True)  # null: the house
    amount_mc = models.BigIntegerField()


class Outbox(models.Model):
    topic = models.CharField(max_length=60)
    ref = models.BigIntegerField()
    next_at = models.DateTimeField(db_index=True)
