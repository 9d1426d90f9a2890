"""A server with settings that make no sense does not start. Each case is a process of its own, as settings are read once."""

import stat
import subprocess
import sys

import pytest

from astria_clone.settings import BASE_DIR

ONLINE = {
    "PUBLIC_URL": "https://studio.example",
    "SECRET_KEY": "a" * 50,
    "KEY_PEPPER": "b" * 50,
    "FIELD_SECRET": "c" * 50,
}


def load(tmp_path, *shown, **env):
    """Import the settings under exactly this environment; print the named ones."""
    code = f"from astria_clone import settings; print(*(getattr(settings, name) for name in {shown!r}), sep='|')"
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=BASE_DIR,
        env={"DATA_DIR": str(tmp_path / "data"), **env},
        capture_output=True,
        text=True,
        check=False,
    )


def test_nothing_has_to_be_set_on_a_laptop(tmp_path):
    done = load(tmp_path, "BIND", "PORT", "PUBLIC_URL", "DEMO", "SESSION_COOKIE_SECURE", "WEB_PROCESSES", "WEB_THREADS")

    assert done.stdout.strip() == "127.0.0.1|8000|http://localhost:8000|True|False|1|8"
    assert done.stderr == ""


def test_the_data_folder_is_its_owners_alone(tmp_path):
    load(tmp_path, "PORT")

    assert stat.filemode((tmp_path / "data").stat().st_mode) == "drwx------"


def test_a_public_address_makes_it_strict(tmp_path):
    done = load(tmp_path, "BIND", "ALLOWED_HOSTS", "DEMO", "SESSION_COOKIE_SECURE", **ONLINE)

    assert done.stdout.strip() == "0.0.0.0|['studio.example', 'queue.studio.example']|False|True"
    assert not (tmp_path / "data" / "secrets").exists()


def test_sqlite_waits_for_its_lock_and_writes_ahead(tmp_path):
    options = load(tmp_path, "DATABASES").stdout

    assert "'transaction_mode': 'IMMEDIATE'" in options
    assert "journal_mode=WAL" in options
    assert "'timeout': 5" in options


def test_postgres_gets_the_pool_and_a_lock_timeout(tmp_path):
    options = load(tmp_path, "DATABASES", DATABASE_URL="postgres://app@127.0.0.1:5432/app").stdout

    assert "'pool': {'min_size': 1, 'max_size': 8, 'timeout': 10}" in options
    assert "-c lock_timeout=5000" in options


REFUSED = [
    ({"DATA_DIR": "/dev/null"}, "DATA_DIR: /dev/null can't be used: File exists."),
    ({"DATA_DIR": "/dev/null/data"}, "DATA_DIR: /dev/null/data can't be used: Not a directory."),
    ({"PORT": "0"}, "PORT=0: outside 1…65535."),
    ({"PORT": "http"}, "PORT='http': not a whole number."),
    ({"PUBLIC_URL": "http://studio.example"}, "PUBLIC_URL: https is required on any host but localhost."),
    ({"PUBLIC_URL": "studio.example"}, "PUBLIC_URL='studio.example': a scheme and host are wanted"),
    ({"PUBLIC_URL": "https://studio.example"}, "SECRET_KEY has to be set: this server is not on loopback."),
    ({**ONLINE, "KEY_PEPPER": ""}, "KEY_PEPPER has to be set: this server is not on loopback."),
    ({**ONLINE, "KEY_PEPPER": "a" * 50}, "SECRET_KEY, KEY_PEPPER and FIELD_SECRET have to differ."),
    ({**ONLINE, "DEMO": "1"}, "DEMO=1: demo accounts exist on loopback only."),
    ({"DATABASE_URL": "mysql://app@127.0.0.1/app"}, "DATABASE_URL: sqlite:///… or postgres://…"),
    (
        {"STORAGE_URL": "ftp://files.example"},
        "STORAGE_URL='ftp://files.example': file:///folder or s3://bucket/prefix.",
    ),
    ({"STORAGE_URL": "file://relative/folder"}, "STORAGE_URL='file://relative/folder'"),
    ({"LOG_LEVEL": "loud"}, "LOG_LEVEL='loud': one of DEBUG, INFO, WARNING, ERROR."),
    ({"LEASE_S": "1"}, "LEASE_S=1: outside 2…."),
    ({"RENDER_SLOTS": "0"}, "RENDER_SLOTS=0: outside 1…."),
]


@pytest.mark.parametrize(("env", "told"), REFUSED, ids=[told for _, told in REFUSED])
def test_nonsense_is_refused_by_name(tmp_path, env, told):
    done = load(tmp_path, **env)

    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1].startswith(f"django.core.exceptions.ImproperlyConfigured: {told}")
