"""A tune is made of pictures, trained by the real engine, and its prompts are painted with it."""

import json

import httpx
import pytest
from standardwebhooks import Webhook

from tests.common.servers import answering, serving
from tests.process import pictures
from tests.process.house import until

pytestmark = pytest.mark.process

STEP_MC, IMAGE_MC = 500, 2_875


@pytest.fixture
def receiver():
    with serving(answering(200)) as server:
        yield server


def _made(customer, receiver, *, pictures: list[bytes]) -> dict:
    """A LoRA with two prompts, as a program sends it: multipart, unnumbered objects."""
    fields = {
        "tune[title]": "order-77", "tune[name]": "woman", "tune[base_tune_id]": "1504944", "tune[model_type]": "lora",
        "tune[preset]": "flux-lora-portrait", "tune[callback]": receiver.url("/tune?order=77"),
        "tune[prompts_callback]": receiver.url("/all"),
        "tune[prompts_attributes][][text]": ["ohwx woman in a garden", "ohwx woman by the sea"],
        "tune[prompts_attributes][][callback]": [receiver.url("/prompt?n=1"), receiver.url("/prompt?n=2")],
    }  # fmt: skip
    files = [("tune[images][]", (f"{n}.jpg", picture, "image/jpeg")) for n, picture in enumerate(pictures)]
    with httpx.Client(trust_env=False, timeout=60) as client:
        headers = {"Authorization": f"Bearer {customer.key}"}
        answer = client.post(f"{customer.url}/tunes", data=fields, files=files, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_lora_of_eight_pictures_trains_paints_and_tells_four_times(live, receiver):
    customer = live.customer(cents=500)

    tune = _made(customer, receiver, pictures=[pictures.photo(seed=n) for n in range(8)])
    until(lambda: len(receiver.seen) == 4, seconds=120)

    assert sorted(seen.path for seen in receiver.seen) == ["/all", "/prompt?n=1", "/prompt?n=2", "/tune?order=77"]
    secret = live.manage("signing_secret", customer.email).stdout.strip()
    told = {seen.path: Webhook(secret).verify(seen.body, seen.headers) for seen in receiver.seen}
    trained = json.loads(customer.call("GET", f"/tunes/{tune['id']}").body)
    assert told["/tune?order=77"]["tune"]["trained_at"] == trained["trained_at"] is not None
    prompts = [customer.prompt(prompt["id"]) for prompt in tune["prompts"]]
    assert told["/all"] == {"prompts": prompts}
    assert [told[f"/prompt?n={n}"]["prompt"] for n in (1, 2)] == prompts
    assert all(prompt["images"] and prompt["tunes"][0]["id"] == tune["id"] for prompt in prompts)
    assert tune["cost_mc"] == 300 * STEP_MC
    assert customer.balance_mc() == 500_000 - 300 * STEP_MC - 2 * IMAGE_MC
    assert live.manage("check_ledger").returncode == 0
