"""Reads settings from the environment and refuses what it does not understand.

Any value may also come from a file: NAME_FILE=/run/secrets/name.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None) -> str:
    """The value as it stands; without a default it has to be there."""
    value = os.environ.get(name)
    file = os.environ.get(f"{name}_FILE")
    if value is not None and file is not None:
        raise ImproperlyConfigured(f"{name} and {name}_FILE are both set; keep one.")
    if file is not None:
        try:
            value = Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE: {error}") from error
    if value is None or value == "":
        if default is None:
            raise ImproperlyConfigured(f"{name} is not set, and there is no default for it.")
        return default
    return value


def flag(name: str, *, default: bool) -> bool:
    value = text(name, "1" if default else "0").lower()
    if value not in ("0", "1", "true", "false"):
        raise ImproperlyConfigured(f"{name}={value!r}: say 1 or 0, true or false.")
    return value in ("1", "true")


def integer(name: str, default: int, *, low: int = 0, high: int | None = None) -> int:
    value = text(name, str(default))
    try:
        number = int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}={value!r}: not a whole number.") from error
    if number < low or (high is not None and number > high):
        raise ImproperlyConfigured(f"{name}={number}: outside {low}…{'' if high is None else high}.")
    return number


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def choice(name: str, default: str, *, among: tuple[str, ...]) -> str:
    value = text(name, default)
    if value not in among:
        raise ImproperlyConfigured(f"{name}={value!r}: one of {', '.join(among)}.")
    return value


def origin(name: str, default: str) -> str:
    """A scheme and host, without a path: `https://studio.example`."""
    value = text(name, default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
        raise ImproperlyConfigured(f"{name}={value!r}: a scheme and host are wanted, such as https://studio.example.")
    return value


def secret(name: str, *, kept_in: Path | None) -> str:
    """A secret from the environment; on a laptop (`kept_in` given) made on first start and kept in that folder."""
    given = text(name, "")
    if given:
        return given
    if kept_in is None:
        raise ImproperlyConfigured(f"{name} has to be set: this server is not on loopback.")
    path = kept_in / name.lower()
    if not path.exists():
        _write_once(path, secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()


def _write_once(path: Path, value: str) -> None:
    """Readable by the owner only, and whole from the first moment; whoever was first keeps the name."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="ascii") as draft:
        draft.write(value)
        draft.flush()
        with suppress(FileExistsError):
            os.link(draft.name, path)
