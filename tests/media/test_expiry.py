"""What goes when: unused uploads after a day, retired files at the next sweep, half-done folders after an hour."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from common.errors import NotFound
from media import expiry, store
from media.decode import Facts
from media.models import Asset

PICTURE = Facts(content_type="image/png", width=1, height=1)
DAY = timedelta(hours=24, seconds=1)


@pytest.fixture
def given(workspace, tmp_path):
    return keep(workspace, tmp_path)


def keep(workspace, tmp_path):
    (tmp_path / "a.png").write_bytes(b"png")
    return store.store_input(tmp_path / "a.png", workspace_id=workspace.pk, facts=PICTURE)


def test_an_unused_upload_goes_after_a_day_and_not_before(given, stored):
    assert expiry.sweep(now=timezone.now() + timedelta(hours=23)) == 0
    assert len(stored()) == 1

    assert expiry.sweep(now=timezone.now() + DAY) == 1

    assert stored() == []
    given.refresh_from_db()
    assert given.deleted_at is not None


def test_a_file_that_is_referred_to_stays(given, stored):
    store.keep_for_good([given.pk])

    assert expiry.sweep(now=timezone.now() + timedelta(days=400)) == 0
    assert len(stored()) == 1


def test_a_file_that_ended_can_no_longer_be_referred_to(given):
    expiry.sweep(now=timezone.now() + DAY)

    with pytest.raises(NotFound):
        store.keep_for_good([given.pk])


def test_keeping_an_output_keeps_its_renditions(workspace, tmp_path, stored):
    (tmp_path / "a.png").write_bytes(b"png")
    output = store.store_output(tmp_path / "a.png", workspace_id=workspace.pk, filename="1-0.png", facts=PICTURE)
    store.store_rendition(tmp_path / "a.png", of=output, role="poster", facts=PICTURE)

    store.keep_for_good([output.pk])

    assert expiry.sweep(now=timezone.now() + DAY) == 0
    assert len(stored()) == 2


def test_a_retired_file_goes_at_the_next_sweep_and_only_once(given, stored):
    store.keep_for_good([given.pk])
    store.retire([given.pk], now=timezone.now())

    assert expiry.sweep(now=timezone.now()) == 1
    assert expiry.sweep(now=timezone.now()) == 0

    assert stored() == []
    assert Asset.objects.get().purged_at is not None


def test_a_sweep_takes_a_hundred_at_a_time(workspace, tmp_path, stored):
    for _ in range(103):
        keep(workspace, tmp_path)

    assert [expiry.sweep(now=timezone.now() + DAY) for _ in range(3)] == [100, 3, 0]
    assert stored() == []


def test_a_file_that_will_not_go_is_tried_again_and_keeps_no_other(workspace, tmp_path, stored, monkeypatch):
    stuck, other = keep(workspace, tmp_path), keep(workspace, tmp_path)
    store.retire([stuck.pk, other.pk], now=timezone.now())
    folder = Path(default_storage.path(stuck.key))
    content = folder.read_bytes()
    folder.unlink()
    folder.mkdir()
    (folder / "in the way").touch()

    assert expiry.sweep(now=timezone.now()) == 1

    (folder / "in the way").unlink()
    folder.rmdir()
    folder.write_bytes(content)
    assert expiry.sweep(now=timezone.now()) == 1
    assert stored() == []


def test_folders_of_requests_that_died_are_cleared(settings, db):
    uploads = Path(settings.FILE_UPLOAD_TEMP_DIR)
    old, new, foreign = uploads / "intake-old", uploads / "intake-new", uploads / "other"
    for folder in (old, new, foreign):
        folder.mkdir()
        (folder / "source").touch()
    for folder in (old, foreign):
        os.utime(folder, (0, 0))

    expiry.sweep(now=timezone.now())

    assert sorted(path.name for path in uploads.iterdir()) == ["intake-new", "other"]
