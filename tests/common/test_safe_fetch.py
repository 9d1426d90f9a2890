"""Fetching and posting over real sockets: pinned, bounded, and silent towards the inside."""

import socket
import ssl
import time
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from common import safe_fetch
from common.safe_fetch import NotFetchable
from tests.common.servers import answering, redirecting, serving


def fetch(url, tmp_path, **options):
    return safe_fetch.fetch(url, into=tmp_path / "fetched", **({"max_bytes": 1_000} | options))


def resolving(monkeypatch, *answers):
    """Name servers that give the listed addresses, one list for each question, and the list of names asked for."""
    asked = []

    def getaddrinfo(host, port, *args, **options):
        asked.append(host)
        addresses = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def test_saves_what_the_address_answers(tmp_path):
    with serving(answering(200, b"a picture")) as server:
        fetched = fetch(server.url("/a.png?sig=%2B"), tmp_path, allow=server.allow)

    assert (fetched.bytes, fetched.path.read_bytes()) == (9, b"a picture")
    assert server.seen[0].path == "/a.png?sig=%2B"
    assert server.seen[0].headers["host"] == f"127.0.0.1:{server.port}"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "①②⑦.0.0.1"])
def test_the_loopback_hears_nothing_under_any_name(tmp_path, host):
    with serving(answering(200, b"secret")) as server, pytest.raises(NotFetchable):
        fetch(server.url(host=host), tmp_path)

    assert server.seen == []
    assert not (tmp_path / "fetched").exists()


def test_a_name_is_resolved_once_and_the_judged_address_is_the_one_connected_to(tmp_path, monkeypatch):
    with serving(answering(200, b"secret")) as inside:
        asked = resolving(monkeypatch, ["203.0.114.1"], ["127.0.0.1"])
        dialled = []
        monkeypatch.setattr(socket, "create_connection", lambda address, *a, **k: dialled.append(address) or refuse())

        with pytest.raises(NotFetchable):
            fetch("http://rebinding.example:8080/", tmp_path)

    assert asked == ["rebinding.example"]
    assert dialled == [("203.0.114.1", 8080)]
    assert inside.seen == []


def refuse():
    raise ConnectionRefusedError


def test_the_host_header_keeps_the_name_while_the_connection_goes_to_the_address(tmp_path, monkeypatch):
    with serving(answering(200, b"ok")) as server:
        real = socket.getaddrinfo
        monkeypatch.setattr(
            socket,
            "getaddrinfo",
            lambda host, *a, **k: real("127.0.0.1" if host == "pictures.example" else host, *a, **k),
        )

        fetch(server.url(host="pictures.example"), tmp_path, allow=server.allow)

    assert server.seen[0].headers["host"] == f"pictures.example:{server.port}"


def test_a_name_with_one_private_address_is_never_dialled(tmp_path, monkeypatch):
    resolving(monkeypatch, ["8.8.8.8", "169.254.169.254"])
    dialled = []
    monkeypatch.setattr(socket, "create_connection", lambda address, *a, **k: dialled.append(address) or refuse())

    with pytest.raises(NotFetchable):
        fetch("http://mixed.example/", tmp_path)

    assert dialled == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_the_inside_is_not_followed(tmp_path, status):
    with (
        serving(answering(200, b"secret")) as inside,
        serving(redirecting(inside.url("/secret"), status)) as outside,
        pytest.raises(NotFetchable),
    ):
        fetch(outside.url(), tmp_path, allow=outside.allow)

    assert len(outside.seen) == 1
    assert inside.seen == []


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/",
        "//169.254.169.254/",
        "http://0x7f.1/",
        "http://user@127.0.0.1/",
        "file:///etc/passwd",
        "http://[::1]/",
        "http://[",
        "/a\\b",
    ],
)
def test_a_redirect_passes_the_same_door_as_the_first_address(tmp_path, monkeypatch, location):
    dialled = []
    real = socket.create_connection
    monkeypatch.setattr(
        socket, "create_connection", lambda address, *a, **k: dialled.append(address) or real(address, *a, **k)
    )
    with serving(redirecting(location)) as server, pytest.raises(NotFetchable):
        fetch(server.url(), tmp_path, allow=server.allow)

    assert dialled == [("127.0.0.1", server.port)]


