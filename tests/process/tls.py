"""A TLS listener of a certificate authority of its own, before a server that speaks plain HTTP."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

NAMES = ("localhost", "queue.localhost")


@contextmanager
def listener(*, to: int, folder: Path):
    """Its port, and the file by which clients trust it."""
    certificate = _certificate(folder / "authority.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0), backlog=50) as server:
        threading.Thread(target=_accept, args=(server, context, to), daemon=True).start()
        yield server.getsockname()[1], certificate


def _accept(server: socket.socket, context: ssl.SSLContext, port: int) -> None:
    with suppress(OSError):  # closed: the test is over
        while True:
            threading.Thread(target=_serve, args=(server.accept()[0], context, port), daemon=True).start()


def _serve(raw: socket.socket, context: ssl.SSLContext, port: int) -> None:
    """One request a connection, as a proxy that ends TLS hands it on."""
    with suppress(OSError), context.wrap_socket(raw, server_side=True) as client:
        head = b""
        while b"\r\n\r\n" not in head:
            if not (piece := client.recv(65_536)):
                return
            head += piece
        lines, _, rest = head.partition(b"\r\n\r\n")
        kept = [line for line in lines.split(b"\r\n") if not line.lower().startswith(b"connection:")]
        begun = b"\r\n".join([*kept, b"X-Forwarded-Proto: https", b"Connection: close"]) + b"\r\n\r\n" + rest
        with socket.create_connection(("127.0.0.1", port)) as server:
            threading.Thread(target=_pump, args=(client, server, begun), daemon=True).start()
            _pump(server, client, b"")


def _pump(source: socket.socket, target: socket.socket, begun: bytes) -> None:
    with suppress(OSError):
        target.sendall(begun)
        while piece := source.recv(65_536):
            target.sendall(piece)


def _certificate(path: Path) -> Path:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests")])
    names = [*(x509.DNSName(each) for each in NAMES), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    path.write_bytes(
        made.public_bytes(Encoding.PEM)
        + key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    )
    return path
