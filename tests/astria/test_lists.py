"""Every list of the API: a page takes the same queries, however many rows are on it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import Membership, User, Workspace
from callbacks.models import Delivery
from dialects.astria import openapi
from media.models import Asset
from prompts.models import Output, Pack, Prompt, Template
from tests.astria.http import FLUX
from tunes import selectors as tune_selectors
from tunes.models import Tune, TuneImage

COUNTS = (1, 20, 120)


def _copies(row, count: int, **changes):
    model = type(row)
    columns = {field.attname: getattr(row, field.attname) for field in model._meta.fields if not field.primary_key}
    return model.objects.bulk_create(model(**columns | changes) for _ in range(count))


def _asset(user) -> Asset:
    return Asset.objects.create(
        workspace=user.personal_workspace, kind="output", key=uuid4().hex, public_address=uuid4().hex[:28], filename="1-0.jpg",
        content_type="image/jpeg", bytes=1, sha256="0" * 64, width=8, height=8,
    )  # fmt: skip


def _prompts(api, user, count: int) -> None:
    first = Prompt.objects.order_by("pk").first() or Prompt.objects.get(pk=api.made(text="<faceid:123> a fox")["id"])
    done = _copies(
        first, count, status="succeeded", published_at=timezone.now(), ended_at=timezone.now(), deleted_at=None
    )
    Output.objects.bulk_create(Output(prompt=one, asset=_asset(user), position=0, seed=1) for one in done)
    Prompt.objects.filter(pk=first.pk).update(deleted_at=timezone.now())


def _tunes(api, user, count: int) -> None:
    _trained(user, count, owner=user)


def _public_tunes(api, user, count: int) -> None:
    _trained(user, count, owner=None)


def _trained(user, count: int, *, owner) -> None:
    now, asset = timezone.now(), _asset(user)
    columns = {
        "workspace": owner and owner.personal_workspace, "user": owner, "title": "mine", "name": "cat", "token": "ohwx",
        "model_type": "lora", "branch": "flux1", "base_tune_id": FLUX, "trained_at": now, "created_at": now,
        "updated_at": now,
    }  # fmt: skip
    made = Tune.objects.bulk_create(Tune(**columns) for _ in range(count))
    TuneImage.objects.bulk_create(TuneImage(tune=tune, asset=asset, position=0, caption="") for tune in made)


def _packs(api, user, count: int) -> None:
    now = timezone.now()
    made = Pack.objects.bulk_create(
        Pack(
            workspace=user.personal_workspace, user=user, title="p", slug=uuid4().hex, base_tune_id=FLUX, public_at=now,
            created_at=now, updated_at=now,
        )
        for _ in range(count)
    )  # fmt: skip
    Template.objects.bulk_create(
        Template(pk=3_000_000_000 + pack.pk, pack=pack, class_name="man", fields={"text": "a fox"}) for pack in made
    )


def _deliveries(api, user, count: int) -> None:
    Delivery.objects.bulk_create(
        Delivery(
            workspace=user.personal_workspace, url="https://example.com", body="{}", kind="prompt", ref=uuid4().int >> 80,
            dialect="astria", message_id=f"msg_{uuid4().hex}", status="succeeded", created_at=timezone.now(),
        )
        for _ in range(count)
    )  # fmt: skip


def _workspaces(api, user, count: int) -> None:
    for _ in range(count):
        Membership.objects.create(
            user=user, workspace=Workspace.objects.create(title="w", payer=user.personal_workspace)
        )


def _members(api, user, count: int) -> None:
    if not Workspace.objects.filter(personal_of=None).exists():
        _workspaces(api, user, 1)
        count -= 1
    shared = Workspace.objects.get(personal_of=None)
    for _ in range(count):
        somebody = User.objects.create(email=f"{uuid4().hex}@example.com")
        Membership.objects.create(user=somebody, workspace=shared)


# Who makes rows of a list, and how many queries a page of them takes.
LISTS: dict[str, tuple[Callable[..., None], int]] = {
    "/prompts": (_prompts, 2),
    "/tunes/{tune_id}/prompts": (_prompts, 2),
    "/gallery": (_prompts, 2),
    "/tunes": (_tunes, 2),
    "/gallery/tunes": (_public_tunes, 1),
    "/packs": (_packs, 2),
    "/gallery/packs": (_packs, 2),
    "/callbacks": (_deliveries, 1),
    "/workspaces": (_workspaces, 1),
    "/workspaces/{workspace_id}/members": (_members, 2),
}


def _is_list(operation) -> bool:
    content = operation.get("responses", {}).get("200", {}).get("content", {})
    return content.get("application/json", {}).get("schema", {}).get("type") == "array"


@pytest.mark.django_db
def test_the_table_names_every_list():
    described = openapi.document(origin="http://testserver", now=timezone.now())["paths"]

    assert {path for path, item in described.items() if "get" in item and _is_list(item["get"])} == set(LISTS)


@pytest.mark.parametrize("path", LISTS)
def test_a_page_takes_the_same_queries_whatever_its_length(api, alice, path, monkeypatch, django_assert_num_queries):
    (make, queries), there = LISTS[path], 0
    for count in COUNTS:
        make(api, alice, count - there)
        there = count
        monkeypatch.setattr(tune_selectors, "_house_tunes", None)
        shared = Workspace.objects.filter(personal_of=None).values_list("pk", flat=True).first()
        address = path.format(tune_id=FLUX, workspace_id=shared)
        api.get(address, limit=120)  # key and tune are known from here on
        with django_assert_num_queries(queries):
            shown = api.get(address, limit=120).json()
        assert len(shown) >= count