def test_three_redirects_are_followed_and_a_fourth_is_not(tmp_path):
    def hop(request, server):
        left = int(request.path.strip("/"))
        (redirecting(f"/{left - 1}") if left else answering(200, b"there"))(request, server)

    with serving(hop) as server:
        assert fetch(server.url("/3"), tmp_path, allow=server.allow).bytes == 5
        with pytest.raises(NotFetchable):
            fetch(server.url("/4"), tmp_path, allow=server.allow)

    assert [seen.path for seen in server.seen] == ["/3", "/2", "/1", "/0", "/4", "/3", "/2", "/1"]


def test_https_never_falls_back_to_http():
    with pytest.raises(NotFetchable) as refusal:
        safe_fetch.follow(safe_fetch.parse("https://example.com/a"), "http://example.com/b")

    assert refusal.value.reason == "redirect from https to http"


@pytest.mark.parametrize("status", [204, 206, 401, 404, 500])
def test_only_a_200_is_a_file(tmp_path, status):
    with serving(answering(status)) as server, pytest.raises(NotFetchable):
        fetch(server.url(), tmp_path, allow=server.allow)

    assert not (tmp_path / "fetched").exists()


def test_bytes_are_counted_as_they_come_whatever_the_header_says(tmp_path):
    def endless(request, server):
        request.send_response(200)
        request.end_headers()  # no length: the body ends with the connection
        while not server.closing.is_set():
            request.wfile.write(b"x" * 1_000)

    with serving(endless) as server, pytest.raises(NotFetchable) as refusal:
        fetch(server.url(), tmp_path, allow=server.allow, max_bytes=50_000)

    assert refusal.value.reason == "too_large"
    assert not (tmp_path / "fetched").exists()


def test_a_file_of_exactly_the_limit_is_kept(tmp_path):
    with serving(answering(200, b"x" * 1_000)) as server:
        assert fetch(server.url(), tmp_path, allow=server.allow, max_bytes=1_000).bytes == 1_000


def test_a_compressed_answer_that_nobody_asked_for_is_refused(tmp_path):
    with serving(answering(200, b"\x1f\x8b", content_encoding="gzip")) as server, pytest.raises(NotFetchable):
        fetch(server.url(), tmp_path, allow=server.allow)

    assert server.seen[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("where", ["headers", "body"])
def test_a_server_that_drips_is_left_when_the_time_for_everything_is_over(tmp_path, where):
    def drip(request, server):
        request.wfile.write(b"HTTP/1.1 200 OK\r\n" + (b"\r\n" if where == "body" else b"x-slow: "))
        while not server.closing.wait(0.1):
            request.wfile.write(b"a")
            request.wfile.flush()

    with serving(drip) as server:
        started = time.monotonic()
        with pytest.raises(NotFetchable) as refusal:
            fetch(server.url(), tmp_path, allow=server.allow, timeout=0.7)
        took = time.monotonic() - started

    assert refusal.value.reason in ("timeout", "transport: ReadTimeout")
    assert 0.6 < took < 5  # each byte came in time; only their sum is too late


def test_a_name_server_that_never_answers_costs_no_more_than_the_deadline(tmp_path, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: time.sleep(3) or [])

    with pytest.raises(NotFetchable) as refusal:
        fetch("http://slow.example/", tmp_path, timeout=0.2)

    assert refusal.value.reason == "timeout"


def test_the_second_address_of_a_name_is_tried_when_the_first_does_not_answer(tmp_path, monkeypatch):
    with serving(answering(200, b"ok")) as server:
        real = socket.getaddrinfo

        def both(host, port, *a, **k):
            if host != "two.example":
                return real(host, port, *a, **k)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in ("127.0.0.9", "127.0.0.1")]

        monkeypatch.setattr(socket, "getaddrinfo", both)
        allow = [f"127.0.0.0/24:{server.port}"]

        assert fetch(server.url(host="two.example"), tmp_path, allow=allow).bytes == 2


