"""fal's own clients, unchanged, and the guide that points them here; against a live server and its preview engine."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from astria_clone.settings import BASE_DIR
from tests.process import eyes
from tests.process.tls import listener

pytestmark = [pytest.mark.process, pytest.mark.once]

GUIDE = (BASE_DIR / "docs" / "api" / "fal.md").read_text()
PICTURE = str(BASE_DIR / "docs" / "samples" / "garden.jpg")
NPM = Path(__file__).parent / "npm"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)\n```", GUIDE, re.DOTALL)


@pytest.fixture(scope="module")
def https(live, tmp_path_factory):
    """The live server behind TLS: host and port, and the environment in which clients trust it."""
    with listener(to=live.port, folder=tmp_path_factory.mktemp("tls")) as (port, authority):
        yield f"localhost:{port}", {"SSL_CERT_FILE": str(authority), "NODE_EXTRA_CA_CERTS": str(authority)}


def env_of(customer, **more: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/root"), "FAL_KEY": customer.key,
            "no_proxy": "*", **more}  # fmt: skip


def python(customer, source: str, **more: str) -> str:
    given = f"BASE_URL = {customer.url!r}\nPICTURE = {PICTURE!r}\n"
    done = subprocess.run(
        [sys.executable, "-c", given + source], env=env_of(customer, **more), capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def clip_of(url: str) -> eyes.Clip:
    answer = httpx.get(url, verify=False, trust_env=False)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "video/mp4")
    return eyes.decode(answer.content)


# --- curl -----------------------------------------------------------------------------------------------------------


def test_the_guides_curl_gives_an_exact_clip(live):
    customer = live.customer(cents=100)
    photo = httpx.post(
        f"{live.url}/fal/files/upload", content=Path(PICTURE).read_bytes(), trust_env=False,
        headers={"Authorization": f"Key {customer.key}", "Content-Type": "image/jpeg"},
    ).json()["access_url"]  # fmt: skip
    (command,) = [block for block in blocks("sh") if block.startswith("curl")]

    env = env_of(customer, BASE_URL=live.url, IMAGE_URL=photo)
    done = subprocess.run(["sh", "-c", command], env=env, capture_output=True, text=True, timeout=120, check=True)

    clip = clip_of(json.loads(done.stdout)["video"]["url"])
    assert (clip.size, len(clip.frames), clip.fps) == ((1280, 720), 81, 16)
    assert customer.balance_mc() == 60_000


@pytest.mark.parametrize(
    ("fields", "cost_mc", "size", "frames", "fps"),
    [
        ({"num_frames": 82, "resolution": "480p", "frames_per_second": 24}, 25_000, (854, 480), 82, 24),
        ({"resolution": "480p", "aspect_ratio": "9:16"}, 20_000, (480, 854), 81, 16),
        ({"num_frames": 82, "aspect_ratio": "1:1"}, 50_000, (720, 720), 82, 16),
    ],
)
def test_frames_rate_and_shape_are_exact_in_the_file(live, fields, cost_mc, size, frames, fps):
    customer = live.customer(cents=100)
    source = f"""
import fal_client, fal_client.client as c
c.REST_URL = c.CDN_URL = BASE_URL + "/fal"
c.RUN_URL_FORMAT = BASE_URL + "/fal/run/"
args = {{"prompt": "pan left", "image_url": fal_client.upload_file(PICTURE), "seed": 7, **{fields!r}}}
import json
print(json.dumps([fal_client.run("fal-ai/wan-i2v", arguments=args) for _ in range(2)]))
"""

    first, second = json.loads(python(customer, source))

    clips = [clip_of(each["video"]["url"]) for each in (first, second)]
    assert [(clip.size, len(clip.frames), clip.fps) for clip in clips] == [(size, frames, fps)] * 2
    assert first["seed"] == second["seed"] == 7
    assert all((a == b).all() for a, b in zip(*(clip.frames for clip in clips), strict=True)), "the seed decides"
    assert customer.balance_mc() == 100_000 - 2 * cost_mc


# --- Python ---------------------------------------------------------------------------------------------------------


def test_the_guides_python_works_over_https_with_the_environment_alone(live, https):
    customer = live.customer(cents=100)
    host, trust = https
    uploads, _, example = blocks("python")

    printed = python(
        customer,
        uploads + "\n" + example,
        FAL_RUN_HOST=f"{host}/fal/run",
        FAL_QUEUE_RUN_HOST=f"{host}/fal/queue",
        **trust,
    )

    assert re.search(r"Rendering: \d+%", printed)
    url = re.search(r"'url': '([^']+)'", printed)[1]
    assert url.startswith(f"https://{host}/media/")
    clip = clip_of(url)
    assert (clip.size, len(clip.frames), clip.fps) == ((1280, 720), 81, 16)
    assert customer.balance_mc() == 60_000


def test_the_guides_python_works_without_https_too(live):
    customer = live.customer(cents=100)

    printed = python(customer, "\n".join(blocks("python")))

    assert "'seed': " in printed
    assert customer.balance_mc() == 60_000


def test_an_older_client_finds_the_queue_at_its_host(live, https):
    customer = live.customer(cents=100)
    host, trust = https
    source = """
import socket
names = socket.getaddrinfo  # not every machine knows names under localhost
socket.getaddrinfo = lambda host, *more, **options: names("localhost" if "localhost" in host else host, *more, **options)
import fal_client, fal_client.client as c
c.REST_URL = c.CDN_URL = BASE_URL + "/fal"
c.QUEUE_URL_FORMAT = c.QUEUE_URL_FORMAT.replace("https://", "https://queue.")  # as clients before 0.11 have it
h = fal_client.submit("fal-ai/wan-i2v", arguments={"prompt": "x", "image_url": fal_client.upload_file(PICTURE)})
print(h.status_url)
h.cancel()
print(h.status())
"""

    printed = python(customer, source, FAL_RUN_HOST=f"{host}/fal/run", FAL_QUEUE_RUN_HOST=f"{host}/fal/run", **trust)

    assert printed.startswith(f"https://queue.{host}/fal/run/fal-ai/wan-i2v/requests/")
    assert "client_cancelled" in printed
    assert customer.balance_mc() == 100_000


def test_requests_are_cancelled_while_they_wait_and_while_they_run(live):
    customer = live.customer(cents=1_000)
    source = """
