"""Idempotency-Key over HTTP: the same request twice has one effect and one answer (R14–R17)."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.models import Membership, Workspace
from common.idempotency import keys
from common.idempotency.models import IdempotencyKey
from media import decode
from prompts.models import Prompt
from tests.astria.http import FLUX, FLUX_PROMPTS, Api, api_of, balance_of, nested, nothing_moves, upload

KEY = {"Idempotency-Key": "order-77"}
CLIP = {"text": "a garden", "video_model": "kling25", "video_prompt": "pan left"}


def test_a_repeat_gets_the_first_answer_and_is_marked(api, alice):
    first = api.create(**CLIP, headers=KEY)
    balance = balance_of(alice)

    with nothing_moves():
        second = api.create(**CLIP, headers=KEY)

    assert (second.status_code, second.content) == (201, first.content)
    assert second["Content-Type"] == "application/json"
    assert (first.get("Idempotent-Replayed"), second["Idempotent-Replayed"]) == (None, "true")
    assert balance_of(alice) == balance


def test_the_first_answer_comes_again_whatever_happened_since(api):
    first = api.create(text="a fox", headers=KEY)
    api.delete(f"/prompts/{first.json()['id']}")

    assert api.create(text="a fox", headers=KEY).content == first.content


def test_without_a_key_every_post_is_a_new_one(api):
    assert api.made(text="a fox")["id"] != api.made(text="a fox")["id"]


@pytest.mark.parametrize(
    "twice",
    [
        ({"json": {"prompt": {"text": "a fox"}}},) * 2,
        ({"form": "prompt%5Btext%5D=a+fox"},) * 2,
        ({"form": "prompt%5Btext%5D=a+fox"}, {"body": {"prompt[text]": "a fox"}}),
    ],
    ids=["json", "form", "a form and the same as multipart"],
)
def test_every_encoding_can_be_repeated(api, twice):
    first, second = (api.post(FLUX_PROMPTS, **each, headers=KEY) for each in twice)

    assert second["Idempotent-Replayed"] == "true"
    assert first.content == second.content


def _multipart(boundary: str, picture: bytes) -> bytes:
    return b"".join([
        f'--{boundary}\r\nContent-Disposition: form-data; name="prompt[text]"\r\n\r\na fox\r\n'.encode(),
        f'--{boundary}\r\nContent-Disposition: form-data; name="prompt[input_image]"; filename="a.jpg"\r\n'.encode(),
        b"Content-Type: image/jpeg\r\n\r\n", picture, f"\r\n--{boundary}--\r\n".encode(),
    ])  # fmt: skip


def test_a_new_boundary_makes_no_other_request_and_a_repeat_decodes_nothing(api, picture, monkeypatch):
    def sent(boundary):
        return api.client.post(
            FLUX_PROMPTS,
            _multipart(boundary, picture),
            content_type=f"multipart/form-data; boundary={boundary}",
            headers={"Authorization": f"Bearer {api.key}", **KEY},
        )

    first = sent("one")
    monkeypatch.setattr(decode, "normalise", None)  # would fail if it were called

    second = sent("another")

    assert (first.status_code, second.status_code) == (201, 201)
    assert second.content == first.content
    assert second["Idempotent-Replayed"] == "true"


# --- another request under the same key -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        {"path": FLUX_PROMPTS, "body": nested({"text": "a hare"})},
        {"path": FLUX_PROMPTS, "body": nested({"text": "a fox", "seed": "1"})},
        {"path": "/prompts", "body": nested({"text": "a fox", "tune_id": "1504944"})},
        {"path": f"{FLUX_PROMPTS}?view=board", "body": nested({"text": "a fox"})},
    ],
    ids=["another text", "one field more", "another path", "another query"],
)
def test_another_request_is_refused_and_does_nothing(api, other):
    api.create(text="a fox", headers=KEY)

    with nothing_moves():
        answer = api.post(other["path"], other["body"], headers=KEY)

    assert answer.status_code == 422
    assert answer.json() == {"base": ["This Idempotency-Key was used for a different request."]}


def test_another_file_is_another_request(api, picture):
    api.create(text="a fox", input_image=upload(picture, "a.jpg"), headers=KEY)

    assert api.create(text="a fox", input_image=upload(picture + b"!", "a.jpg"), headers=KEY).status_code == 422


@pytest.mark.parametrize("key", ["", "x" * 256, "two words", "ключ", "tab\there"])
def test_a_key_is_1_to_255_visible_ascii_characters(api, key):
    with nothing_moves():
        answer = api.create(text="a fox", headers={"Idempotency-Key": key})

    assert answer.status_code == 422
    assert answer.json() == {"base": ["Idempotency-Key must be 1 to 255 visible ASCII characters"]}


# --- what is not stored ---------------------------------------------------------------------------------------------


def test_a_refusal_is_not_stored_so_that_a_corrected_request_works(api):
    assert api.create(text="", headers=KEY).status_code == 422

    assert api.create(text="a fox", headers=KEY).status_code == 201


def test_an_empty_wallet_is_not_stored_either(poor_api, bob, rich):
    assert poor_api.create(text="a fox", headers=KEY).status_code == 422
    rich(bob, 10_000)

    assert poor_api.create(text="a fox", headers=KEY).status_code == 201


def test_a_stranger_without_a_key_leaves_no_trace(server):
    assert Api().create(text="a fox", headers=KEY).status_code == 401
    assert not IdempotencyKey.objects.exists()


def test_after_48_hours_the_key_is_free_again(api):
    first = api.create(text="a fox", headers=KEY).json()
    keys.purge(now=timezone.now() + keys.KEPT + timezone.timedelta(minutes=1))

    assert api.create(text="a fox", headers=KEY).json()["id"] != first["id"]


# --- whose key ------------------------------------------------------------------------------------------------------


def test_two_tenants_may_use_the_same_key(api, bob, rich):
    mine = api.create(text="a fox", headers=KEY)
    theirs = api_of(rich(bob, 10_000)).create(text="a fox", headers=KEY)

    assert theirs.status_code == 201
    assert theirs.get("Idempotent-Replayed") is None
    assert mine.json()["id"] != theirs.json()["id"]


def test_all_keys_of_a_workspace_share_it(api, alice):
    first = api.create(text="a fox", headers=KEY)

    assert api_of(alice).create(text="a fox", headers=KEY).content == first.content


def test_another_workspace_of_the_same_user_does_not(api, alice):
    team = Workspace.objects.create(title="team", payer=alice.personal_workspace)
    Membership.objects.create(user=alice, workspace=team)
    first = api.create(text="a fox", headers=KEY)

    second = api.create(text="a fox", headers=KEY | {"X-Workspace-Id": str(team.pk)})

    assert second.json()["id"] != first.json()["id"]
    assert Prompt.objects.count() == 2


MD5 = "1B2M2Y8AsgTpgAmY7PhCfg=="


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/packs", {"pack": {"title": "Autumn", "base_tune_id": FLUX}}),
        ("/workspaces.json", {"workspace": {"title": "Studio"}}),
        (
            "/api/direct_uploads",
            {"blob": {"filename": "a.jpg", "byte_size": 9, "content_type": "image/jpeg", "checksum": MD5}},
        ),
    ],
)
def test_everything_that_creates_can_be_repeated(api, path, body):
    first, second = (api.post(path, json=body, headers=KEY) for _ in range(2))

    assert first.status_code in (200, 201)
    assert (second.content, second["Idempotent-Replayed"]) == (first.content, "true")


def test_a_board_gets_the_prompt_wrapped(api):
    made = api.post("/prompts?view=board", json={"prompt": {"tune_id": FLUX, "text": "a fox"}}).json()

    assert list(made) == ["prompt"]
    again = api.post(f"/prompts/{made['prompt']['id']}/duplicate?view=board").json()
    assert again["prompt"]["text"] == "a fox"
