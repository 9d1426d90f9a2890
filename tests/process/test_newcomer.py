"""A newcomer copies the README's commands, with nothing changed, and gets real clips for exactly the price shown."""

import json
import re
import subprocess

import pytest

from astria_clone.settings import BASE_DIR
from tests.process import eyes
from tests.process.pictures import photo

pytestmark = [pytest.mark.process, pytest.mark.once]

COMMANDS = [
    command
    for command in re.findall(r"```sh\n(.*?)\n```", (BASE_DIR / "README.md").read_text(), re.DOTALL)
    if command.startswith("curl -X POST")
]
CLIPS, [PACK] = [one for one in COMMANDS if "/prompts" in one], [one for one in COMMANDS if "/p/" in one]
LEGACY_TEXT = (
    "<lora:1533312:1.0> A highly detailed image of thoughtful ohwx woman exploring a hidden urban garden, her J. Crew "
    "khaki midi skirt and linen blouse complementing the peaceful surroundings --video --video_prompt "
    '"Woman looking at the camera, smiling, puts hands on her hips, confident"'
)


def _run(command: str, customer) -> dict:
    """The status and the answer of one of the README's commands, run by a shell."""
    env = {"API_KEY": customer.key, "BASE_URL": customer.url, "PATH": "/usr/bin:/bin"}
    words = f"{command} --silent --write-out '\\n%{{http_code}}'"
    done = subprocess.run(["sh", "-c", words], cwd=BASE_DIR, env=env, capture_output=True, text=True, check=True)
    body, _, status = done.stdout.rpartition("\n")
    assert status == "201", body
    return json.loads(body)


def _clip(customer, prompt_id: int) -> eyes.Clip:
    ended = customer.ended(prompt_id)
    assert ended["user_error"] is None
    assert (ended["engine"], ended["preview_engine"]) == ("motion", True)
    assert ended["content_types"] == ["video/mp4"]
    (address,) = ended["images"]
    answer = customer.call("GET", address)
    assert (answer.status, answer.headers["content-type"]) == (200, "video/mp4")
    return eyes.decode(answer.body)


def test_the_three_commands_give_three_clips_each_for_its_price(live):
    customer = live.customer(cents=500)

    prompts = [_run(command, customer) for command in CLIPS]
    clips = [_clip(customer, prompt["id"]) for prompt in prompts]

    assert [prompt["cost_mc"] for prompt in prompts] == [14_000, 77_000, 370_000]
    assert customer.balance_mc() == 500_000 - 461_000
    for clip, seconds in zip(clips, (5.0, 5.0, 10.0), strict=True):
        assert clip.seconds == pytest.approx(seconds, abs=1 / clip.fps)
        assert clip.codec == "h264"
        assert len(clip.changes()) == seconds
        assert min(clip.changes()) > 0.5, clip.changes()
    assert [clip.size for clip in clips[:2]] == [(1280, 720), (1280, 720)]


def test_the_pack_trains_a_tune_and_makes_its_ten_pictures_for_the_price_shown(live):
    customer = live.customer(cents=200)

    tune = _run(PACK, customer)

    assert customer.balance_mc() == 200_000 - 150_000 - 10 * 2_875
    for prompt in tune["prompts"]:
        ended = customer.ended(prompt["id"])
        assert (ended["user_error"], ended["cost_mc"], len(ended["images"])) == (None, 2_875, 1)
    assert len(tune["prompts"]) == 10
    assert json.loads(customer.call("GET", f"/tunes/{tune['id']}").body)["trained_at"]


def test_the_old_text_with_flags_gives_a_clip_of_the_old_model(live):
    customer = live.customer(cents=100)

    prompt = customer.create(text=LEGACY_TEXT, w=1280, h=720)
    clip = _clip(customer, prompt["id"])

    assert (prompt["video_model"], prompt["cost_mc"]) == ("wan21_720p", 40_000)
    assert "--video" not in prompt["text"]
    assert (clip.size, len(clip.frames), clip.fps) == ((1280, 720), 80, 16)
    assert customer.balance_mc() == 60_000


def test_the_camera_goes_where_the_words_say(live):
    customer = live.customer(cents=18)
    words = ("pan left", "pan right", "zoom in")
    files = {"video_first_frame": ("photo.jpg", photo(), "image/jpeg")}
    prompts = [
        customer.create(files=files, video_model="wan22_fast_480p", video_prompt=said, seed=11) for said in words
    ]

    left, right, closer = (eyes.track(_clip(customer, prompt["id"])) for prompt in prompts)

    assert left.dx >= 1.0, "the camera goes left, so the picture goes right"
    assert right.dx <= -1.0
    assert closer.scale >= 1.05
    assert customer.balance_mc() == 0
