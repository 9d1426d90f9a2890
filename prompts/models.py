"""What was asked, its state, and its results."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from common.jobs.models import JobFields


class PromptQuerySet(models.QuerySet["Prompt"]):
    def of_workspace(self, workspace_id: int) -> PromptQuerySet:
        return self.filter(workspace_id=workspace_id, deleted_at=None)


class Prompt(JobFields):
    class Failure(models.TextChoices):
        BLOCKED = "blocked"  # moderation said no to the result
        EXPIRED = "expired"  # nobody rendered it before its deadline
        REJECTED = "rejected"  # the engine says that it never will
        ENGINE_ERROR = "engine_error"  # three attempts died

    # who asked, and how
    # Foreign keys that begin an index below have none of their own: a planner would take it for lists, and sort.
    workspace = models.ForeignKey("accounts.Workspace", models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    api_key = models.ForeignKey("accounts.ApiKey", models.SET_NULL, null=True, related_name="+")
    dialect = models.CharField(max_length=12)
    origin = models.CharField(max_length=120)  # scheme and host that the caller used
    callback = models.TextField(null=True)  # None: not given; "": given empty, and echoed so

    # what was asked
    tune = models.ForeignKey("tunes.Tune", models.PROTECT, related_name="prompts")  # the base model it runs on
    # the reference that it was posted to
    posted_tune = models.ForeignKey("tunes.Tune", models.PROTECT, null=True, related_name="+")
    text = models.TextField(blank=True)
    source_text = models.TextField(blank=True)  # as sent, when `text` lost flags to the columns
    negative_prompt = models.TextField(blank=True)
    references = models.JSONField(default=list)  # [{kind, tune_id, title, name, token, weight}] of the text's tags
    num_images = models.IntegerField(default=1)
    seed = models.BigIntegerField(null=True)  # the caller's
    effective_seed = models.BigIntegerField()  # drawn at acceptance when the caller gave none; every attempt uses it
    w = models.IntegerField(null=True)
    h = models.IntegerField(null=True)
    ar = models.CharField(max_length=20, null=True)
    aspect_ratio = models.CharField(max_length=12, null=True)
    resolution = models.CharField(max_length=8, null=True)
    options = models.JSONField(default=dict)  # the image stage's other fields, by their wire names
    flags = models.JSONField(default=dict)  # flags that stand in the text
    video_model = models.CharField(max_length=80, null=True)
    video_prompt = models.TextField(null=True)
    video_duration = models.IntegerField(null=True)  # seconds
    video_audio = models.BooleanField(null=True)  # as asked; None: not said
    video_upscale_model = models.CharField(max_length=80, null=True)
    video_upscale_target_resolution = models.CharField(max_length=8, null=True)
    video_fps_model = models.CharField(max_length=80, null=True)
    clip = models.JSONField(null=True)  # an exact {frames, fps, width, height} instead of seconds
    crop = models.CharField(max_length=12, null=True)  # the ratio that its first frame is cut to
    sampling = models.JSONField(default=dict)  # steps, guidance, …: for engines that know them
    wish = models.JSONField(null=True)  # what was promised of the file: {content_type, address, kept_s}
    request_id = models.UUIDField(null=True)  # by which its dialect names it
    echo = models.JSONField(default=dict)  # what its dialect has to say again

    # where it comes from, and who else may see it
    orig_prompt_id = models.BigIntegerField(null=True)  # the prompt, or a pack's template, that it was made from
    # the pack that it is a template of, the pack that it was run from, and that run
    pack = models.ForeignKey("prompts.Pack", models.SET_NULL, null=True, related_name="+", db_index=False)
    base_pack = models.ForeignKey("prompts.Pack", models.SET_NULL, null=True, related_name="+", db_index=False)
    order = models.ForeignKey("prompts.Order", models.SET_NULL, null=True, related_name="+", db_index=False)
    twin_key = models.CharField(max_length=64, null=True)  # digest of what makes two requests one, where that counts
    likes_count = models.IntegerField(default=0)  # of `Like`s, written with them
    published_at = models.DateTimeField(null=True)  # null: only its workspace sees it

    # money, frozen at acceptance
    cost_mc = models.BigIntegerField()
    price_id = models.BigIntegerField(null=True)  # the catalogue's Price row that it was computed from
    breakdown = models.JSONField(default=list)  # [{label, amount_mc, …}]

    # progress and end
    engine = models.CharField(max_length=40, blank=True)  # that rendered it
    preview = models.BooleanField(default=False)  # rendered by an engine that stands in for the model
    report = models.JSONField(default=dict)  # what the engine understood, and what not
    remote_job = models.TextField(null=True)  # token of a live job at a provider
    progress = models.FloatField(default=0)
    stage = models.CharField(max_length=40, blank=True)
    failure_code = models.CharField(max_length=20, choices=Failure, blank=True)
    user_error = models.TextField(null=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    objects = PromptQuerySet.as_manager()

    class Meta:
        indexes = [
            # lists by key, newest first, and their deep pages
            models.Index(fields=["workspace", "-id"], name="prompts_listed", condition=Q(deleted_at=None)),
            models.Index(fields=["workspace", "tune", "-id"], name="prompts_of_tune", condition=Q(deleted_at=None)),
            # the sweeper's and readyz's scans; few rows match at any time
            models.Index(
                fields=["status", "next_at"], name="prompts_open", condition=Q(status__in=["queued", "running"])
            ),
            # few prompts have to do with packs; the others shall not pay for it
            models.Index(fields=["pack", "-id"], name="prompts_of_pack", condition=Q(pack__isnull=False)),
            models.Index(fields=["base_pack", "-id"], name="prompts_run_from", condition=Q(base_pack__isnull=False)),
            models.Index(fields=["order"], name="prompts_of_order", condition=Q(order__isnull=False)),
            models.Index(fields=["-id"], name="prompts_published", condition=Q(published_at__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(cost_mc__gte=0), name="prompts_cost_not_negative"),
            models.UniqueConstraint(
                fields=["request_id"], name="prompts_request_once", condition=Q(request_id__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["workspace", "twin_key"], name="prompts_twin_once", condition=Q(twin_key__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"prompt {self.pk}"

    @property
    def reference(self) -> str:
        """Its name in the ledger."""
        return ledger_reference(self.pk)


def ledger_reference(prompt_id: int) -> str:
    return f"prompt:{prompt_id}"


class UsedTune(models.Model):
    """A reference that a prompt was posted to or names in its text; lists of that tune show the prompt."""

    prompt = models.ForeignKey(Prompt, models.CASCADE, related_name="used_tunes")
    tune = models.ForeignKey("tunes.Tune", models.PROTECT, related_name="used_by", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tune", "prompt"], name="prompts_used_tune_once")]

    def __str__(self) -> str:
        return f"{self.prompt_id} uses {self.tune_id}"


class Input(models.Model):
    """A file that came with a prompt."""

    class Role(models.TextChoices):
        INPUT_IMAGE = "input_image"
        MASK_IMAGE = "mask_image"
        FIRST_FRAME = "video_first_frame"
        LAST_FRAME = "video_last_frame"
        DRIVING = "input_video"
        REFERENCE = "image_references"

    prompt = models.ForeignKey(Prompt, models.CASCADE, related_name="inputs", db_index=False)
    role = models.CharField(max_length=20, choices=Role)
    position = models.IntegerField(default=0)
    asset = models.ForeignKey("media.Asset", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prompt", "role", "position"], name="prompts_input_once")]

    def __str__(self) -> str:
        return f"{self.prompt_id} {self.role}"


class Output(models.Model):
    """A finished file, in the order in which it is shown."""

    prompt = models.ForeignKey(Prompt, models.CASCADE, related_name="outputs", db_index=False)
    position = models.IntegerField()
    asset = models.ForeignKey("media.Asset", models.PROTECT, related_name="+")
    seed = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prompt", "position"], name="prompts_output_once")]

    def __str__(self) -> str:
        return f"{self.prompt_id}-{self.position}"


class Like(models.Model):
    """Someone likes a prompt's results."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="+", db_index=False)
    prompt = models.ForeignKey(Prompt, models.CASCADE, related_name="likes")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "prompt"], name="prompts_like_once")]

    def __str__(self) -> str:
        return f"{self.user_id} likes {self.prompt_id}"


