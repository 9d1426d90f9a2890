"""`/healthz` says that this process answers; `/readyz` that it can do its work. Neither tells a stranger any secret."""

from __future__ import annotations

import logging
import shutil
import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from billing.guard import missing_guards
from prompts import selectors

log = logging.getLogger(__name__)
Finding = dict[str, Any]


class NotReady(Exception):
    """A check failed, in words for the operator."""


@never_cache
def healthz(_request: HttpRequest) -> JsonResponse:
    return JsonResponse({"ok": True})


@never_cache
def readyz(_request: HttpRequest) -> JsonResponse:
    """All checks are made even when one fails, so that one look shows everything; 503 when one failed."""
    checks = {name: _outcome(name, check) for name, check in CHECKS.items()}
    ready = all(outcome["ok"] for outcome in checks.values())
    return JsonResponse({"ok": ready, "checks": checks}, status=200 if ready else 503)


def _outcome(name: str, check: Callable[[], Finding]) -> Finding:
    try:
        return {"ok": True, **check()}
    except NotReady as reason:
        return {"ok": False, "error": str(reason)}
    except Exception as error:  # whatever broke (driver, storage, disk), the answer has to say in which check
        log.warning("Not ready: %s", name, exc_info=True)
        return {"ok": False, "error": type(error).__name__}  # its text may hold addresses and user names


def _database() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return {}


def _migrations() -> Finding:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        raise NotReady(f"Not applied: {', '.join(f'{step.app_label}.{step.name}' for step, _ in plan)}")
    return {}


def _ledger_guard() -> Finding:
    missing = missing_guards()
    if missing:
        raise NotReady(f"Missing triggers: {', '.join(missing)}")
    return {}


def _storage() -> Finding:
    name = default_storage.save(f"readyz/{uuid.uuid4().hex}", ContentFile(b"ready"))
    default_storage.delete(name)
    return {}


def _disk() -> Finding:
    free_mb = shutil.disk_usage(settings.DATA_DIR).free // 2**20
    if free_mb < settings.DISK_FLOOR_MB:
        raise NotReady(f"{free_mb} MB free, {settings.DISK_FLOOR_MB} MB wanted")
    return {"free_mb": free_mb}


def _queue() -> Finding:
    """A long wait is no failure of this process; the number is for the operator's alarm."""
    return {"oldest_queued_s": selectors.oldest_queued_age(timezone.now())}


CHECKS: dict[str, Callable[[], Finding]] = {
    "database": _database,
    "migrations": _migrations,
    "ledger_guard": _ledger_guard,
    "storage": _storage,
    "disk": _disk,
    "queue": _queue,
}
