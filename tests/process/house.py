"""One installation whose programs a test starts and kills one by one, and looks into from outside."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import psycopg
import redis

from astria_clone.settings import BASE_DIR
from astria_clone.supervisor.__main__ import programs
from tests.process.client import Customer
from tests.stack import Stack

# A worker that was killed is missed after four seconds instead of a minute; everything on this machine may be called.
QUICK = {"LEASE_S": "4", "SWEEP_S": "1", "RENDER_SLOTS": "1", "SAFE_FETCH_ALLOW": "127.0.0.1/32:1024-65535"}

# Reads "address millicents", makes that customer, prints the key; again until its input ends.
_RECEPTION = """
import sys
from django.db import connection
from django.utils import timezone
from accounts import keys, people
from billing import ledger
for email, mc in map(str.split, sys.stdin):
    user = people.create_user(email=email, password=None)
    workspace = user.personal_workspace
    if int(mc):
        ledger.grant(workspace_id=workspace.pk, amount_mc=int(mc), reason="test", actor="test", now=timezone.now())
    print(keys.issue(user=user, workspace=workspace, name="test")[1], flush=True)
    connection.close()
"""


def until(condition: Callable[[], Any], *, seconds: float = 60, every: float = 0.05) -> Any:
    """What `condition` gives as soon as it is true."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"not so within {seconds} s: {condition}"
        time.sleep(every)
    return found


