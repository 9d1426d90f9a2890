from __future__ import annotations

from pathlib import Path

import pytest

from accounts.models import User, Workspace


@pytest.fixture(autouse=True)
def storage_of_its_own(settings, tmp_path):
    """Each test has an empty folder for storage, and one for uploads in progress."""
    uploads = tmp_path / "uploads"
    uploads.mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = str(uploads)
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "storage")},
        }
    }


@pytest.fixture
def stored(tmp_path):
    """The files that storage holds."""

    def names() -> list[Path]:
        return sorted(path for path in (tmp_path / "storage").rglob("*") if path.is_file())

    return names


@pytest.fixture
def workspace(db):
    return _workspace("ann")


@pytest.fixture
def other_workspace(db):
    return _workspace("bob")


def _workspace(name: str) -> Workspace:
    user = User.objects.create(email=f"{name}@example.com")
    return Workspace.objects.create(title=name, personal_of=user)
