"""What the processes carry: pixels stay out of the one that answers requests."""

import re
from pathlib import Path

import pytest

from tests.process.house import until
from tests.process.pictures import photo

pytestmark = [pytest.mark.process, pytest.mark.once]

DECODERS = re.compile(r"cv2|/av/|/av\.libs/|libav|PIL/|pillow|pi_heif|numpy|torch")


def _loaded(pid: int) -> set[str]:
    """Paths of the shared libraries in a process."""
    maps = Path(f"/proc/{pid}/maps").read_text()
    return set(re.findall(r"(/\S+\.so\S*)$", maps, re.MULTILINE))


def _pss_mb(pid: int) -> float:
    """Its share of the machine's memory: pages that n processes have in common count 1/n."""
    (kilobytes,) = re.findall(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    return int(kilobytes) / 1024


def test_the_web_server_never_loads_a_decoder(stack, parts):
    until(lambda: sum("--pool prefork" in command for command in stack.processes().values()) == 2)  # with its child
    idle = {pid: _pss_mb(pid) for pid in stack.processes()}
    print(f"idle stack: {sum(idle.values()):.0f} MB PSS in {len(idle)} processes")  # noqa: T201  shown by pytest -s
    customer = parts.customer(cents=10)
    files = {"video_first_frame": ("photo.jpg", photo(), "image/jpeg")}

    prompt = customer.create(files=files, video_model="wan22_fast_480p", video_prompt="pan left")

    ended = customer.ended(prompt["id"])
    assert customer.call("GET", ended["images"][0]).status == 200
    servers = [pid for pid, command in stack.processes().items() if "gunicorn" in command]
    assert len(servers) >= 2  # the master and at least one that answers
    assert [path for pid in servers for path in _loaded(pid) if DECODERS.search(path)] == []
