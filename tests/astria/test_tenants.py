"""Every route of the API against {no key, a stranger's key, a revoked key}, generated from the URL map (R41).

A new route without a row here fails.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import URLPattern, get_resolver
from django.utils import timezone
from PIL import Image

from accounts import keys, people
from accounts.models import ApiKey, Membership, Workspace
from callbacks import delivery
from callbacks.models import Delivery
from common.http_api import ApiView, SpendingPost
from media import store
from media.decode import Facts
from prompts.models import Template
from tests.astria.http import FLUX, Api, api_of, balance_of, nothing_moves, upload
from tests.astria.test_references import own_tune
from tunes.house import SAMPLES
from tunes.models import Inspection, Tune


def _jpeg() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(file, "JPEG")
    return file.getvalue()


METHODS = ("get", "post", "put", "patch", "delete")
PIXELS = "data:image/jpeg;base64," + base64.b64encode(_jpeg()).decode()
TEXT = {"prompt[text]": "a fox"}
NEW = {"tune[title]": "mine", "tune[name]": "cat", "tune[image_urls][]": PIXELS}
SAMPLE = SAMPLES / "ohwx-man-1.png"
NO_BASE = {"base_tune_id": ["does not exist or is not yours"]}
DIALECTS = {"astria", "fal", "modelslab"}
# Routes without an owner: what they serve is public, or found under an address that nobody guesses. fal's proxy hands
# on to routes of fal's.
PUBLIC = {"", "healthz", "readyz", "openapi.json", r"^api/fal/proxy/?$"}
# Routes that take no key: what they show is public by somebody's own choice.
FOR_EVERYBODY = {
    "astria-gallery", "astria-gallery-tunes", "astria-cli-models", "astria-plugin-models", "astria-plugin-tunes",
    "astria-gallery-packs", "astria-pack-detail",
}  # fmt: skip
# POSTs that are not built on the view for spending, because they keep and charge nothing.
FREE_POSTS = {
    "astria-quote",
    "astria-tune-quote",
    "astria-tunes-quote",
    "astria-like",
    "astria-likes",
    "astria-members",
    "astria-resend",
    "astria-handoff",
    "astria-inspect",
    "astria-describe",
    "astria-class-name",
    "astria-themes",
    "astria-assist",
    "astria-secret",
}


@dataclass(frozen=True)
class Row:
    """How a route is called with things of Alice's, and what a stranger hears: 404, or an answer without them."""

    path: str  # {tune}: her own tune; {prompt}: her prompt on it
    methods: tuple[str, ...]
    stranger: int = 404
    body: Any = None
    refusal: Any = None  # the body of a stranger's 422
    change: Any = None  # JSON of a PATCH
    own: bool = False  # it is about whoever asks
    hers: int | None = None  # what Alice hears, if it is no success: that it is there, and not for this


