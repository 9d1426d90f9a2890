"""Fills the product's database as the floor's is filled, and adds it up afterwards."""

import secrets
from datetime import timedelta
from io import StringIO

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts import keys, people
from bench.amounts import KEYS, MONEY_MC, PROMPTS_A_KEY, TEXT, TUNE, VIDEO_MODEL, VIDEO_PROMPT
from billing import audit, ledger
from common.jobs.models import Status
from media import links
from media.models import Asset
from prompts import books
from prompts.models import Output, Prompt


def fill():
    """A wallet, a key and finished prompts for each of KEYS customers; what the load needs to know of them."""
    call_command("setup", stdout=StringIO())
    return [_customer(n) for n in range(KEYS)]


def _customer(n):
    user = people.create_user(email=f"customer{n}@example.com", password=None)
    workspace = user.personal_workspace
    ledger.grant(workspace_id=workspace.pk, amount_mc=MONEY_MC, reason="bench", actor="bench", now=timezone.now())
    _, text = keys.issue(user=user, workspace=workspace, name="bench")
    return {"key": text, "prompts": _finished_prompts(user, workspace)}


def _finished_prompts(user, workspace):
    prompts = Prompt.objects.bulk_create(_finished(user, workspace) for _ in range(PROMPTS_A_KEY))
    assets = Asset.objects.bulk_create(_clip(prompt) for prompt in prompts)
    Output.objects.bulk_create(
        Output(prompt=prompt, position=0, asset=asset, seed=7) for prompt, asset in zip(prompts, assets, strict=True)
    )
    return [prompt.pk for prompt in prompts]


def _finished(user, workspace):
    now = timezone.now()
    return Prompt(
        workspace=workspace,
        user=user,
        dialect="astria",
        origin="http://127.0.0.1",
        tune_id=TUNE,
        text=TEXT,
        video_model=VIDEO_MODEL,
        video_prompt=VIDEO_PROMPT,
        video_duration=5,
        effective_seed=7,
        cost_mc=0,
        engine="motion",
        preview=True,
        report={"understood": ["dolly_in", "rain"], "unsupported": []},
        status=Status.SUCCEEDED,
        created_at=now,
        updated_at=now,
        started_at=now,
        ended_at=now + timedelta(seconds=5),
    )


def _clip(prompt):
    return Asset(
        workspace_id=prompt.workspace_id,
        kind=Asset.Kind.OUTPUT,
        key=f"bench/{secrets.token_hex(14)}.mp4",
        address=links.new_address(),
        filename=f"{prompt.pk}-0.mp4",
        content_type="video/mp4",
        bytes=1_000_000,
        sha256=secrets.token_hex(32),
        width=854,
        height=480,
        frames=80,
        fps=16,
        seconds=5,
    )


def tally():
    """Sums over everything that was accepted since `fill`."""
    return {name: _one(query) for name, query in _SUMS.items()}


def faults():
    """What `check_ledger` finds."""
    return [*audit.faults(), *books.faults()]


_CHARGES = "FROM billing_entry e JOIN billing_transaction t ON t.id = e.transaction_id WHERE t.kind = 'charge'"
_SUMS = {
    "accepted": "SELECT count(*) FROM prompts_prompt WHERE cost_mc > 0",
    "announced": "SELECT count(*) FROM jobs_outbox WHERE topic = 'prompts.render'",
    "entries": f"SELECT count(*) {_CHARGES}",
    "entries_mc": f"SELECT coalesce(sum(e.amount_mc), 0) {_CHARGES}",
    "charges_mc": f"SELECT coalesce(sum(e.amount_mc), 0) {_CHARGES} AND e.amount_mc > 0",
    "wallets_lost_mc": "SELECT (SELECT sum(e.amount_mc) FROM billing_entry e JOIN billing_transaction t"
    " ON t.id = e.transaction_id WHERE t.kind = 'promo' AND e.amount_mc > 0) - sum(balance_mc)"
    " FROM billing_account WHERE kind = 'wallet'",
}


def _one(query):
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])
