"""An acceptance, a page of 20 and a status poll, as one writes them in an afternoon."""

import hashlib

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed, NotFound, ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from bench.floor.models import Entry, Key, Outbox, Prompt, Wallet

COST_MC = 6_000
SHOWN = [field.attname for field in Prompt._meta.concrete_fields if field.name not in ("wallet", "status")]


class Prompts(APIView):
    def get(self, request, tune_id):
        rows = Prompt.objects.filter(wallet_id=wallet_of(request), tune_id=tune_id).order_by("-id").values(*SHOWN)
        return Response([shaped(row) for row in rows[:20]])

    def post(self, request, tune_id):
        wallet_id = wallet_of(request)
        given = checked(request.data)
        with transaction.atomic():
            prompt = accept(wallet_id, tune_id, given)
        return Response(shaped({name: getattr(prompt, name) for name in SHOWN}), status=201)


class PromptView(APIView):
    def get(self, request, tune_id, prompt_id):
        prompts = Prompt.objects.filter(wallet_id=wallet_of(request), tune_id=tune_id, id=prompt_id)
        row = prompts.values(*SHOWN).first()
        if row is None:
            raise NotFound
        return Response(shaped(row))


def wallet_of(request):
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    wallet_id = Key.objects.filter(digest=digest(text)).values_list("wallet_id", flat=True).first()
    if scheme != "Bearer" or wallet_id is None:
        raise AuthenticationFailed
    return wallet_id


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def checked(body):
    given = body.get("prompt") if isinstance(body, dict) else None
    if not isinstance(given, dict) or not isinstance(given.get("text"), str) or not given["text"].strip():
        raise ValidationError({"text": ["can't be blank"]})
    return given


def accept(wallet_id, tune_id, given):
    """The seven round trips of an acceptance: begin, wallet, prompt, two entries, outbox, commit."""
    if not Wallet.objects.filter(pk=wallet_id, balance_mc__gte=COST_MC).update(balance_mc=F("balance_mc") - COST_MC):
        raise ValidationError({"base": ["Not enough balance"]})
    now = timezone.now()
    prompt = Prompt.objects.create(
        wallet_id=wallet_id,
        tune_id=tune_id,
        text=given["text"],
        video_model=given.get("video_model"),
        video_prompt=given.get("video_prompt"),
        cost_mc=COST_MC,
        created_at=now,
        updated_at=now,
    )
    Entry.objects.create(prompt=prompt, wallet_id=wallet_id, amount_mc=-COST_MC)
    Entry.objects.create(prompt=prompt, wallet=None, amount_mc=COST_MC)
    Outbox.objects.create(topic="render", ref=prompt.pk, next_at=now)
    return prompt


def shaped(row):
    return {
        **row,
        "url": f"/tunes/{row['tune_id']}/prompts/{row['id']}.json",
        "is_video": row["video_model"] is not None,
    }
