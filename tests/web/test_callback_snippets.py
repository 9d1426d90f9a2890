"""The code that the page gives to readers for checking callbacks, run against real signatures."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from standardwebhooks import WebhookVerificationError

from callbacks import signing
from web.docs.views import SNIPPETS

BODY = json.dumps({"prompt": {"id": 7, "text": "Grüße — ça va?"}}, ensure_ascii=False)


@pytest.fixture
def secret(alice):
    return signing.valid_secrets(workspace_id=alice.personal_workspace.pk, now=timezone.now())[0]


@pytest.fixture
def signed(alice, secret):
    """`signed(minutes_ago=…)`: the headers of a message sent then."""

    def headers(minutes_ago=0):
        at = timezone.now() - timedelta(minutes=minutes_ago)
        return signing.headers(workspace_id=alice.personal_workspace.pk, message_id="msg_1", body=BODY, now=at)

    return headers


@pytest.fixture
def prompt_of():
    names = {}
    exec((SNIPPETS / "verify.py.txt").read_text(), names)
    return names["prompt_of"]


def test_python_reads_a_message_of_ours(prompt_of, signed, secret):
    assert prompt_of(BODY.encode(), signed(), secret) == {"id": 7, "text": "Grüße — ça va?"}


def test_python_refuses_a_changed_and_an_old_message(prompt_of, signed, secret):
    for body, headers in ((BODY.replace("7", "8"), signed()), (BODY, signed(minutes_ago=6))):
        with pytest.raises(WebhookVerificationError):
            prompt_of(body.encode(), headers, secret)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_javascript_reads_a_message_of_ours_and_refuses_changed_and_old_ones(visit, live_server, signed, secret):
    source = (SNIPPETS / "verify.js.txt").read_text().replace("export async", "async")
    page = visit(f"{live_server.url}/healthz").page

    def prompt_of(body, headers):
        code = f"async ([body, headers, secret]) => {{ {source}; try {{ return await promptOf(body, new Headers(headers), secret) }} catch (error) {{ return error.message }} }}"
        return page.evaluate(code, [body, headers, secret])

    rotated = signed()
    rotated["webhook-signature"] = "v1,bm90IG91cnM= " + rotated["webhook-signature"]
    assert prompt_of(BODY, signed()) == {"id": 7, "text": "Grüße — ça va?"}
    assert prompt_of(BODY, rotated) == {"id": 7, "text": "Grüße — ça va?"}
    assert prompt_of(BODY.replace("7", "8"), signed()) == "not ours"
    assert prompt_of(BODY, signed(minutes_ago=6)) == "too old"