class House:
    def __init__(self, *, env: dict[str, str], folder: Path) -> None:
        self.env, self.folder = env | QUICK, folder
        self.data, self.port = Path(env["DATA_DIR"]), int(env["PORT"])
        self.url = f"http://localhost:{self.port}"
        self._stacks: list[Stack] = []
        self._programs: dict[str, subprocess.Popen] = {}
        self._reception: subprocess.Popen[str] | None = None

    # --- starting and stopping ---------------------------------------------------------------------------------------

    def supervise(self, **more: str) -> Stack:
        """Everything at once, as `make run` does; ready."""
        stack = Stack(env=self.env | more, log=self.folder / f"supervisor{len(self._stacks)}.log")
        self._stacks.append(stack)
        stack.wait_for("Ready: ")
        return stack

    def start(self, *names: str) -> None:
        """Some of the supervisor's programs without it, by the very commands that it would give."""
        settings = SimpleNamespace(
            BIND="127.0.0.1", PORT=self.port, WEB_PROCESSES=self._web(), WEB_THREADS=8, RENDER_SLOTS=1
        )
        for program in programs(settings):
            if program.name in names:
                self._programs[program.name] = self._popen(program.argv, program.env)
        if "web" in names:
            until(self._answers)

    def _web(self) -> int:
        return 2 if "DATABASE_URL" in self.env else 1

    def _popen(self, argv, env) -> subprocess.Popen:
        with (self.folder / "programs.log").open("ab") as log:
            return subprocess.Popen(
                argv, cwd=BASE_DIR, env=self.env | env, stdout=log, stderr=log, start_new_session=True
            )

    def _answers(self) -> bool:
        with suppress(httpx.HTTPError):  # nobody listens yet
            return httpx.get(f"{self.url}/readyz", trust_env=False).status_code == 200
        return False

    def kill(self, *names: str) -> None:
        """kill -9 of a program and of all its children."""
        for name in names:
            program = self._programs.pop(name)
            os.killpg(program.pid, signal.SIGKILL)
            program.wait()

    def kill_all(self) -> None:
        self.kill(*self._programs)
        for stack in self._stacks:
            stack.kill()

    def close(self) -> None:
        self.kill_all()
        if self._reception is not None:
            self._reception.communicate()

    # --- looking in --------------------------------------------------------------------------------------------------

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=BASE_DIR, env=self.env, capture_output=True, text=True, check=False)

    def customer(self, *, cents: int) -> Customer:
        """A new user with a key and so much money."""
        email = f"{uuid.uuid4().hex}@example.com"
        if self._reception is None:
            command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", _RECEPTION]
            env = {name: value for name, value in self.env.items() if name != "STACK_TEST"}  # no part of any stack
            pipe = subprocess.PIPE
            self._reception = subprocess.Popen(command, cwd=BASE_DIR, env=env, stdin=pipe, stdout=pipe, text=True)
        print(email, 1000 * cents, file=self._reception.stdin, flush=True)
        key = self._reception.stdout.readline().strip()
        assert key, "the reception ended; what it said stands above"
        return Customer(self.url, key, email)

    def messages(self) -> int:
        """How many renders the broker knows of."""
        if url := self.env.get("CELERY_BROKER_URL"):
            with redis.Redis.from_url(url) as broker:
                return broker.llen("render")
        return len(list(self._broker_folder().glob("*.render.msg")))

    def lose_messages(self) -> None:
        """As a broker does that keeps nothing over a restart."""
        if url := self.env.get("CELERY_BROKER_URL"):
            with redis.Redis.from_url(url) as broker:
                broker.flushall()
        else:
            for message in self._broker_folder().iterdir():
                message.unlink()

    def _broker_folder(self) -> Path:
        return self.data / "broker" / "queue"

    def sql(self, statement: str) -> list[tuple]:
        """What the statement gives, run on the database behind everybody's back and committed."""
        with closing(self._connect()) as connection:
            cursor = connection.execute(statement)
            rows = cursor.fetchall() if cursor.description else []
            connection.commit()
            return rows

    def _connect(self) -> Any:
        if url := self.env.get("DATABASE_URL"):
            return psycopg.connect(url)
        return sqlite3.connect(self.data / "database.sqlite3", timeout=10)

    def prompts_of(self, customer: Customer) -> list[int]:
        mine = f"""SELECT p.id FROM prompts_prompt p JOIN accounts_user u ON u.id = p.user_id
            WHERE u.email = '{customer.email}' ORDER BY p.id"""
        return [prompt_id for (prompt_id,) in self.sql(mine)]

    def status_of(self, prompt_id: int) -> str:
        return self.sql(f"SELECT status FROM prompts_prompt WHERE id = {prompt_id}")[0][0]

    @contextmanager
    def frozen(self, prompt_id: int) -> Iterator[int]:
        """While this goes on, the render of a prompt stands still in the middle of its clip; the renderer's process."""
        clip = f"prompt-{prompt_id}-*/*/*.part.mp4"
        until(lambda: list(self._work.glob(clip)), every=0.005)
        worker = self.sql(f"SELECT worker FROM prompts_prompt WHERE id = {prompt_id} AND status = 'running'")[0][0]
        renderer = int(worker.rpartition(":")[2])
        os.kill(renderer, signal.SIGSTOP)
        try:
            assert list(self._work.glob(clip)), "it was ready before it could be frozen"
            yield renderer
        finally:
            with suppress(ProcessLookupError):  # killed meanwhile
                os.kill(renderer, signal.SIGCONT)

    def ledger_of(self, prompt_id: int) -> list[tuple[str, int]]:
        """Every movement of money for this prompt: (kind, millicents)."""
        return self.sql(
            f"""SELECT t.kind, max(e.amount_mc) FROM billing_transaction t JOIN billing_entry e
            ON e.transaction_id = t.id WHERE t.reference = 'prompt:{prompt_id}' GROUP BY t.id, t.kind ORDER BY t.kind"""
        )

    def outputs_of(self, prompt_id: int) -> list[str]:
        """Names of all its results that are alive, shown or not."""
        alive = "SELECT filename FROM media_asset WHERE kind = 'output' AND deleted_at IS NULL ORDER BY id"
        return [name for (name,) in self.sql(alive) if name.startswith(f"{prompt_id}-")]

    def work_in_progress(self) -> list[str]:
        """Folders of renders that are under way, or were left behind."""
        return sorted(path.name for path in self._work.iterdir())

    @property
    def _work(self) -> Path:
        return self.data / "work"
