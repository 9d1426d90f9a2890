"""Connections that begin and do not go on: the server answers others meanwhile, and ends them after a while."""

import json
import socket

import httpx
import pytest

from tests.process.house import until

pytestmark = [pytest.mark.process, pytest.mark.once]

HALF_HEAD = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"


@pytest.fixture
def connect(live):
    opened = []

    def connect(sent: bytes) -> socket.socket:
        opened.append(socket.create_connection(("127.0.0.1", live.port), timeout=45))
        opened[-1].sendall(sent)
        return opened[-1]

    yield connect
    for client in opened:
        client.close()


def _post(path: str, key: str = "", *, head: str = "Content-Type: application/json\r\nContent-Length: 500") -> bytes:
    credentials = f"Authorization: Bearer {key}\r\n" if key else ""
    return f"POST {path} HTTP/1.1\r\nHost: localhost\r\n{credentials}{head}\r\n\r\n".encode()


def _lines(client: socket.socket) -> list[bytes]:
    """Status and headers of all that comes until the server closes."""
    return b"".join(iter(lambda: client.recv(65536), b"")).split(b"\r\n")


def _is_well(live) -> bool:
    return httpx.get(f"{live.url}/healthz", trust_env=False, timeout=5).status_code == 200


def test_twenty_half_heads_hold_nobody_up_and_are_ended(live, connect):
    dawdlers = [connect(HALF_HEAD) for _ in range(20)]

    assert _is_well(live)
    assert [client.recv(1) for client in dawdlers] == 20 * [b""]


def test_twenty_half_bodies_without_a_key_are_refused_at_once(live, connect):
    dawdlers = [connect(_post("/prompts") + b'{"te') for _ in range(20)]

    for client in dawdlers:
        lines = _lines(client)
        assert lines[0] == b"HTTP/1.1 401 Unauthorized"
        assert b"Connection: close" in lines
    assert _is_well(live)


def test_a_half_body_for_every_thread_is_told_after_a_while(live, connect):
    customer = live.customer(cents=100)
    dawdlers = [connect(_post("/prompts", customer.key) + b'{"te') for _ in range(8)]

    until(lambda: _healthy_again(live), seconds=45)
    answers = [_lines(client)[0] for client in dawdlers]

    assert answers == 8 * [b"HTTP/1.1 400 Bad Request"]
    assert customer.balance_mc() == 100_000


def test_a_client_that_takes_the_last_answer_and_stays_holds_nobody_up(live, connect):
    stayers = [connect(HALF_HEAD + b"Connection: close\r\n\r\n") for _ in range(20)]

    assert [client.recv(12) for client in stayers] == 20 * [b"HTTP/1.1 200"]
    assert _is_well(live)


def test_a_head_that_never_ends_is_refused(live, connect):
    client = connect(HALF_HEAD + b"X-Padding: " + 70_000 * b"x")

    assert _lines(client)[0] == b"HTTP/1.1 431 Request Header Fields Too Large"


def test_a_head_may_come_in_pieces_and_two_requests_at_once(live, connect):
    client = connect(HALF_HEAD)
    client.sendall(b"X-Late: 1\r\n\r\n" + HALF_HEAD + b"Connection: close\r\n\r")
    client.sendall(b"\n")

    assert b"".join(_lines(client)).count(b"HTTP/1.1 200 OK") == 2


@pytest.mark.parametrize(
    "chunks", [b"zz\r\n", b"5\r\nhelloXX", b"5;a=\x01\r\nhello\r\n", b"-1\r\n", b"0\r\nBad Trailer\r\n\r\n"]
)
def test_broken_chunks_are_400_in_the_dialects_form(live, connect, chunks):
    customer = live.customer(cents=100)
    head = "Content-Type: application/json\r\nTransfer-Encoding: chunked"

    lines = _lines(connect(_post("/tunes/1504944/prompts", customer.key, head=head) + chunks))

    assert lines[0] == b"HTTP/1.1 400 Bad Request"
    assert b"Connection: close" in lines
    assert json.loads(lines[-1])["status"] == 400
    assert customer.balance_mc() == 100_000


def test_chunks_that_end_with_the_connection_are_400(live, connect):
    customer = live.customer(cents=100)
    head = "Content-Type: application/json\r\nTransfer-Encoding: chunked"
    client = connect(_post("/tunes/1504944/prompts", customer.key, head=head) + b'10\r\n{"text": "a')
    client.shutdown(socket.SHUT_WR)

    assert _lines(client)[0] == b"HTTP/1.1 400 Bad Request"
    assert live.prompts_of(customer) == []


def test_a_refusal_that_left_the_body_unread_says_that_the_connection_ends(live, connect):
    customer = live.customer(cents=100)
    head = f"Content-Type: application/json\r\nContent-Length: {2**30}"

    lines = _lines(connect(_post("/tunes/1504944/prompts", customer.key, head=head)))

    assert lines[0] == b"HTTP/1.1 413 Request Entity Too Large"
    assert b"Connection: close" in lines


def _healthy_again(live) -> bool:
    try:
        return _is_well(live)
    except httpx.TimeoutException:
        return False


def test_what_strangers_cause_is_a_line_in_the_log_and_no_traceback(stack):
    wrong_host = httpx.get(f"{stack.url}/prompts", headers={"Host": "evil.example"}, trust_env=False)
    refused = httpx.head(f"{stack.url}/prompts", trust_env=False)

    assert (wrong_host.status_code, refused.status_code) == (400, 401)
    said = until(lambda: "evil.example" in stack.said() and stack.said())
    assert "Traceback" not in said
    assert "no-body response" not in said