class Pack(models.Model):
    """A set of template prompts that is run on somebody's tunes, or on new pictures of theirs."""

    workspace = models.ForeignKey(
        "accounts.Workspace", models.CASCADE, null=True, related_name="+"
    )  # null: the house's
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    subtitle = models.CharField(max_length=300, blank=True)
    base_tune = models.ForeignKey("tunes.Tune", models.PROTECT, related_name="+")
    model_type = models.CharField(max_length=10, null=True)  # of the tune that a run on new pictures makes
    token = models.CharField(max_length=40, null=True)
    preset = models.CharField(max_length=40, null=True)
    slots = models.JSONField(default=list)  # of a multi pack: [{key, label, filter_names}]; else empty
    public_at = models.DateTimeField(null=True)
    unlisted_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["workspace", "-id"], name="prompts_pack_listed")]

    def __str__(self) -> str:
        return self.slug


class Template(models.Model):
    """One prompt of a pack, as fields. Its id is that of the prompt it was made from; the house's start far above."""

    id = models.BigIntegerField(primary_key=True)
    pack = models.ForeignKey(Pack, models.CASCADE, related_name="templates")
    class_name = models.CharField(max_length=80)  # of the tunes that it is for: "woman"
    position = models.IntegerField(default=0)
    fields = models.JSONField()  # of a PromptRequest, by their names; `text` among them
    example = models.ForeignKey("media.Asset", models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.pack_id}: {self.pk}"


class Order(models.Model):
    """One run of a pack: what it was run on, and what it came to."""

    workspace = models.ForeignKey("accounts.Workspace", models.PROTECT, related_name="+")
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    pack = models.ForeignKey(Pack, models.PROTECT, related_name="+")
    tune_ids = models.JSONField(default=list)
    total_cost_mc = models.BigIntegerField()
    prompts_callback = models.TextField(null=True)  # told once, when all its prompts have ended
    dialect = models.CharField(max_length=12, default="astria")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"order {self.pk}"
