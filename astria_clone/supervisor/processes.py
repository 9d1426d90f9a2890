"""Keeps a few programs running on one machine, and leaves nothing behind.

Everything happens in one thread around one selector: output of the programs, their deaths and our own signals all wake
it, so that an idle supervisor costs no processor time. Started by its path, with its orders as JSON, and made of the
standard library alone, it needs a third of the memory that a process with the settings in it does.
"""

from __future__ import annotations

import ctypes
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO, Any

OURSELVES = "supervisor"
DEATHS_MAX = 5
DEATHS_WITHIN_S = 60.0
_QUIET_S = 6.0  # of an end that needs no explanation: idle workers take some seconds
ON_LINUX = sys.platform == "linux"
_LIBC = ctypes.CDLL(None)
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36  # from <sys/prctl.h>


@dataclass(frozen=True)
class Program:
    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)  # on top of our own environment


class _Slot:
    """One program: its present process, if any, and its recent deaths."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.process: subprocess.Popen[bytes] | None = None
        self.start_at: float | None = 0.0
        self.deaths: deque[float] = deque()

    def count_death(self, now: float) -> int:
        """:returns: deaths within the last minute, this one included"""
        self.deaths.append(now)
        while self.deaths[0] <= now - DEATHS_WITHIN_S:
            self.deaths.popleft()
        return len(self.deaths)


@dataclass
class _Output:
    """One child's output, cut into lines."""

    name: str
    pipe: IO[bytes]
    begun: bytes = b""

    def lines(self, more: bytes) -> list[bytes]:
        *whole, self.begun = (self.begun + more).split(b"\n")
        return whole


class Supervisor:
    """Runs programs until it is told to stop (`run` returns 0) or one of them dies too often (1).

    :param grace_s: how long a program may take over SIGTERM before its whole process group is killed
    :param pause_s: wait before the first restart; doubles with every death within a minute
    """

    def __init__(
        self,
        programs: list[Program],
        *,
        grace_s: float,
        pause_s: float = 0.5,
    ) -> None:
        self._slots = [_Slot(program) for program in programs]
        self._grace_s = grace_s
        self._pause_s = pause_s
        self.watch: Callable[[], bool] | None = None  # called a few times a second until it returns True
        self._width = max(len(name) for name in [OURSELVES, *(program.name for program in programs)])
        self._selector = selectors.DefaultSelector()
        self._verdict: int | None = None
        self._signals = 0

    def run(self) -> int:
        if ON_LINUX:  # grandchildren that outlive their parent become ours, so that the end can find them
            _LIBC.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        with self._listening():
            try:
                while self._verdict is None:
                    self._start_due()
                    self._ask_watch()
                    self._wait(self._next_event_s())
                    self._reap()
            finally:
                self._stop_all()
        return self._verdict

    def say(self, text: str) -> None:
        self._print(OURSELVES, text.encode())

    # --- waiting ---------------------------------------------------------------------------------------------------

    @contextmanager
    def _listening(self) -> Iterator[None]:
        """Signals and deaths of children arrive as bytes on a socket that the selector watches."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        theirs.setblocking(False)
        self._selector.register(ours, selectors.EVENT_READ, None)
        before_fd = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
        stops = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = {number: signal.signal(number, self._on_stop) for number in stops}
        before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(before_fd)
            self._selector.close()
            ours.close()
            theirs.close()

    def _on_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._signals += 1
        if self._verdict is None:
            self._verdict = 0

    def _wait(self, seconds: float | None) -> None:
        for key, _ in self._selector.select(seconds):
            if key.data is None:
                with suppress(BlockingIOError):
                    os.read(key.fd, 4096)
            else:
                self._pass_on(key.data)

    def _next_event_s(self) -> float | None:
        due = [slot.start_at for slot in self._slots if slot.start_at is not None]
        waits = [max(0.0, min(due) - time.monotonic())] if due else []
        return min([*waits, 0.2]) if self.watch else min(waits, default=None)

    def _ask_watch(self) -> None:
        if self.watch and self.watch():
            self.watch = None

    # --- output ----------------------------------------------------------------------------------------------------

    def _pass_on(self, output: _Output) -> None:
        more = os.read(output.pipe.fileno(), 65536)
        if not more:
            self._selector.unregister(output.pipe)
            output.pipe.close()
        for line in output.lines(more or b"\n"):
            if line or more:
                self._print(output.name, line)

    def _print(self, name: str, line: bytes) -> None:
        self.write(name.encode().ljust(self._width) + b" | " + line + b"\n")

    def write(self, text: bytes) -> None:
        try:
            sys.stdout.buffer.write(text)
            sys.stdout.buffer.flush()
        except BrokenPipeError:  # nobody reads us any more: end in order, silently
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            self._verdict = 0 if self._verdict is None else self._verdict

    # --- lives and deaths --------------------------------------------------------------------------------------------

    def _start_due(self) -> None:
        for slot in self._slots:
            if slot.start_at is not None and slot.start_at <= time.monotonic():
                slot.start_at = None
                slot.process = self._start(slot.program)

    def _start(self, program: Program) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            program.argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, **program.env},
            start_new_session=True,  # Ctrl-C reaches us alone, and the group can be killed as one
            preexec_fn=end_with_parent(),  # noqa: PLW1509  this process has one thread
        )
        assert process.stdout is not None
        self._selector.register(process.stdout, selectors.EVENT_READ, _Output(program.name, process.stdout))
        return process

    def _reap(self) -> None:
        """Collects the dead: our programs, and orphans that fell to us."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            for slot in self._slots:
                if slot.process and slot.process.pid == pid:
                    self._bury(slot, slot.process, os.waitstatus_to_exitcode(status))

    def _bury(self, slot: _Slot, process: subprocess.Popen[bytes], code: int) -> None:
        process.returncode = code  # waitpid took it before Popen could
        slot.process = None
        _kill_group(process.pid)  # a server's own children must not keep its port or its job
        if self._verdict is not None:
            return
        now = time.monotonic()
        deaths = slot.count_death(now)
        if deaths >= DEATHS_MAX:
            self.say(f"{slot.program.name} {_how(code)}, {deaths} times within a minute: giving up")
            self._verdict = 1
            return
        pause_s = self._pause_s * 2 ** (deaths - 1)
        slot.start_at = now + pause_s
        self.say(f"{slot.program.name} {_how(code)}; starting it again in {pause_s:g} s")

    # --- the end -----------------------------------------------------------------------------------------------------

    def _stop_all(self) -> None:
        for process in self._running():
            process.terminate()
        deadline, signals = time.monotonic() + self._grace_s, self._signals
        self._wait_and_reap(min(deadline, time.monotonic() + _QUIET_S), signals)
        if self._running() and signals == self._signals:
            self.say(f"finishing what is being rendered, for up to {self._grace_s:g} s; Ctrl-C again ends it at once")
        self._wait_and_reap(deadline, signals)
        for process in self._running():
            _kill_group(process.pid)
            process.wait()
        self._kill_orphans()
        self._drain()

    def _wait_and_reap(self, deadline: float, signals: int) -> None:
        """Until all have ended, the time is up, or another signal came."""
        while self._running() and signals == self._signals and (left_s := deadline - time.monotonic()) > 0:
            self._wait(left_s)
            self._reap()

    def _running(self) -> list[subprocess.Popen[bytes]]:
        return [slot.process for slot in self._slots if slot.process and slot.process.returncode is None]

    def _kill_orphans(self) -> None:
        """What left its process group to outlive its parent."""
        while orphans := _children():
            for pid in orphans:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)

    def _drain(self) -> None:
        """The last words, which the pipes still hold."""
        while any(key.data for key in self._selector.get_map().values()):
            before = len(self._selector.get_map())
            self._wait(0.2)
            if len(self._selector.get_map()) == before and not self._selector.select(0):
                return