ROWS = {
    "astria-tunes": Row("/tunes", ("get",), stranger=200),
    "astria-tunes+": Row(
        "/tunes", ("post",), body=NEW | {"tune[base_tune_id]": "{tune}"}, stranger=422, refusal=NO_BASE, hers=422
    ),
    "astria-tunes-quote": Row(
        "/tunes/quote", ("post",), body=NEW | {"tune[base_tune_id]": "{tune}"}, stranger=422, refusal=NO_BASE, hers=422
    ),
    "astria-tune": Row("/tunes/{tune}", ("get", "patch", "delete"), change={"tune": {"title": "his"}}),
    "astria-prompts": Row("/prompts", ("get",), stranger=200),
    "astria-prompts+": Row("/prompts", ("post",), body=TEXT | {"prompt[tune_id]": "{tune}"}),
    "astria-quote": Row("/prompts/quote", ("post",), body=TEXT | {"prompt[tune_id]": "{tune}"}),
    "astria-prompt": Row("/prompts/{prompt}", ("get", "patch", "delete"), change={"prompt": {"community": True}}),
    "astria-duplicate": Row("/prompts/{prompt}/duplicate", ("post",), body={}),
    "astria-tune-duplicate": Row("/tunes/{tune}/prompts/{prompt}/duplicate", ("post",), body={}),
    "astria-like": Row("/prompts/{prompt}/like", ("post",), body={}),
    "astria-likes": Row("/prompts/{prompt}/likes", ("post",), body={}),
    "astria-callbacks": Row("/callbacks", ("get",), stranger=200),
    "astria-callback": Row("/callbacks/{told}", ("get",)),
    "astria-resend": Row("/callbacks/{told}/resend", ("post",), body={}),
    "astria-secret": Row("/callbacks/secret", ("get",), stranger=200, own=True),
    "astria-secret+": Row("/callbacks/secret", ("post",), body={}, stranger=201, own=True),
    "astria-inspect": Row("/images/inspect", ("post",), body={"file_url": PIXELS}, stranger=200, own=True),
    "astria-describe": Row("/images/describe", ("post",), body={"file_url": PIXELS}, stranger=200, own=True),
    "astria-class-name": Row("/images/class_name", ("post",), body={"file_url": PIXELS}, stranger=200, own=True),
    "astria-inspect-video": Row("/videos/inspect", ("post",), body={"file_url": PIXELS}, stranger=422, own=True),
    "astria-video-inspection": Row("/videos/inspect/{looked}", ("get",)),
    "astria-handoff": Row("/api/agent_handoffs", ("post",), body={}, stranger=422, own=True),
    "astria-themes": Row("/themes", ("post",), body={}, stranger=422, own=True),
    "astria-assist": Row("/assist/complete", ("post",), body={}, stranger=422, own=True),
    "astria-direct-uploads": Row(
        "/api/direct_uploads",
        ("post",),
        body={
            "blob[filename]": "a.jpg",
            "blob[byte_size]": "9",
            "blob[checksum]": "1B2M2Y8AsgTpgAmY7PhCfg==",
            "blob[content_type]": "image/jpeg",
        },
        stranger=200,
        own=True,
    ),
    "astria-packs": Row("/packs", ("get",), stranger=200),
    "astria-packs+": Row(
        "/packs", ("post",), body={"pack[title]": "x", "pack[base_tune_id]": str(FLUX)}, stranger=201, own=True
    ),
    "astria-pack": Row("/packs/{pack}", ("patch", "delete"), change={"pack": {"title": "his"}}),
    "astria-pack-run": Row("/p/{pack}/tunes", ("post",), body={"tune[tune_ids][]": "{tune}"}),
    "astria-users": Row("/users", ("get", "patch"), change={"user": {"name": "A"}}, stranger=200, own=True),
    "astria-workspaces": Row("/workspaces.json", ("get",), stranger=200),
    "astria-workspaces+": Row("/workspaces.json", ("post",), body={"workspace[title]": "x"}, stranger=201, own=True),
    "astria-workspace": Row("/workspaces/{team}", ("get", "patch", "delete"), change={"workspace": {"title": "his"}}),
    "astria-members": Row(
        "/workspaces/{team}/members",
        ("get", "post"),
        body={"member[email]": "alice@example.com", "member[role]": "owner"},
    ),
    "astria-member": Row("/workspaces/{team}/members/{guest}", ("delete",)),
    "astria-tune-prompts": Row("/tunes/{tune}/prompts", ("get", "post"), body=TEXT),
    "astria-tune-quote": Row("/tunes/{tune}/prompts/quote", ("post",), body=TEXT),
    "astria-tune-prompt": Row(
        "/tunes/{tune}/prompts/{prompt}", ("get", "patch", "delete"), change={"prompt": {"community": True}}
    ),
    "astria-tune-prompt on its base": Row(f"/tunes/{FLUX}/prompts/{{prompt}}", ("get", "delete")),
}
CALLS = [(name, method) for name, row in ROWS.items() for method in row.methods]


def routes(patterns=None) -> Iterator[URLPattern]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        else:
            yield from routes(pattern.url_patterns)


def api_routes() -> dict[str, type[ApiView]]:
    """Astria's; each of the other dialects has a table of its own."""
    found = {str(route.name): getattr(route.callback, "cls", None) for route in routes()}
    views = {name: view for name, view in found.items() if view and issubclass(view, ApiView)}
    assert {name.partition("-")[0] for name in views} <= DIALECTS
    return {name: view for name, view in views.items() if name.startswith("astria-")}


@pytest.fixture
def hers(api, alice, picture):
    """Alice's tune, and her prompt on it."""
    tune = own_tune(alice)
    team = Workspace.objects.create(title="team", payer=alice.personal_workspace)
    guest = people.create_user(email="guest@example.com", password=None)
    Membership.objects.create(workspace=team, user=alice, role="owner")
    Membership.objects.create(workspace=team, user=guest)
    prompt = api.made(path=f"/tunes/{tune.pk}/prompts", text="a cat")
    pack = api.post("/packs", json={"pack": {"title": "hers", "base_tune_id": FLUX}}).json()
    Template.objects.create(pk=prompt["id"], pack_id=pack["id"], class_name="cat", fields={"text": "ohwx cat"})
    told = delivery.record(
        workspace_id=alice.personal_workspace.pk, url="https://example.com/alice@example.com", body={}, kind="prompt",
        ref=prompt["id"], dialect="astria", now=timezone.now(),
    )  # fmt: skip
    Delivery.objects.update(status="succeeded")
    asset = store.store_input(
        SAMPLE, workspace_id=alice.personal_workspace.pk, facts=Facts(content_type="image/png", width=8, height=8)
    )
    looked = Inspection.objects.create(
        workspace=alice.personal_workspace, asset=asset, status="succeeded", created_at=timezone.now()
    )
    return {
        "tune": tune.pk, "prompt": prompt["id"], "team": team.pk, "guest": guest.pk, "pack": pack["id"],
        "told": told.pk, "looked": looked.pk,
    }  # fmt: skip


