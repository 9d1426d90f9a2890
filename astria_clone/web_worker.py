"""gunicorn's threaded worker, made safe against connections that dawdle.

Its threads are few, and its own way of reading lets a stranger hold one for as long as a socket stays open. Here a
request's head is collected by the poller and reaches a thread when it is whole; whatever a thread then waits for has a
limit. TLS is the proxy's in front: connections are plain.
"""

from __future__ import annotations

import errno
import socket
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn.http.body import Body
from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers.gthread import TConn, ThreadWorker

HEAD_S = 10.0  # from the first byte, or the connection, to the end of a request's head
HEAD_BYTES_MAX = 64 * 2**10
SILENCE_S = 10.0  # a body may pause for so long
BODY_GRACE_S, BODY_BYTES_PER_S = 30.0, 16 * 2**10  # a body's own time: the grace, and what its size takes at this rate
ANSWER_S = 30.0  # for a piece of the answer that the receiver does not take
LINGER_S = 2.0  # for the receiver of the last answer to close first
LINGER_BYTES_MAX = 2**20
_PIECE = 64 * 2**10
_HEAD_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_NOT_NOW = (errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED)

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class PatientUnreader(SocketUnreader):
    """Reads bodies, neither from a silent sender nor from one that trickles."""

    def begin(self, head: bytes) -> None:
        """A request whose head has come."""
        self.begun, self.received = time.monotonic(), 0
        self.unread(head)

    def chunk(self, size_hint: int | None = None) -> bytes:
        """:raises TimeoutError: nothing came, or too little"""
        if time.monotonic() - self.begun > BODY_GRACE_S + self.received / BODY_BYTES_PER_S:
            raise TimeoutError("the body comes too slowly")
        before = self.sock.gettimeout()
        self.sock.settimeout(SILENCE_S)
        try:
            data = bytes(super().chunk(size_hint))
        finally:
            self.sock.settimeout(before)
        self.received += len(data)
        return data


class Connection(TConn):
    """One client's connection, and what has come of its next request's head."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.head = bytearray()
        self.discarded = 0

    def init(self) -> None:
        if not self.initialized:
            super().init()
            self.parser.unreader = PatientUnreader(self.sock)

    def hand_over(self) -> None:
        """What the poller collected is the parser's to read."""
        self.init()
        self.parser.unreader.begin(bytes(self.head))
        self.head.clear()


class PatientWorker(ThreadWorker):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lingering: deque[Connection] = deque()

    def load_wsgi(self) -> None:
        super().load_wsgi()
        self.wsgi: WsgiApp = closing_after_unread_bodies(self.wsgi)

    # --- heads: on the poller, without a thread ----------------------------------------------------------------------

    def accept(self, listener: socket.socket) -> None:
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno in _NOT_NOW:
                return
            raise
        self.nr_conns += 1
        self._read_head(self._timed(Connection(self.cfg, client, address, listener.getsockname())))

    def on_client_socket_readable(self, conn: Connection, client: socket.socket) -> None:
        """The next request on a connection that was kept."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._read_head(self._timed(conn))

    def on_pending_socket_readable(self, conn: Connection, client: socket.socket) -> None:
        """More of a head."""
        self.poller.unregister(client)
        self.pending_conns.remove(conn)
        self._read_head(conn)

    @staticmethod
    def _timed(conn: Connection) -> Connection:
        conn.timeout = time.monotonic() + HEAD_S
        return conn

    def _read_head(self, conn: Connection) -> None:
        try:
            piece = conn.sock.recv(_PIECE)
        except BlockingIOError:
            self._wait_for_more(conn)
            return
        except OSError:
            piece = b""
        if piece:
            conn.head += piece
            self._pass_on(conn)
        else:
            self._drop(conn)

    def _pass_on(self, conn: Connection) -> None:
        """To a thread, if the head is whole."""
        if b"\r\n\r\n" in conn.head:
            conn.hand_over()
            conn.data_ready = True
            self.enqueue_req(conn)
        elif len(conn.head) > HEAD_BYTES_MAX:
            self._refuse(conn)
        else:
            self._wait_for_more(conn)

    def _wait_for_more(self, conn: Connection) -> None:
        """In the line of those that `murder_pending` ends when their time is up."""
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def _refuse(self, conn: Connection) -> None:
        try:
            conn.sock.send(_HEAD_TOO_LARGE)
        except OSError:
            self._drop(conn)
        else:
            self._linger(conn)

    # --- requests: in a thread ---------------------------------------------------------------------------------------

    def handle_request(self, req: Any, conn: Connection) -> Any:
        conn.sock.settimeout(ANSWER_S)
        try:
            return super().handle_request(req, conn)
        except TimeoutError as error:  # the receiver of the answer is as good as gone, which is no defect of ours
            raise ConnectionResetError(errno.ECONNRESET, "the answer was not taken") from error

    # --- ends: on the poller again, where waiting for one client would hold all others -------------------------------

    def finish_request(self, conn: Connection, fs: Future[Any]) -> None:
        if fs.cancelled() or fs.exception() or not fs.result():
            self._linger(conn)
            return
        conn.sock.setblocking(False)
        conn.head += conn.parser.unreader.take_buffered()
        if conn.head:  # sent together with the request before it
            self._pass_on(self._timed(conn))
        else:
            super().finish_request(conn, fs)

    def _linger(self, conn: Connection) -> None:
        """Close our side, and read on for a moment: to close on unread bytes would take the last answer with it."""
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
            self.poller.register(conn.sock, EVENT_READ, partial(self._discard, conn))
        except (OSError, ValueError):
            self._drop(conn)
            return
        conn.timeout = time.monotonic() + LINGER_S
        self.lingering.append(conn)

    def _discard(self, conn: Connection, client: socket.socket) -> None:
        try:
            piece = client.recv(_PIECE)
        except OSError:
            piece = b""
        conn.discarded += len(piece)
        if not piece or conn.discarded > LINGER_BYTES_MAX:
            self.lingering.remove(conn)
            self.poller.unregister(client)
            self._drop(conn)

    def _drop(self, conn: Connection) -> None:
        self.nr_conns -= 1
        conn.close()

    def murder_pending(self) -> None:
        """Ends heads that take too long, in whatever order they came, and lingerers."""
        now = time.monotonic()
        for line in (self.pending_conns, self.lingering):
            for conn in [conn for conn in line if conn.timeout <= now]:
                line.remove(conn)
                self.poller.unregister(conn.sock)
                self._drop(conn)

    def _cap_keepalive(self, deadline: float) -> None:
        """A stopping worker waits no longer for a head than for a kept connection."""
        super()._cap_keepalive(deadline)
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout, deadline)


def closing_after_unread_bodies(application: WsgiApp) -> WsgiApp:
    """The next request on a connection would begin somewhere inside a body that nobody read: say that it closes."""

    def closing(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def start(*args: Any) -> Any:
            if _is_unread(environ["wsgi.input"]):
                start_response.__self__.force_close()  # type: ignore[attr-defined]  # a method of gunicorn's Response
            return start_response(*args)

        return application(environ, start)

    return closing


def _is_unread(body: Body) -> bool:
    """:param body: of a known length, or in chunks; HTTP/1 has no others in requests"""
    left = getattr(body.reader, "length", 0) or getattr(body.reader, "parser", None)
    return bool(left) or body.failed