import time
import fal_client, fal_client.client as c
c.REST_URL = c.CDN_URL = BASE_URL + "/fal"
c.RUN_URL_FORMAT, c.QUEUE_URL_FORMAT = BASE_URL + "/fal/run/", BASE_URL + "/fal/queue/"
url = fal_client.upload_file(PICTURE)
ask = lambda: fal_client.submit("fal-ai/wan-i2v", arguments={"prompt": "pan left", "image_url": url, "num_frames": 100})
running, waiting = ask(), ask()
waiting.cancel()
while not isinstance(running.status(), fal_client.InProgress):
    time.sleep(0.02)
running.cancel()
for handle in (waiting, running):
    try:
        handle.get()
    except fal_client.FalClientHTTPError as error:
        print(error.status_code, error.error_type)
"""

    assert python(customer, source).split("\n")[:2] == ["499 client_cancelled"] * 2
    assert customer.balance_mc() == 1_000_000


def test_a_refusal_is_the_clients_typed_error_with_the_fields_path(live):
    customer = live.customer(cents=100)
    source = """
import fal_client, fal_client.client as c
c.RUN_URL_FORMAT, c.QUEUE_URL_FORMAT = BASE_URL + "/fal/run/", BASE_URL + "/fal/queue/"
try:
    fal_client.submit("fal-ai/wan-i2v", arguments={"prompt": "x", "image_url": "http://127.0.0.1:1/x.png"})
except fal_client.FalClientHTTPError as error:
    print(error.status_code, error.message[0]["loc"], error.message[0]["type"])
"""

    begun = time.monotonic()
    assert python(customer, source) == "422 ['body', 'image_url'] file_download_error\n"
    assert time.monotonic() - begun < 20, "it is not tried again"
    assert customer.balance_mc() == 100_000


def test_a_large_file_goes_up_in_parts(live):
    customer = live.customer(cents=0)
    source = """
import os, httpx
import fal_client, fal_client.client as c
c.REST_URL = c.CDN_URL = BASE_URL + "/fal"
data = os.urandom(101 * 2**20)
url = fal_client.upload(data, "application/zip", "big.zip")
print(httpx.get(url, trust_env=False).content == data)
"""

    assert python(customer, source) == "True\n"


# --- JavaScript -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def packages(tmp_path_factory) -> Path:
    """A folder with fal's client in it."""
    folder = tmp_path_factory.mktemp("npm")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(NPM / name, folder)
    install = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(install, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return folder


def javascript(customer, packages: Path, source: str) -> str:
    given = f"""
import {{ File }} from "node:buffer"; // global from Node 20 on
import {{ readFileSync }} from "node:fs";
const BASE_URL = {customer.url!r}, FAL_KEY = {customer.key!r};
const PICTURE = new File([readFileSync({PICTURE!r})], "garden.jpg", {{ type: "image/jpeg" }});
"""
    (packages / "example.mjs").write_text(given + source)
    done = subprocess.run(
        ["node", "example.mjs"],
        cwd=packages,
        env=env_of(customer),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.node
def test_the_guides_javascript_uploads_polls_and_gets_its_clip(live, packages):
    customer = live.customer(cents=100)

    printed = javascript(customer, packages, "\n".join(blocks("js")))

    assert re.search(r"Rendering: \d+%", printed)
    clip = clip_of(re.search(r"url: '([^']+)'", printed)[1])
    assert (clip.size, len(clip.frames), clip.fps) == ((1280, 720), 81, 16)
    assert customer.balance_mc() == 60_000


@pytest.mark.node
def test_javascript_streams_cancels_and_has_typed_errors(live, packages):
    customer = live.customer(cents=1_000)
    source = """
import { ValidationError } from "@fal-ai/client";
const id = "fal-ai/wan-i2v", image_url = await fal.storage.upload(PICTURE);
try {
  await fal.queue.submit(id, { input: { prompt: "x", image_url, num_frames: 7 } });
} catch (e) {
  console.log(e instanceof ValidationError, e.status, e.getFieldErrors("num_frames")[0].type, e.message);
}
const { request_id } = await fal.queue.submit(id, { input: { prompt: "x", image_url } });
await fal.queue.cancel(id, { requestId: request_id });
try {
  await fal.queue.result(id, { requestId: request_id });
} catch (e) {
  console.log(e.status, e.body.error_type, e.requestId === request_id);
}
const seen = [];
await fal.subscribe(id, {
  mode: "streaming", input: { prompt: "x", image_url, resolution: "480p" }, onQueueUpdate: (u) => seen.push(u.status),
});
console.log(seen[0], seen.at(-1));
const stream = await fal.stream(id, { input: { prompt: "x", image_url, resolution: "480p" } });
for await (const event of stream);
console.log(Object.keys(await stream.done()));
"""

    printed = javascript(customer, packages, blocks("js")[0] + source).split("\n")

    assert printed[0] == "true 422 greater_than_equal num_frames: Input should be greater than or equal to 81"
    assert printed[1] == "499 client_cancelled true"
    assert printed[2] == "IN_QUEUE COMPLETED"
    assert printed[3] == "[ 'video', 'seed' ]"
    assert customer.balance_mc() == 1_000_000 - 40_000
