"""Static files as `setup` lays them out: named by their content, compressed, kept for ever."""

import re

import pytest
from django.core.management import call_command

from astria_clone import settings as product


@pytest.fixture
def laid_out(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


def test_every_file_of_the_page_is_served_under_the_hash_of_its_content(laid_out, client, db):
    html = client.get("/docs/api").content.decode()
    files = sorted(set(re.findall(r'(?:href|src)="(/static/[^"]+)"', html)))

    assert [re.sub(r"\.[0-9a-f]{12}\.", ".", file) for file in files] == [
        "/static/css/base.css",
        "/static/css/docs.css",
        "/static/img/mark.svg",
        "/static/img/strip.svg",
    ]
    for file in files:
        answer = client.get(file, headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "max-age=315360000, public, immutable"
        assert b"".join(answer.streaming_content)
        answer.close()


def test_only_the_products_own_files_are_laid_out(laid_out):
    assert {path.name for path in laid_out.iterdir()} == {"css", "img", "staticfiles.json"}


def test_setup_uses_the_same_storage(settings):
    assert settings.STATICFILES_DIRS == [product.BASE_DIR / "static"]
    assert "CompressedManifest" in (product.BASE_DIR / "astria_clone" / "settings.py").read_text()
