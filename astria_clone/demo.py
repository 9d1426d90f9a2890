"""The demo workspace of a laptop: two people, one key, $20, and a file that says so."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from accounts import keys, people
from accounts.models import User
from billing import ledger
from common.money import mc_of_cents

EMAIL, ADMIN_EMAIL = "demo@example.com", "admin@example.com"
GRANT_MC = mc_of_cents(2000)


def path() -> Path:
    return Path(settings.DATA_DIR) / "demo.env"


def ensure() -> None:
    """Make the demo people once; with their file lost, a new key and new passwords are written."""
    user, admin = _user(EMAIL, staff=False), _user(ADMIN_EMAIL, staff=True)
    ledger.grant(
        workspace_id=user.personal_workspace.pk,
        amount_mc=GRANT_MC,
        reason="demo workspace",
        actor="setup",
        reference="demo:1",
        now=timezone.now(),
    )
    if not path().exists():
        _write(_credentials(user, admin))
    else:
        _follow_address()


def _user(email: str, *, staff: bool) -> User:
    found = User.objects.filter(email=email).first()
    return found or people.create_user(email=email, password=None, name=email.partition("@")[0].title(), staff=staff)


def _credentials(user: User, admin: User) -> dict[str, str]:
    _, key = keys.issue(user=user, workspace=user.personal_workspace, name="demo")
    lines = {"BASE_URL": settings.PUBLIC_URL, "API_KEY": key}
    for prefix, person in (("", user), ("ADMIN_", admin)):
        password = secrets.token_urlsafe(12)
        person.set_password(password)
        person.save(update_fields=["password"])
        lines |= {f"{prefix}EMAIL": person.email, f"{prefix}PASSWORD": password}
    return lines


def _follow_address() -> None:
    """The port may be another one than last time."""
    lines = dict(line.split("=", 1) for line in path().read_text().splitlines() if "=" in line)
    if lines.get("BASE_URL") != settings.PUBLIC_URL:
        _write({**lines, "BASE_URL": settings.PUBLIC_URL})


def _write(lines: dict[str, str]) -> None:
    new = path().with_suffix(".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.writelines(f"{name}={value}\n" for name, value in lines.items())
    new.replace(path())
