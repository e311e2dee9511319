"""One HTTP POST to somebody else's program, and nowhere it should not go.

By OWASP ASVS V1.3.6 (server-side request forgery): https only, a host that the installation lists, port 443,
no user in the address; the name is resolved once, every address it has must be public, and the connection
goes to one of exactly these, so that a second answer of the name server changes nothing. No redirects.
"""

from __future__ import annotations

import base64
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lenity.base import webhooks
from lenity.base.outcomes import InputRefused, Problem

SECONDS = 10
"""How long is waited for each sign of life."""
DEADLINE_SECONDS = 20
"""How long a message may take in all, whatever trickles in."""
LONGEST_URL = 500


@dataclass(frozen=True)
class Rules:
    """Where webhooks may go. `private` (tests, a closed network) allows http, any port and private addresses."""

    hosts: tuple[str, ...]
    private: bool = False


@dataclass(frozen=True)
class Answer:
    """The status that came back; 0 with a note when none did."""

    status: int
    note: str = ""


def check_url(url: str, rules: Rules) -> SplitResult:
    """Refuse an address that the rules do not allow."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise _refused("The address is not a URL.") from error
    host = (parts.hostname or "").lower()
    schemes = ("https", "http") if rules.private else ("https",)
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise _refused(f"The address has at most {LONGEST_URL} plain signs.")
    if parts.scheme not in schemes or parts.username or parts.password or parts.fragment:
        raise _refused("The address begins with https:// and has no user and no fragment.")
    if not any(host == one or (one.startswith(".") and host.endswith(one)) for one in rules.hosts):
        raise _refused(f"The host {host!r} is not among those that LENITY_WEBHOOK_HOSTS lists.")
    if not rules.private and port not in (None, 443):
        raise _refused("The port is 443.")
    return parts


def addresses(host: str, port: int, rules: Rules) -> list[str]:
    """What the name resolves to; refused when one of them is not public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise _refused("The name of the host is not known.") from error
    unique = list(dict.fromkeys(str(one[4][0]) for one in found))
    if not rules.private and not all(_is_public(one) for one in unique):
        raise _refused("The host leads to an address that is not public.")
    return unique


def post(url: str, text: str, headers: Mapping[str, str], rules: Rules) -> Answer:
    """Send once. Whatever happens is an answer, never an exception."""
    try:
        parts = check_url(url, rules)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        address = addresses(parts.hostname or "", port, rules)[0]
        return _send(parts, address, port, text, headers)
    except InputRefused as refused:
        return Answer(0, refused.problems[0].says[:120])
    except (OSError, http.client.HTTPException, ssl.SSLError) as error:
        return Answer(0, type(error).__name__)


def _send(parts: SplitResult, address: str, port: int, text: str, headers: Mapping[str, str]) -> Answer:
    """Send, and read the status only. A receiver that answers byte by byte is cut off at the deadline."""
    host = parts.hostname or ""
    sock = socket.create_connection((address, port), timeout=SECONDS)
    if parts.scheme == "https":
        sock = ssl.create_default_context().wrap_socket(
            sock, server_hostname=host, do_handshake_on_connect=False
        )
    connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
    connection.sock = sock
    late = threading.Event()
    deadline = threading.Timer(DEADLINE_SECONDS, _cut, (sock, late))
    deadline.start()
    try:
        if isinstance(sock, ssl.SSLSocket):
            sock.do_handshake()
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, text.encode(), {"Content-Type": "application/json", **headers})
        return Answer(connection.getresponse().status)
    except (OSError, http.client.HTTPException):
        if late.is_set():
            return Answer(0, f"No answer within {DEADLINE_SECONDS} seconds.")
        raise
    finally:
        deadline.cancel()
        connection.close()
        sock.close()


def _cut(sock: socket.socket, late: threading.Event) -> None:
    """End a connection under whoever waits for it."""
    late.set()
    with suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)


def new_key() -> tuple[str, str]:
    """A key pair as text: `whsk_...` and `whpk_...`."""
    private = Ed25519PrivateKey.generate()
    secret, public = private.private_bytes_raw(), private.public_key().public_bytes_raw()
    return f"whsk_{base64.b64encode(secret).decode()}", f"whpk_{base64.b64encode(public).decode()}"


def headers(message_id: str, timestamp: int, text: str, keys: Sequence[str]) -> dict[str, str]:
    """The three headers of Standard Webhooks, signed with every live key."""
    content = webhooks.signed_content(message_id, timestamp, text)
    signatures = [
        Ed25519PrivateKey.from_private_bytes(base64.b64decode(key.removeprefix("whsk_"))).sign(content)
        for key in keys
    ]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1a,{base64.b64encode(one).decode()}" for one in signatures),
        "User-Agent": "Lenity-Webhooks/1",
    }


def _is_public(address: str) -> bool:
    found = ipaddress.ip_address(address.split("%")[0])
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_global and not (mapped or found).is_multicast


def _refused(says: str) -> InputRefused:
    return InputRefused([Problem("webhook.url", says, "Ask the administrator of the installation.")])
