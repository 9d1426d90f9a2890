"""People, the workspaces that own everything, and the keys that programs carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower


class UserManager(BaseUserManager["User"]):
    use_in_migrations = True

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)

    def create_superuser(self, email: str, password: str, **fields: Any) -> User:
        """What `manage.py createsuperuser` calls; ours is `manage.py make_user --staff`."""
        user = self.model(email=self.normalize_email(email), is_staff=True, is_superuser=True, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in with an e-mail address."""

    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120, blank=True)
    auto_extend_tunes = models.BooleanField(default=False)  # pay for further storage of every tune
    collapse_duplicates = models.BooleanField(default=False)  # a request for what exists answers that (R18)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="accounts_user_email_once")]

    def __str__(self) -> str:
        return self.email


class Workspace(models.Model):
    """Owns every other object. Everyone has a personal one, which is `workspace_id: null` on the wire."""

    title = models.CharField(max_length=120)
    personal_of = models.OneToOneField(User, models.CASCADE, null=True, related_name="personal_workspace")
    payer = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")  # null pays for itself
    members = models.ManyToManyField(User, through="Membership", related_name="workspaces")
    slug = models.SlugField(max_length=80, unique=True, null=True)
    brief = models.TextField(blank=True)  # in the owner's words, what it is for
    landing_page_html = models.TextField(blank=True)  # kept and given back; never served as a page
    favicon_url = models.URLField(max_length=500, blank=True)
    public_at = models.DateTimeField(null=True)
    unlisted_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.title


class Membership(models.Model):
    class Role(models.TextChoices):
        OWNER = "owner"
        MEMBER = "member"

    user = models.ForeignKey(User, models.CASCADE)
    workspace = models.ForeignKey(Workspace, models.CASCADE)
    role = models.CharField(max_length=10, choices=Role, default=Role.MEMBER)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "workspace"], name="accounts_membership_once")]


class ApiKey(models.Model):
    """A bearer key. The key itself is shown once; only its digest is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_keys")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="api_keys")  # the scope without a header
    pinned = models.BooleanField(default=False)  # True: X-Workspace-Id can't leave that workspace
    name = models.CharField(max_length=80)
    scopes = models.JSONField(default=list)  # empty = everything; see accounts.keys.SCOPES
    prefix = models.CharField(max_length=12)
    last4 = models.CharField(max_length=4)
    digest = models.CharField(max_length=64, unique=True)  # HMAC-SHA256(pepper, key): the key has enough entropy
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…{self.last4})"


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who asks, for which workspace, on whose money, and by which address they reached us."""

    workspace_id: int
    payer_id: int  # the workspace whose wallet pays
    user_id: int
    key_id: int | None  # None: a browser session
    personal: bool  # the workspace is the user's own, shown as null
    origin: str  # scheme and host that the caller used: answers and callbacks point back to it
    dialect: str  # "astria"
    scopes: frozenset[str] = frozenset()
    pinned: bool = False  # the key can't leave its workspace
    collapses_duplicates: bool = False  # a request for what exists answers that (R18)
    everywhere: tuple[int, ...] = ()  # all workspaces of the user's, when that is where they look
