"""`/healthz` is about the process, `/readyz` about everything it needs."""

import os
import shutil
import subprocess
import sys

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from astria_clone.settings import BASE_DIR
from billing.guard import drop_ledger_guard


def ready(status):
    answer = Client().get("/readyz")

    assert answer.status_code == status
    assert answer["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    return answer.json()


def failures(report):
    assert report["ok"] is False
    return {name: check.get("error") for name, check in report["checks"].items() if not check["ok"]}


def test_the_process_answers_without_a_database():
    answer = Client().get("/healthz")

    assert answer.status_code == 200
    assert answer.json() == {"ok": True}


@pytest.mark.django_db
def test_everything_in_order_is_ready_with_its_numbers(settings):
    report = ready(200)

    free_mb = report["checks"].pop("disk")["free_mb"]
    assert abs(free_mb - shutil.disk_usage(settings.DATA_DIR).free // 2**20) < 100
    assert report == {
        "ok": True,
        "checks": {
            "database": {"ok": True},
            "migrations": {"ok": True},
            "ledger_guard": {"ok": True},
            "storage": {"ok": True},
            "queue": {"ok": True, "oldest_queued_s": 0.0},
        },
    }


@pytest.mark.django_db
def test_a_missing_migration_is_named():
    MigrationRecorder(connection).record_unapplied("accounts", "0002_shared_workspaces")

    assert "accounts.0002_shared_workspaces" in failures(ready(503))["migrations"]


@pytest.mark.django_db
def test_a_ledger_without_its_guard_is_not_ready():
    drop_ledger_guard()

    report = failures(ready(503))

    assert list(report) == ["ledger_guard"]
    assert report["ledger_guard"].startswith("Missing triggers: ")


@pytest.mark.django_db
def test_a_full_disk_is_not_ready(settings):
    settings.DISK_FLOOR_MB = 10**9

    report = failures(ready(503))

    assert list(report) == ["disk"]
    assert report["disk"].endswith(" MB free, 1000000000 MB wanted")


@pytest.mark.django_db
def test_a_storage_that_takes_nothing_is_not_ready(settings, tmp_path):
    (tmp_path / "file").write_text("in the way")
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "file"},
        },
    }

    assert list(failures(ready(503))) == ["storage"]


@pytest.mark.django_db
def test_the_storage_check_leaves_nothing_behind(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }

    ready(200)

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_lost_database_is_told_while_the_process_stays_up(tmp_path):
    code = (
        "import django; django.setup(); from django.test import Client; c = Client();"
        "print(c.get('/healthz').status_code, c.get('/readyz').status_code, c.get('/readyz').json()['checks'])"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=BASE_DIR,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "DATA_DIR": str(tmp_path / "data"),
            "DATABASE_URL": f"sqlite:///{tmp_path}/nowhere/database.sqlite3",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.startswith("200 503 ")
    assert "'database': {'ok': False, 'error': 'OperationalError'}" in done.stdout
    assert "'storage': {'ok': True}" in done.stdout