def end_with_parent() -> Callable[[], None] | None:
    """For a new child to run first: it gets SIGTERM when this process goes, however that happens."""
    if not ON_LINUX:
        return None
    parent = os.getpid()

    def ask() -> None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:  # it went before we could ask
            os._exit(1)

    return ask


def _kill_group(leader: int) -> None:
    with suppress(ProcessLookupError, PermissionError):  # empty, or (macOS) only zombies
        os.killpg(leader, signal.SIGKILL)


def _children() -> list[int]:
    """Our present children; empty where the kernel does not tell."""
    try:
        return [int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()]
    except FileNotFoundError:
        return []


def _how(code: int) -> str:
    return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"


def announcement(
    *, bind: str, port: int, host: str, url: str, demo: str | None, write: Callable[[bytes], None]
) -> Callable[[], bool]:
    """Says where the server is once it answers, in plain lines, ready to be copied.

    :param host: a name that the server accepts
    :param demo: file of lines to say as well
    """

    def announce() -> bool:
        if not _answers(bind, port, host):
            return False
        lines = Path(demo).read_text(encoding="utf-8") if demo and Path(demo).exists() else ""
        write(f"\nReady: {url}  (Ctrl-C ends it)\n{lines}\n".encode())
        return True

    return announce


def _answers(bind: str, port: int, host: str) -> bool:
    """Asks by hand: an HTTP library would cost more memory than all the rest."""
    address = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(bind.strip("[]"), bind.strip("[]"))  # noqa: S104  compared only
    try:
        with socket.create_connection((address, port), timeout=1) as connection:
            connection.sendall(f"GET /healthz HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
            return b" 200 " in connection.recv(64)
    except OSError:
        return False


def main(orders: dict[str, Any]) -> int:
    """:param orders: `programs`, `grace_s`, `pause_s`, and `announce` (arguments of `announcement`, or None)"""
    programs = [Program(**program) for program in orders["programs"]]
    supervisor = Supervisor(programs, grace_s=orders["grace_s"], pause_s=orders["pause_s"])
    if orders["announce"]:
        supervisor.watch = announcement(**orders["announce"], write=supervisor.write)
    return supervisor.run()


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
