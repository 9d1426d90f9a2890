"""The installation that every test begins with: what `manage.py setup` leaves behind, made once a run.

Loading the catalogue for each test would take longer than the tests. What rolls back finds it untouched; a test that
commits is followed by `reset`.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from unittest.mock import patch

from django.core.management import call_command
from django.db import connection
from django.db.models import Model

from billing import ledger
from catalogue import loading
from prompts.packs import house as packs
from tunes import house


def install() -> str:
    """Every row of the database as text, for `reset`. The sample tunes' pictures stay out: files are a test's own."""
    ledger.ensure_house_accounts()
    loading.load()
    with tempfile.TemporaryDirectory() as no_pictures, patch.object(house, "SAMPLES", Path(no_pictures)):
        house.load()
    packs.load()
    return connection.creation.serialize_db_to_string()


def reset(rows: str) -> None:
    """Back to the template, whatever was written; sequences go on."""
    call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True, reset_sequences=False)
    connection.creation.deserialize_db_from_string(rows)


def empty(*models: type[Model]) -> None:
    """Take the template's rows away, for a test of how they come: children before parents."""
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")
