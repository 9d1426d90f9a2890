"""Small real HTTP servers on the loopback, for tests of what we ask of others."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


@dataclass
class Seen:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Server:
    port: int
    seen: list[Seen] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)  # ends a handler that drips

    def url(self, path: str = "/", *, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    @property
    def allow(self) -> list[str]:
        return [f"127.0.0.1/32:{self.port}"]


Handler = Callable[[BaseHTTPRequestHandler, Server], None]


@contextmanager
def serving(handler: Handler, *, certificate: Path | None = None) -> Iterator[Server]:
    """A server that writes down every request and then lets `handler` answer; over TLS, given a certificate."""

    class Requests(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            server.seen.append(Seen(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            try:
                handler(self, server)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # the client had enough, which is what some tests are about

        do_GET = do_POST = _answer  # noqa: N815  names that http.server looks for

        def log_message(self, *args) -> None:
            """Nothing: the test asserts on `seen`."""

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Requests)
    httpd.daemon_threads = True
    httpd.handle_error = lambda *_: None  # a client that breaks off is what some tests are about
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        httpd.socket = context.wrap_socket(httpd.socket, server_side=True)
    server = Server(httpd.server_port)
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        httpd.shutdown()
        thread.join()
        httpd.server_close()


def answering(status: int, body: bytes = b"", **headers: str) -> Handler:
    def handler(request: BaseHTTPRequestHandler, server: Server) -> None:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.send_header("content-length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    return handler


def redirecting(location: str, status: int = 302) -> Handler:
    return answering(status, location=location)
