"""A receiver that answers byte by byte holds a sender no longer than the deadline, by http and by https."""

from __future__ import annotations

import datetime
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from lenity.gateways import webhooks

LOCAL = webhooks.Rules(("127.0.0.1", "localhost"), private=True)
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\nX-Slow: yes\r\n\r\n"


@contextmanager
def dripping(every: float, first: bytes = b"", tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """A receiver that takes a request and then sends `first` at once, and the rest a byte at a time."""
    listener = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def secured(raw: socket.socket) -> socket.socket:
        return tls.wrap_socket(raw, server_side=True) if tls else raw

    def serve() -> None:
        with suppress(OSError), closing(listener.accept()[0]) as raw, closing(secured(raw)) as line:
            line.recv(65536)
            line.sendall(first)
            for byte in (ANSWER + b"x" * 100_000)[len(first) :]:
                if stop.wait(every):
                    return
                line.sendall(bytes([byte]))

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    stop.set()
    listener.close()
    thread.join(5)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "SECONDS", 0.8)
    monkeypatch.setattr(webhooks, "DEADLINE_SECONDS", 1)


def _taken(port: int, scheme: str = "http", host: str = "127.0.0.1") -> tuple[webhooks.Answer, float]:
    began = time.monotonic()
    answer = webhooks.post(f"{scheme}://{host}:{port}/in", "{}", {}, LOCAL)
    return answer, time.monotonic() - began


@pytest.mark.usefixtures("quick")
def test_headers_that_trickle_are_cut_off() -> None:
    """Each byte comes in time for the line's own limit, so that without a deadline it would go on for hours."""
    with dripping(0.1) as port:
        answer, seconds = _taken(port)
    assert answer == webhooks.Answer(0, "No answer within 1 seconds.")
    assert 0.9 < seconds < 3


@pytest.mark.usefixtures("quick")
def test_a_body_that_trickles_is_not_waited_for() -> None:
    with dripping(0.1, first=ANSWER) as port:
        answer, seconds = _taken(port)
    assert answer == webhooks.Answer(200)
    assert seconds < 0.9


@pytest.mark.usefixtures("quick")
def test_a_receiver_that_says_nothing_is_left_at_its_own_limit() -> None:
    with dripping(60) as port:
        answer, seconds = _taken(port)
    assert answer.status == 0
    assert seconds < 2


def _certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    start = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=36_500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, secret = folder / "cert.pem", folder / "key.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, secret)
    return context, pem


@pytest.mark.usefixtures("quick")
def test_over_tls_it_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context, pem = _certificate(tmp_path)
    trusting = ssl.create_default_context(cafile=str(pem))
    monkeypatch.setattr(ssl, "create_default_context", lambda: trusting)
    with dripping(0.1, tls=context) as port:
        answer, seconds = _taken(port, "https", "localhost")
    assert answer == webhooks.Answer(0, "No answer within 1 seconds.")
    assert 0.9 < seconds < 3
    with dripping(0.1, first=ANSWER, tls=context) as port:
        assert _taken(port, "https", "localhost")[0] == webhooks.Answer(200)


@pytest.mark.usefixtures("quick")
def test_a_handshake_that_never_ends_is_cut_off() -> None:
    with dripping(0.1) as port:
        answer, seconds = _taken(port, "https", "localhost")
    assert answer.status == 0
    assert seconds < 3
