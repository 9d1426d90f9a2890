"""Train a tune on your photos, make a clip with it, and save the clip. For Python 3.11 with httpx.

BASE_URL=http://localhost:8000 API_KEY=sd_… python example_client.py photo1.jpg photo2.jpg …
"""

import os
import sys
import time
import uuid
from pathlib import Path

import httpx

PHOTOS = [Path(name) for name in sys.argv[1:]]
api = httpx.Client(
    base_url=os.environ["BASE_URL"], headers={"Authorization": f"Bearer {os.environ['API_KEY']}"}, timeout=60,
    transport=httpx.HTTPTransport(retries=3),
)  # fmt: skip


def send(method: str, path: str, **body):
    # With its key, a request that had to be sent again is still one request, and paid once.
    answer = api.request(method, path, headers={"Idempotency-Key": str(uuid.uuid4())}, **body)
    if answer.status_code == 422:  # each field with what is wrong about it
        sys.exit(f"{path}: {answer.json()}")
    answer.raise_for_status()
    return answer.json()


def ended(path: str):
    """The object once it has ended. A `callback` spares the asking."""
    while True:
        found = send("GET", path)
        if found.get("user_error"):
            sys.exit(f"{path}: {found['user_error']}")
        if found["trained_at"]:
            return found
        time.sleep(1)


tune = {
    "tune[title]": "Example", "tune[name]": "woman", "tune[base_tune_id]": "1504944", "tune[model_type]": "lora",
    "tune[preset]": "flux-lora-portrait",
}  # fmt: skip
photos = [("tune[images][]", (photo.name, photo.read_bytes())) for photo in PHOTOS]
price = send("POST", "/tunes/quote", data=tune, files=photos)
print(f"Training: {price['cost_cents']} cents of {price['balance_mc'] / 1000:g}")
tune = ended(f"/tunes/{send('POST', '/tunes', data=tune, files=photos)['id']}")

prompt = {
    "text": f"{tune['token']} woman by the sea at sunset", "video_model": "wan22_fast_480p",
    "video_prompt": "slow dolly in, waves", "aspect_ratio": "16:9",
}  # fmt: skip
made = send("POST", f"/tunes/{tune['id']}/prompts", json={"prompt": prompt})
clip = ended(f"/prompts/{made['id']}")
Path("clip.mp4").write_bytes(httpx.get(clip["images"][0]).content)
print(f"clip.mp4, {made['cost_mc'] / 1000:g} cents, made by {clip['engine']}")
