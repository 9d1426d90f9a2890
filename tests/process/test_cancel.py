"""DELETE while a clip is being rendered: the money comes back once, and the worker turns to the next."""

import pytest

from tests.concurrency import together
from tests.process.house import until

pytestmark = pytest.mark.process

CLIP = {"video_model": "wan22_fast_480p", "text": "a lighthouse", "video_prompt": "pan left"}


def test_delete_in_the_middle_of_a_clip_refunds_once_and_frees_the_worker(live):
    customer = live.customer(cents=10)
    running = customer.create(**CLIP)["id"]
    with live.frozen(running):
        following = customer.create(text="a red boat")["id"]

        answers = together(8, lambda _: customer.call("DELETE", f"/tunes/1504944/prompts/{running}"))

        assert live.status_of(following) == "queued"

    assert sorted(answer.status for answer in answers) == [204] + 7 * [404]
    assert customer.call("GET", f"/prompts/{running}").status == 404
    assert live.ledger_of(running) == [("charge", 6_000), ("refund", 6_000)]
    assert customer.ended(following)["user_error"] is None
    assert live.outputs_of(running) == []
    assert until(lambda: live.work_in_progress() == [])
    assert customer.balance_mc() == 10_000 - 2_875
    assert live.manage("check_ledger").returncode == 0
