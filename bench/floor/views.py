"""An acceptance, a page of 20 and a status poll, as one writes them in an afternoon."""

import hashlib

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed, NotFound, ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from bench.floor.models import Entry, Key, Outbox, Prompt, Wallet

HOST = "http://127.0.0.1"
COST_MC = 6_000
FLAGS = (
    *(
        "super_resolution",
        "inpaint_faces",
        "hires_fix",
        "face_correct",
        "face_swap",
        "film_grain",
        "controlnet_txt2img",
    ),
    *("use_lpw", "prompt_expansion", "only_upscale", "tiled_upscale", "is_multiperson"),
)
NUMBERS = (
    *("cfg_scale", "steps", "color_grading", "style", "scheduler", "controlnet", "controlnet_conditioning_scale"),
    *("denoising_strength", "backend_version", "theme"),
)
OPTIONS = dict.fromkeys(FLAGS, False) | dict.fromkeys(NUMBERS)
INPUTS = ("input_image", "mask_image", "input_video", "video_first_frame", "video_last_frame")
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
    """The product's answer, field for field (`bench.web` compares their names), so that both write as much."""
    inputs, options = row["inputs"], row["options"]
    return {
        "id": row["id"],
        "callback": row["callback"],
        "trained_at": row["trained_at"],
        "started_training_at": row["started_training_at"],
        "created_at": row["created_at"],
        "updated_at": row["updated_at"],
        "tune_id": row["tune_id"],
        "text": row["text"],
        "negative_prompt": row["negative_prompt"],
        **{name: options.get(name, default) for name, default in OPTIONS.items()},
        "ar": row["ar"] or "1:1",
        "aspect_ratio": row["aspect_ratio"],
        "resolution": row["resolution"],
        "w": row["w"],
        "h": row["h"],
        "num_images": row["num_images"],
        "seed": row["seed"],
        "url": f"{HOST}/tunes/{row['tune_id']}/prompts/{row['id']}.json",
        "images": row["images"],
        "content_types": ["video/mp4" for _ in row["images"]],
        "filenames": [address.rpartition("/")[2] for address in row["images"]],
        "tune": {"id": row["tune_id"], "title": "Flux1.dev"},
        "tunes": row["references"],
        **{name: inputs.get(name) for name in INPUTS},
        "image_references": inputs.get("image_references", []),
        "video_model": row["video_model"],
        "video_prompt": row["video_prompt"],
        "video_duration": row["video_duration"],
        "video_audio": row["video_audio"],
        "is_video": row["video_model"] is not None,
        "cost_mc": row["cost_mc"],
        "user_error": row["user_error"],
        "engine": row["engine"],
        "preview_engine": row["engine"] == "motion",
        "unsupported": [],
        "workspace_id": None,
        "pack_id": None,
        "base_pack_id": None,
        "order_id": None,
        "orig_prompt_id": None,
        "prompt_likes_count": 0,
        "liked": False,
        "is_api": True,
    }
