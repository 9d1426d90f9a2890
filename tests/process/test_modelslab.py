"""`docs/api/modelslab.md` runs as it stands, and so does ModelsLab's own Python client, against a live server."""

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from PIL import Image

from astria_clone.settings import BASE_DIR

pytestmark = [pytest.mark.process, pytest.mark.once]

GUIDE = (BASE_DIR / "docs" / "api" / "modelslab.md").read_text()
BLOCKS = re.findall(r"```(sh|python)\n(.*?)```", GUIDE, re.DOTALL)
CLIENT = """
import os
from modelslab_py.core.client import Client
from modelslab_py.core.apis.video import Video
from modelslab_py.schemas.video import Image2Video, Text2Video

client = Client(api_key=os.environ["API_KEY"], fetch_timeout=1)
client.base_url = os.environ["BASE_URL"] + "/api/"
api = Video(client=client, enterprise=False)
"""
# The example of the client's own page on PyPI, but for where it is pointed.
ITS_EXAMPLE = """
schema = Text2Video(
    model_id="zeroscope",
    prompt="a cat walking in a garden",
    num_frames=30
)

response = api.text_to_video(schema=schema)
print(response["status"], response["meta"]["num_frames"], response["meta"]["model_id"])
print(api.fetch(str(response["id"]))["output"][0])
"""
ASKS_FOR_A_CLIP = """
api.image_to_video(Image2Video(model_id="svd", prompt="pan left", init_image=os.environ["IMAGE"]))
"""


def run(program, *arguments, customer, folder, **env):
    python = Path(sys.executable).parent
    path = {"PATH": f"{python}:{os.environ['PATH']}", "no_proxy": "*"}
    env = {**os.environ, **path, "BASE_URL": customer.url, "API_KEY": customer.key, **env}
    return subprocess.run(
        [program, *arguments], cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "docs").symlink_to(BASE_DIR / "docs")
    (tmp_path / "var").mkdir()
    return tmp_path


def test_the_guide_runs_as_it_stands(live, folder):
    customer = live.customer(cents=100)
    (folder / "var" / "demo.env").write_text(f"BASE_URL={customer.url}\nAPI_KEY={customer.key}\n")
    script = "\n".join(text if kind == "sh" else f"export IMAGE\npython3 - <<'PY'\n{text}PY" for kind, text in BLOCKS)

    done = run("sh", "-e", "-c", script, customer=customer, folder=folder)

    assert done.returncode == 0, done.stderr
    balance, _, last = done.stdout.partition("}}")
    assert json.loads(balance + "}}") == {"status": "success", "data": {"balance": 1.0, "currency": "USD"}}
    made, result = (json.loads((folder / name).read_text()) for name in ("clip.json", "result.json"))
    assert made["status"] == "processing"
    assert result["output"] == made["future_links"]
    assert (folder / "clip.mp4").read_bytes()[4:8] == b"ftyp"
    status, url = last.split()
    assert status == "success"
    assert httpx.get(url, trust_env=False).content[4:8] == b"ftyp"
    assert customer.balance_mc() == 100_000 - 2 * 6_000


def test_the_clients_own_example(live, folder):
    customer = live.customer(cents=10)

    done = run(sys.executable, "-c", CLIENT + ITS_EXAMPLE, customer=customer, folder=folder)

    assert done.returncode == 0, done.stderr
    told, url = done.stdout.splitlines()
    assert told == "processing 25 wan2.2"
    animation = Image.open(io.BytesIO(httpx.get(url, trust_env=False).content))
    assert (animation.format, animation.n_frames, animation.size) == ("GIF", 25, (512, 512))


@pytest.mark.parametrize(
    ("cents", "key", "image", "status", "message"),
    [
        (10, "sd_wrong", "{url}/none.jpg", 401, "Invalid API key"),
        (0, None, "{url}/none.jpg", 402, "Not enough balance for this."),
        (10, None, "{url}/none.jpg", 400, "init_image can't be fetched from that address"),
        (10, None, "http://127.0.0.1:9/closed.jpg", 400, "init_image can't be fetched from that address"),
    ],
)
def test_the_client_raises_what_is_wrong(live, folder, cents, key, image, status, message):
    customer = live.customer(cents=cents)
    env = {"IMAGE": image.format(url=live.url), **({"API_KEY": key} if key else {})}

    done = run(sys.executable, "-c", CLIENT + ASKS_FOR_A_CLIP, customer=customer, folder=folder, **env)

    raised = done.stderr.strip().splitlines()[-1]
    told, _, body = raised.partition(": {")
    assert told == f"Exception: Request failed with status code {status}"
    assert json.loads("{" + body)["message"] == message
    assert live.prompts_of(customer) == []