def call(program, name, method, hers):
    row = ROWS[name]
    if method == "patch":
        return program.send(method, row.path.format(**hers), json=row.change)
    body = {field: value.format(**hers) for field, value in row.body.items()} if method == "post" else None
    return program.send(method, row.path.format(**hers), body)


# --- the table is whole ---------------------------------------------------------------------------------------------


def test_every_route_of_the_api_has_a_row():
    assert {name.split("+")[0].split(" ")[0] for name in ROWS} | FOR_EVERYBODY == set(api_routes())


def test_every_method_of_a_route_is_tried():
    tried = {}
    for name, method in CALLS:
        tried.setdefault(name.split("+")[0].split(" ")[0], set()).add(method)

    answered = {name: {method for method in METHODS if hasattr(view, method)} for name, view in api_routes().items()}

    assert tried | {name: {"get"} for name in FOR_EVERYBODY} == answered


def test_other_routes_are_known_to_be_public():
    others = [route for route in routes() if not hasattr(route.callback, "cls")]

    strange = [route for route in others if not route.callback.__module__.startswith(("web.", "media.serve"))]
    assert {str(route.pattern) for route in strange} == PUBLIC


def test_every_post_spends_through_the_one_view_or_is_free():
    posts = {name for name, view in api_routes().items() if hasattr(view, "post")}

    spending = {name for name, view in api_routes().items() if issubclass(view, SpendingPost)}
    assert posts - spending == FREE_POSTS


# --- and everybody is turned away -----------------------------------------------------------------------------------


@pytest.mark.once  # which database holds it makes no difference
@pytest.mark.parametrize(("name", "method"), CALLS)
def test_nobody_without_a_key(hers, name, method):
    with nothing_moves():
        answer = call(Api(), name, method, hers)

    assert (answer.status_code, answer.content) == (401, b"HTTP Token: Access denied.\n")


@pytest.mark.once  # which database holds it makes no difference
@pytest.mark.parametrize(("name", "method"), CALLS)
def test_no_revoked_key(hers, api, name, method):
    keys.revoke(key=ApiKey.objects.get(), now=timezone.now())

    with nothing_moves():
        answer = call(api, name, method, hers)

    assert answer.status_code == 401


@pytest.mark.parametrize("is_staff", [False, True])
@pytest.mark.parametrize(("name", "method"), CALLS)
def test_no_stranger(hers, bob, rich, name, method, is_staff):
    bob.is_staff = bob.is_superuser = is_staff
    bob.save()
    stranger = api_of(rich(bob, 100_000))

    with nothing_moves():
        answer = call(stranger, name, method, hers)

    assert answer.status_code == ROWS[name].stranger
    if ROWS[name].own:
        assert b"alice@example.com" not in answer.content
        return
    told = {200: [], 422: ROWS[name].refusal}
    assert answer.json() == told.get(answer.status_code, {"status": 404, "error": "Not Found"})
    assert balance_of(bob) == 100_000


@pytest.mark.once  # which database holds it makes no difference
@pytest.mark.parametrize(("name", "method"), [call for call in CALLS if ROWS[call[0]].stranger == 404])
def test_what_is_hers_and_what_never_was_look_alike(hers, bob, rich, name, method):
    stranger = api_of(rich(bob, 100_000))
    nothing = {
        "tune": Tune.objects.latest("pk").pk + 1,
        "prompt": hers["prompt"] + 1,
        "team": 999,
        "guest": 999,
        "pack": 999,
        "told": 999,
        "looked": 999,
    }

    foreign, missing = call(stranger, name, method, hers), call(stranger, name, method, nothing)

    assert (foreign.status_code, foreign.content) == (missing.status_code, missing.content)
    assert foreign.headers == missing.headers


@pytest.mark.parametrize(("name", "method"), CALLS)
def test_but_she_herself(hers, api, name, method):
    refused = (422,) if ROWS[name].own and ROWS[name].stranger == 422 else ()
    answer = call(api, name, method, hers)

    assert answer.status_code == ROWS[name].hers or answer.status_code in (200, 201, 202, 204, *refused)
    assert answer.json() != NO_BASE if answer.status_code == 422 else True


def test_a_stranger_can_not_use_her_files(api, bob, rich, picture):
    link = api.made(text="a fox", input_image=upload(picture))["input_image"]
    stranger = api_of(rich(bob, 100_000))

    with nothing_moves():
        answer = stranger.create(text="a fox", input_image_url=link)

    assert (answer.status_code, answer.json()) == (422, {"input_image": ["can't be fetched from that address"]})


def test_filters_reach_no_further(hers, bob, rich):
    stranger = api_of(rich(bob, 100_000))

    assert stranger.get("/prompts", tune_id=hers["tune"]).json() == []
    assert stranger.get("/prompts", before_id=hers["prompt"] + 1).json() == []
    assert stranger.get("/tunes", before_id=hers["tune"] + 1).json() == []
