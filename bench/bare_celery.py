"""The floor of the queue: bare Celery on a folder, with the product's flags, and a task that does nothing.

As a module of `celery -A` it is the worker; as `python -m bench.bare_celery COUNT` it rings so often and prints the
seconds from each publish to the first line of its task, as JSON.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from random import Random

from celery import Celery

FOLDER = Path(os.environ["BENCH_BROKER"])
HEARD = FOLDER / "heard"
POLL_S = 0.05

app = Celery("bare", broker="filesystem://localhost//")
app.conf.update(
    broker_transport_options={
        "data_folder_in": str(FOLDER),
        "data_folder_out": str(FOLDER),
        "control_folder": str(FOLDER / "control"),
        "polling_interval": POLL_S,
    },
    task_default_queue="render",
    task_ignore_result=True,
    task_acks_late=True,
    worker_prefetch_multiplier=4,
    broker_connection_retry_on_startup=True,
)


@app.task(name="bare")
def bare(sent: float) -> None:
    """Both clocks are this machine's."""
    waited = time.time() - sent
    with HEARD.open("a") as file:
        file.write(f"{waited}\n")


def ring(count: int) -> list[float]:
    """One at a time, at any moment between two looks of the worker into its folder."""
    random, before = Random(1), len(_heard())
    for number in range(count):
        time.sleep(0.1 + random.random() * POLL_S)
        bare.delay(time.time())
        while len(_heard()) <= before + number:
            time.sleep(0.01)
    return _heard()[before:]


def _heard() -> list[float]:
    return [float(line) for line in HEARD.read_text().split()] if HEARD.exists() else []


if __name__ == "__main__":
    json.dump(ring(int(sys.argv[1])), sys.stdout)
