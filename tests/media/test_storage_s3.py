"""The same files in S3: stored privately, read by a redirect to an address that runs out."""

import httpx
import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from moto.server import ThreadedMotoServer

from astria_clone import settings as product
from media import expiry, intake, links, store
from media.decode import Facts
from media.models import Asset
from tests.media.files import clip

pytestmark = pytest.mark.urls("tests.media.urls")


@pytest.fixture
def bucket(settings, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"s3://results/prefix?endpoint=http://{host}:{port}&region=us-east-1"
    settings.STORAGES = settings.STORAGES | {"default": product._storage(url)}
    default_storage.connection.create_bucket(Bucket="results")
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def asset(bucket, workspace, tmp_path):
    facts = Facts(content_type="video/mp4", width=160, height=96, frames=24, fps=24, seconds=1)
    return store.store_output(clip(tmp_path / "a.mp4"), workspace_id=workspace.pk, filename="7-0.mp4", facts=facts)


def test_a_read_is_sent_to_the_object_with_range_type_and_an_end(client, asset, bucket):
    response = client.get(links.public(asset.address, asset.filename, origin=""))

    assert response.status_code == 302
    assert response["Location"].startswith(f"{bucket}/results/prefix/outputs/")
    assert "X-Amz-Expires=300" in response["Location"]
    assert response["Cache-Control"] == "private, no-store"
    piece = httpx.get(response["Location"], headers={"Range": "bytes=4-7"}, trust_env=False)
    assert (piece.status_code, piece.content) == (206, b"ftyp")
    assert piece.headers["content-type"] == "video/mp4"
    assert piece.headers["content-disposition"] == "inline; filename*=UTF-8''7-0.mp4"


def test_a_look_at_the_head_is_signed_as_one(client, asset):
    response = client.head(links.public(asset.address, asset.filename, origin=""))

    head = httpx.head(response["Location"], trust_env=False)
    assert (response.status_code, head.status_code, head.headers["content-length"]) == (302, 200, str(asset.bytes))


def test_an_object_knows_its_type_by_itself(asset):
    head = default_storage.connection.meta.client.head_object(Bucket="results", Key=f"prefix/{asset.key}")

    assert (head["ContentType"], head["ContentLength"]) == ("video/mp4", asset.bytes)


def test_a_result_in_s3_can_be_an_input(asset, workspace):
    url = links.public(asset.address, asset.filename, origin="http://localhost:8000")

    with intake.take(intake.Linked(url), expects="video", workspace_id=workspace.pk, field="input_video") as taken:
        assert taken.facts.frames == 24


def test_a_retired_object_is_deleted(asset):
    store.retire([asset.pk], now=timezone.now())

    assert expiry.sweep(now=timezone.now()) == 1

    assert not default_storage.exists(asset.key)
    assert Asset.objects.get().purged_at is not None