def test_proxies_of_the_environment_are_ignored(tmp_path, monkeypatch):
    with serving(answering(200, b"proxied")) as proxy, serving(answering(200, b"direct")) as server:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url())

        fetched = fetch(server.url(), tmp_path, allow=server.allow)

    assert fetched.path.read_bytes() == b"direct"
    assert proxy.seen == []


def test_posts_the_body_with_its_headers_and_gives_the_status(tmp_path):
    with serving(answering(202, b"thanks", x_answer="yes")) as server:
        answer = safe_fetch.post(
            server.url("/hook?a=1&b=%20"),
            body=b'{"a":1}',
            headers={"Content-Type": "application/json"},
            allow=server.allow,
        )

    assert (answer.status, answer.headers["x-answer"]) == (202, "yes")
    seen = server.seen[0]
    assert (seen.method, seen.path, seen.body) == ("POST", "/hook?a=1&b=%20", b'{"a":1}')
    assert seen.headers["content-type"] == "application/json"


def test_a_redirect_is_the_answer_to_a_post():
    with serving(answering(200)) as inside, serving(redirecting(inside.url(), 307)) as server:
        answer = safe_fetch.post(server.url(), body=b"{}", headers={}, allow=server.allow + inside.allow)

    assert answer.status == 307
    assert inside.seen == []


def test_a_post_reads_no_more_than_a_little_of_an_endless_answer():
    sent = []

    def endless(request, server):
        request.send_response(200)
        request.end_headers()
        while not server.closing.is_set():
            request.wfile.write(b"x" * 65_536)
            sent.append(65_536)

    with serving(endless) as server:
        assert safe_fetch.post(server.url(), body=b"", headers={}, allow=server.allow).status == 200

    assert sum(sent) < 50 * 2**20


def test_a_post_to_the_inside_is_refused_and_unheard():
    with serving(answering(200)) as server, pytest.raises(NotFetchable):
        safe_fetch.post(server.url(), body=b"{}", headers={})

    assert server.seen == []


def test_a_port_where_nobody_listens_is_the_same_refusal(tmp_path):
    with serving(answering(200)) as server:
        allow, url = server.allow, server.url()

    with pytest.raises(NotFetchable) as refusal:
        fetch(url, tmp_path, allow=allow)

    assert refusal.value.message == "The address could not be fetched."


def test_a_certificate_that_nobody_vouched_for_ends_the_request_before_it_is_sent(tmp_path, monkeypatch):
    certificate = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))  # of no effect: the environment vouches for nobody
    with serving(answering(200, b"secret"), certificate=certificate) as server, pytest.raises(NotFetchable) as refusal:
        fetch(f"https://localhost:{server.port}/", tmp_path, allow=[*server.allow, f"[::1]/128:{server.port}"])

    assert refusal.value.reason == "transport: ConnectError"
    assert server.seen == []


def test_the_certificate_is_asked_for_by_name_though_the_connection_goes_to_an_address(tmp_path, monkeypatch):
    certificate = self_signed(tmp_path)
    trusting = ssl.create_default_context(cafile=certificate)
    monkeypatch.setattr(safe_fetch, "tls", lambda: trusting)
    with serving(answering(200, b"ok"), certificate=certificate) as server:
        allow = [*server.allow, f"[::1]/128:{server.port}"]
        assert fetch(f"https://localhost:{server.port}/", tmp_path, allow=allow).bytes == 2
        with pytest.raises(NotFetchable):
            fetch(f"https://127.0.0.1:{server.port}/", tmp_path, allow=allow)


def self_signed(folder):
    """A certificate and key for `localhost`, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "localhost.pem"
    path.write_bytes(
        certificate.public_bytes(Encoding.PEM) + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return path
