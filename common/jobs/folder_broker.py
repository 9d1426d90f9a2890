"""Celery's filesystem transport, with files that appear whole.

kombu's own writes a message under its final name, and an exchange's table in place. A consumer that looks at that
moment reads half of it, takes the error for a broken broker, and ends the whole worker.
"""

from __future__ import annotations

import fcntl
import time
import uuid
from pathlib import Path
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    def _put(self, queue: str, payload: Any, **_options: Any) -> None:  # type: ignore[override]  # kombu's two differ
        # Consumers take what sorts first as text, and look for the queue after the first dot. The wall clock keeps its
        # number of digits, and goes on where it was after a restart of the machine, unlike kombu's monotonic one.
        _write(Path(self.data_folder_out) / f"{time.time_ns()}_{uuid.uuid4()}.{queue}.msg", payload)

    def _queue_bind(self, exchange: str, routing_key: str | None, pattern: str | None, queue: str | None) -> None:
        table: Path = self._exchange_file(exchange)  # type: ignore[no-untyped-call]
        binding = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        self.control_folder.mkdir(exist_ok=True)
        with (self.control_folder / "bindings.lock").open("wb") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)  # until the file is closed
            known = self.get_table(exchange)  # type: ignore[no-untyped-call]
            if binding not in known:
                _write(table, [binding, *known])


class Transport(filesystem.Transport):
    Channel = Channel


def _write(path: Path, content: Any) -> None:
    """Under a name that nobody looks for; renaming it is one step for every onlooker."""
    draft = path.with_name(f".{uuid.uuid4()}.draft")
    draft.write_text(dumps(content), encoding="utf-8")  # type: ignore[no-untyped-call]
    draft.replace(path)
