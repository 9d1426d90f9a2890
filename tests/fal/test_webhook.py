"""What a customer's server is told: fal's body, fal's signature, and the usual one besides."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.test import Client
from django.utils import timezone

from callbacks.models import Delivery
from prompts import lifecycle
from prompts.models import Prompt


def verified(seen, keys) -> bool:
    """fal's published recipe (docs.fal.ai, "Webhooks", verification)."""
    headers = {name.lower(): value for name, value in seen.headers.items()}
    message = "\n".join([
        headers["x-fal-webhook-request-id"], headers["x-fal-webhook-user-id"], headers["x-fal-webhook-timestamp"],
        hashlib.sha256(seen.body).hexdigest(),
    ]).encode()  # fmt: skip
    for key in keys:
        public = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(key["x"] + "=="))
        try:
            public.verify(bytes.fromhex(headers["x-fal-webhook-signature"]), message)
        except Exception:  # noqa: BLE001  the recipe's own: the next key may fit
            continue
        return True
    return False


@pytest.fixture
def hook(receiver):
    return receiver(200)


def told(hook):
    (seen,) = hook.seen
    return json.loads(seen.body), seen


def test_a_finished_request_is_told_with_its_result(fal, words, run_jobs, hook):
    made = fal.submit(query=f"?fal_webhook={hook.url('/done')}", **words).json()

    run_jobs()

    body, seen = told(hook)
    assert body == {
        "request_id": made["request_id"], "gateway_request_id": made["request_id"], "status": "OK",
        "payload": fal.of(made["request_id"]).json(),
    }  # fmt: skip
    assert verified(seen, Client().get("/fal/.well-known/jwks.json").json()["keys"])
    assert seen.headers["webhook-signature"].startswith("v1,")
    assert Delivery.objects.get().schedule == "hours"


def test_a_forged_body_is_not_verified(fal, words, run_jobs, hook):
    fal.submit(query=f"?fal_webhook={hook.url('/done')}", **words)
    run_jobs()
    _, seen = told(hook)
    keys = Client().get("/fal/.well-known/jwks.json").json()["keys"]

    seen.body += b" "

    assert not verified(seen, keys)


def test_a_cancelled_request_is_told_as_an_error(fal, words, run_jobs, hook):
    made = fal.submit(query=f"?fal_webhook={hook.url('/done')}", **words).json()
    fal.cancel(made["request_id"])

    run_jobs()

    body, _ = told(hook)
    assert (body["status"], body["error"]) == ("ERROR", "Request cancelled by the client.")
    assert body["payload"] == {"detail": "Request cancelled by the client.", "error_type": "client_cancelled"}


def test_a_failed_request_is_told_with_the_models_error(fal, words, run_jobs, hook):
    fal.submit(query=f"?fal_webhook={hook.url('/done')}", **words)
    lifecycle.fail(prompt_id=Prompt.objects.get().pk, code="rejected", message="No.", now=timezone.now())

    run_jobs()

    body, _ = told(hook)
    assert body["status"] == "ERROR"
    assert body["payload"]["detail"][0]["type"] == "no_media_generated"
