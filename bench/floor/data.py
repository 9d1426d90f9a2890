"""Fills the floor's database, and adds it up afterwards."""

import secrets
from datetime import timedelta

from django.db.models import Q, Sum
from django.utils import timezone

from bench.amounts import KEYS, MONEY_MC, PROMPTS_A_KEY, TEXT, TUNE, VIDEO_MODEL, VIDEO_PROMPT
from bench.floor.models import Entry, Key, Outbox, Prompt, Wallet
from bench.floor.views import digest


def fill():
    """A wallet, a key and finished prompts for each of KEYS customers; what the load needs to know of them."""
    customers = []
    for _ in range(KEYS):
        text, wallet = secrets.token_urlsafe(32), Wallet.objects.create(balance_mc=MONEY_MC)
        Key.objects.create(digest=digest(text), wallet=wallet)
        prompts = Prompt.objects.bulk_create(_finished(wallet) for _ in range(PROMPTS_A_KEY))
        customers.append({"key": text, "prompts": [prompt.pk for prompt in prompts]})
    return customers


def _finished(wallet):
    now = timezone.now()
    return Prompt(
        wallet=wallet,
        tune_id=TUNE,
        text=TEXT,
        video_model=VIDEO_MODEL,
        video_prompt=VIDEO_PROMPT,
        video_duration=5,
        cost_mc=0,
        status="succeeded",
        engine="motion",
        images=[f"http://127.0.0.1/media/{secrets.token_hex(14)}/clip.mp4"],
        created_at=now,
        updated_at=now,
        started_training_at=now,
        trained_at=now + timedelta(seconds=5),
    )


def tally():
    """Sums over everything that was accepted since `fill`."""
    sums = Entry.objects.aggregate(all=Sum("amount_mc"), house=Sum("amount_mc", filter=Q(wallet=None)))
    return {
        "accepted": Prompt.objects.filter(cost_mc__gt=0).count(),
        "announced": Outbox.objects.count(),
        "entries": Entry.objects.count(),
        "entries_mc": sums["all"] or 0,
        "charges_mc": sums["house"] or 0,
        "wallets_lost_mc": KEYS * MONEY_MC - Wallet.objects.aggregate(sum=Sum("balance_mc"))["sum"],
    }
