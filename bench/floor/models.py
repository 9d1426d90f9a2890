"""The five tables that a charged prompt needs."""

from django.db import models


class Wallet(models.Model):
    balance_mc = models.BigIntegerField()


class Key(models.Model):
    digest = models.CharField(max_length=64, unique=True)
    wallet = models.ForeignKey(Wallet, models.CASCADE)


class Prompt(models.Model):
    """The columns of a prompt that every client reads."""

    wallet = models.ForeignKey(Wallet, models.CASCADE, db_index=False)
    tune_id = models.BigIntegerField()
    text = models.TextField()
    negative_prompt = models.TextField(default="")
    callback = models.TextField(null=True)
    num_images = models.IntegerField(default=1)
    seed = models.BigIntegerField(null=True)
    w = models.IntegerField(null=True)
    h = models.IntegerField(null=True)
    aspect_ratio = models.CharField(max_length=12, null=True)
    video_model = models.CharField(max_length=80, null=True)
    video_prompt = models.TextField(null=True)
    video_duration = models.IntegerField(null=True)
    cost_mc = models.BigIntegerField()
    status = models.CharField(max_length=10, default="queued")
    images = models.JSONField(default=list)
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
