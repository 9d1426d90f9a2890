"""A program that speaks Astria's API, and what it may move."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Sum
from django.http import HttpResponse
from django.test import Client

from accounts import keys
from accounts.models import User, Workspace
from billing import ledger
from billing.models import Entry
from common.idempotency.models import IdempotencyKey
from common.jobs.models import Outbox
from media.models import Asset
from prompts.models import Prompt

FLUX, REALISTIC, SDXL = 1504944, 690204, 666678
WOMAN, MAN = 1533312, 123
FLUX_PROMPTS = f"/tunes/{FLUX}/prompts"


class Api:
    """Sends one key with everything. A defect in a view is raised here, not answered."""

    def __init__(self, key: str | None = None) -> None:
        self.key = key
        self.client = Client()

    def send(self, method: str, path: str, body: Any = None, **options: Any) -> HttpResponse:
        """A dict goes as multipart unless `json` or `form` stands in its place; `headers` adds headers."""
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        headers |= options.pop("headers", {})
        if "json" in options:
            body, options["content_type"] = json.dumps(options.pop("json")), "application/json"
        elif "form" in options:
            body, options["content_type"] = options.pop("form"), "application/x-www-form-urlencoded"
        return getattr(self.client, method)(path, body, headers=headers, **options)

    def get(self, path: str, **query: Any) -> HttpResponse:
        return self.send("get", path, query)

    def post(self, path: str, body: Any = None, **options: Any) -> HttpResponse:
        return self.send("post", path, body, **options)

    def delete(self, path: str) -> HttpResponse:
        return self.send("delete", path)

    def create(self, *, path: str = FLUX_PROMPTS, headers: dict[str, str] | None = None, **fields: Any) -> HttpResponse:
        """POST of `prompt[…]` as multipart; a list is sent as `prompt[…][]`."""
        return self.post(path, nested(fields), headers=headers or {})

    def quote(self, *, path: str = FLUX_PROMPTS, **fields: Any) -> HttpResponse:
        return self.post(f"{path}/quote", nested(fields))

    def made(self, **fields: Any) -> dict[str, Any]:
        """A prompt that was accepted, as the answer shows it."""
        answer = self.create(**fields)
        assert answer.status_code == 201, answer.content
        return answer.json()


def nested(fields: dict[str, Any]) -> dict[str, Any]:
    return {f"prompt[{name}][]" if isinstance(value, list) else f"prompt[{name}]": fields[name]
            for name, value in fields.items()}  # fmt: skip


def api_of(user: User, *, workspace: Workspace | None = None, scopes: tuple[str, ...] = (), **options: Any) -> Api:
    _, text = keys.issue(
        user=user, workspace=workspace or user.personal_workspace, name="test", scopes=scopes, **options
    )
    return Api(text)


def status_of(address: str) -> int:
    """What the address of a file answers to somebody without a key."""
    answer = Client().get(address)
    b"".join(answer.streaming_content if answer.streaming else [answer.content])
    return answer.status_code


def balance_of(user: User) -> int:
    return ledger.balance_mc(user.personal_workspace.pk)


def everything() -> dict[str, Any]:
    """What a request could have moved."""
    return {
        "prompts": Prompt.objects.count(),
        "messages": list(Outbox.objects.values_list("topic", "ref")),
        "entries": Entry.objects.count(),
        "promised": Entry.objects.filter(amount_mc__gt=0).aggregate(sum=Sum("amount_mc"))["sum"],
        "files": Asset.objects.count(),
        "keys": IdempotencyKey.objects.count(),
    }


@contextmanager
def nothing_moves() -> Iterator[None]:
    before = everything()
    yield
    assert everything() == before


def upload(content: bytes, name: str = "file.bin") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
