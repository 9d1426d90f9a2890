"""Quote, prepare, accept, below any dialect: what was agreed to, and what a failure leaves behind."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.utils import timezone

from billing import spending
from billing.ledger import InsufficientFunds
from common.errors import Invalid, NotFound
from common.jobs import outbox
from media import store
from media.intake import Linked
from media.moderation import Blocked
from prompts.models import Prompt
from prompts.request import ExactClip, PromptRequest
from prompts.submission.accept import PriceChanged, accept
from prompts.submission.prepare import prepare
from prompts.submission.quote import quote
from tests.astria.http import FLUX, balance_of, nothing_moves
from tests.common.servers import answering

PRICE_MC = 2_875
FOX = PromptRequest(tune_id=FLUX, text="a fox")


@pytest.fixture
def caller(server, alice, rich, caller_of):
    return caller_of(rich(alice, 100_000))


def now():
    return timezone.now()


def prepared(caller, request=FOX):
    return prepare(caller=caller, request=request, now=now())


def accepted(caller, *, agreed_mc=None, request=FOX) -> Prompt:
    ready = prepared(caller, request)
    with transaction.atomic():
        return accept(prepared=ready, agreed_mc=agreed_mc, now=now())


# --- the price that was agreed to -----------------------------------------------------------------------------------


def test_a_dearer_prompt_than_agreed_is_refused_with_both_prices(caller):
    with nothing_moves(), pytest.raises(PriceChanged) as refusal:
        accepted(caller, agreed_mc=PRICE_MC - 1)

    assert (refusal.value.cost_mc, refusal.value.agreed_mc) == (PRICE_MC, PRICE_MC - 1)


@pytest.mark.parametrize("agreed_mc", [PRICE_MC, PRICE_MC + 1, None])
def test_at_the_agreed_price_or_below_the_price_is_charged(caller, alice, agreed_mc):
    prompt = accepted(caller, agreed_mc=agreed_mc)

    assert prompt.cost_mc == PRICE_MC
    assert balance_of(alice) == 100_000 - PRICE_MC


def test_what_was_prepared_keeps_its_price_until_it_is_accepted(caller):
    ready = prepared(caller)

    assert (ready.quote.cost_mc, ready.balance_mc) == (PRICE_MC, 100_000)
    with transaction.atomic():
        assert accept(prepared=ready, agreed_mc=None, now=now()).price_id == ready.quote.offer.price_id


# --- all or nothing -------------------------------------------------------------------------------------------------


def test_a_wallet_that_was_emptied_meanwhile_leaves_no_prompt(caller, alice):
    ready = prepared(caller)
    for number in range(34):
        with transaction.atomic():
            spending.charge(caller=caller, amount_mc=PRICE_MC, reference=f"other:{number}", facts={}, now=now())
    assert balance_of(alice) < PRICE_MC

    with nothing_moves(), pytest.raises(InsufficientFunds), transaction.atomic():
        accept(prepared=ready, agreed_mc=None, now=now())


@pytest.mark.parametrize(("room", "step"), [(outbox, "announce"), (spending, "charge")])
def test_a_defect_at_any_step_leaves_nothing(caller, monkeypatch, room, step):
    ready = prepared(caller)

    def dies(*_, **__):
        raise RuntimeError

    monkeypatch.setattr(room, step, dies)

    with nothing_moves(), pytest.raises(RuntimeError), transaction.atomic():
        accept(prepared=ready, agreed_mc=None, now=now())


def test_a_file_that_went_meanwhile_is_asked_for_again(caller, picture, receiver):
    address = receiver(answering(200, picture)).url("/a.jpg")
    ready = prepared(caller, PromptRequest(tune_id=FLUX, text="a fox", input_image=Linked(address)))
    store.retire([asset.pk for _, _, asset in ready.inputs], now=now())

    with nothing_moves(), pytest.raises(NotFound), transaction.atomic():
        accept(prepared=ready, agreed_mc=None, now=now())


def refuse(subject) -> None:
    assert subject.stage == "input"
    raise Blocked(f"No {subject.texts[0]} here.")


def test_moderation_is_asked_before_anything_is_charged(caller, settings):
    settings.MODERATION_HOOK = "tests.prompts.test_submission.refuse"

    with nothing_moves(), pytest.raises(Blocked, match="No a fox here"):
        prepared(caller)


def test_a_blocked_prompt_is_answered_in_astrias_form(api, settings):
    settings.MODERATION_HOOK = "tests.prompts.test_submission.refuse"

    with nothing_moves():
        answer = api.create(text="a fox")

    assert (answer.status_code, answer.json()) == (422, {"base": ["No a fox here."]})


# --- exact clips (D3) -----------------------------------------------------------------------------------------------


def exact(model, frames, **clip) -> PromptRequest:
    return PromptRequest(
        tune_id=FLUX, text="a fox", video_model=model, video_prompt="pan", clip=ExactClip(frames=frames, fps=16, **clip)
    )


@pytest.mark.parametrize(
    ("model", "frames", "cost_mc"),
    [
        ("wan21_480p", 81, 20_000),
        ("wan21_480p", 82, 25_000),
        ("wan21_480p", 100, 25_000),
        ("wan21_720p", 81, 40_000),
        ("wan21_720p", 100, 50_000),
        ("wan22_fast_480p", 25, 6_000),
        ("ltx23_720p", 81, 17_000),
    ],
)
def test_an_exact_clip_costs_the_base_and_a_surcharge_above_81_frames(caller, model, frames, cost_mc):
    quoted = quote(caller=caller, request=exact(model, frames), now=now())

    assert (quoted.cost_mc, quoted.seconds) == (cost_mc, None)
    assert sum(line["amount_mc"] for line in quoted.breakdown) == cost_mc


@pytest.mark.parametrize(
    ("model", "frames", "said"),
    [
        ("wan21_480p", 80, "must be between 81 and 100"),
        ("wan21_480p", 101, "must be between 81 and 100"),
        ("ltx23_720p", 82, "must be between 1 and 81"),
        ("kling25", 81, "is not supported by kling25, which makes whole seconds"),
    ],
)
def test_a_row_takes_only_so_many_frames(caller, model, frames, said):
    with pytest.raises(Invalid) as refusal:
        quote(caller=caller, request=exact(model, frames), now=now())

    assert refusal.value.errors == {"num_frames": [said]}
