"""How much unfinished work a workspace may have: counted exactly, given back exactly once, off by default (R45)."""

import pytest
from django.utils import timezone

from accounts.models import Membership, Workspace
from billing import spending
from billing.limits import TooManyUnfinished
from billing.models import Queue, Slot
from common.idempotency import keys as idempotency
from prompts import books, lifecycle
from prompts.models import Prompt
from prompts.request import PromptRequest
from prompts.submission.accept import accept
from prompts.submission.prepare import prepare
from tests.astria.conftest import api, picture, server
from tests.astria.http import Api, api_of, balance_of, nothing_moves
from tests.astria.test_tenants import PIXELS
from tests.concurrency import together
from tests.prompts.making import claimed, succeeded

__all__ = ["api", "picture", "server"]

FULL = "A workspace may have 2 unfinished prompts and trainings here; try again when some have ended."


@pytest.fixture
def two(settings) -> None:
    settings.UNFINISHED_MAX = 2


def held(user) -> int:
    return sum(Queue.objects.filter(workspace=user.personal_workspace).values_list("held", flat=True))


def test_off_by_default(api, alice):
    for _ in range(3):
        api.made(text="a fox")

    assert (Slot.objects.count(), Queue.objects.count()) == (0, 0)


def test_beyond_it_nothing_is_created_or_charged(api, two):
    api.made(text="a fox")
    api.made(text="a fox")

    with nothing_moves():
        answer = api.create(text="a fox")

    assert (answer.status_code, answer["Retry-After"]) == (429, "30")
    assert answer.json() == {"status": 429, "error": "Too Many Requests", "message": FULL}


def test_nothing_is_fetched_either(api, two, receiver):
    site = receiver()
    api.made(text="a fox")
    api.made(text="a fox")

    assert api.create(text="a fox", input_image_url=site.url("/photo.jpg")).status_code == 429
    assert site.seen == []


@pytest.mark.parametrize("ending", ["succeed", "fail", "cancel", "delete", "exhaust"])
def test_every_end_frees_its_slot_once(api, alice, two, tmp_path, ending):
    prompt_id, now = api.made(text="a fox")["id"], timezone.now()
    api.made(text="a fox")
    attempt = claimed(prompt_id)
    ends = {
        "succeed": lambda: succeeded(prompt_id, attempt, tmp_path),
        "fail": lambda: lifecycle.fail(prompt_id=prompt_id, attempt=attempt, code="rejected", message="No.", now=now),
        "cancel": lambda: lifecycle.cancel(prompt_id=prompt_id, now=now),
        "delete": lambda: lifecycle.delete(prompt_id=prompt_id, now=now),
        "exhaust": lambda: lifecycle.exhaust(prompt_id=prompt_id, attempt=attempt, now=now),
    }

    ends[ending]()
    ends[ending]()
    spending.refund(reference=f"prompt:{prompt_id}", reason="by hand")

    assert (held(alice), Slot.objects.count()) == (1, 1)
    assert api.create(text="a fox").status_code == 201
    assert api.create(text="a fox").status_code == 429


def test_what_was_accepted_before_it_was_on_holds_nothing(api, alice, settings):
    early = api.made(text="a fox")["id"]
    settings.UNFINISHED_MAX = 1
    api.made(text="a fox")

    lifecycle.cancel(prompt_id=early, now=timezone.now())

    assert held(alice) == 1
    assert api.create(text="a fox").status_code == 429


def test_slots_are_freed_after_it_was_turned_off(api, alice, settings, two):
    prompt_id = api.made(text="a fox")["id"]
    settings.UNFINISHED_MAX = 0

    lifecycle.cancel(prompt_id=prompt_id, now=timezone.now())

    assert (held(alice), Slot.objects.count()) == (0, 0)


def test_each_workspace_has_its_own(api, alice, two):
    team = Workspace.objects.create(title="team", payer=alice.personal_workspace)
    Membership.objects.create(workspace=team, user=alice)
    api.made(text="a fox")
    api.made(text="a fox")

    theirs = api.create(text="a fox", headers={"X-Workspace-Id": str(team.pk)})

    assert theirs.status_code == 201


def test_trainings_count_and_ready_tunes_do_not(api, alice, two):
    fields = {"tune[name]": "cat", "tune[image_urls][]": PIXELS}
    for number in range(3):
        free = {"tune[title]": f"face {number}", "tune[model_type]": "faceid"}
        assert api.post("/tunes", fields | free).status_code == 201
    assert held(alice) == 0

    made = api.post("/tunes", fields | {"tune[title]": "cat", "tune[branch]": "fast"})
    assert (made.status_code, held(alice)) == (201, 1)
    api.delete(f"/tunes/{made.json()['id']}")

    assert held(alice) == 0


def test_a_repeat_is_answered_although_all_are_taken(api, two):
    first = api.create(text="a fox", headers={"Idempotency-Key": "one"})
    api.made(text="a fox")

    assert api.create(text="a fox", headers={"Idempotency-Key": "one"}).content == first.content


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_get_what_is_free_and_no_more(server, alice, rich, settings):
    settings.UNFINISHED_MAX = 3
    key = api_of(rich(alice, 10_000_000)).key

    answers = together(8, lambda _: Api(key).create(text="a fox").status_code)

    assert sorted(answers) == [201] * 3 + [429] * 5
    assert (Prompt.objects.count(), Slot.objects.count(), held(alice)) == (3, 3, 3)
    assert balance_of(alice) == 10_000_000 - 3 * 2_875
    assert books.faults() == []


@pytest.mark.django_db(transaction=True)
def test_they_come_and_go_at_once_without_a_slip(server, alice, rich, settings):
    settings.UNFINISHED_MAX = 4
    api = api_of(rich(alice, 10_000_000))
    early = [api.made(text="a fox")["id"] for _ in range(4)]

    def work(number):
        if number % 2:
            return lifecycle.cancel(prompt_id=early[number // 2], now=timezone.now())
        return Api(api.key).create(text="a fox").status_code

    together(8, work)

    unfinished = Prompt.objects.filter(status="queued").count()
    assert unfinished == Slot.objects.count() == held(alice) <= 4


@pytest.mark.django_db(transaction=True)
def test_the_guard_decides_where_the_look_was_too_early(server, alice, rich, caller_of, settings):
    settings.UNFINISHED_MAX = 1
    caller, now = caller_of(rich(alice, 1_000_000)), timezone.now()
    both = [prepare(caller=caller, request=PromptRequest(tune_id=1504944, text="a fox"), now=now) for _ in range(2)]

    def take(prepared):
        return idempotency.once(
            workspace_id=caller.workspace_id,
            key=None,
            fingerprint="",
            work=lambda: idempotency.Answer(201, str(accept(prepared=prepared, agreed_mc=None, now=now).pk)),
        )

    take(both[0])
    with pytest.raises(TooManyUnfinished):
        take(both[1])

    assert Prompt.objects.count() == 1
    assert balance_of(alice) == 1_000_000 - 2_875


@pytest.mark.usefixtures("two")
def test_what_never_fits_is_refused_for_good(api, picture):
    prompts = [{"text": "ohwx cat"}, {"text": "ohwx cat asleep"}]
    tune = {"title": "x", "name": "cat", "base_tune_id": 1504944, "image_urls": [PIXELS], "prompts_attributes": prompts}

    with nothing_moves():
        answer = api.post("/tunes", json={"tune": tune})

    assert (answer.status_code, answer.json()) == (
        422, {"base": ["makes 3 prompts and trainings; a workspace may have 2 unfinished here"]},
    )  # fmt: skip
