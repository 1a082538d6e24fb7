"""Looking behind a public link without being led anywhere else: http and https to public addresses only.

The name is resolved once and the connection goes to that very address, so that a name that points elsewhere a moment
later gains nothing. Redirections are followed by the same rules. Little is read, nothing is executed or kept.
"""

import contextlib
import hashlib
import html
import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from compapp.core.text import N_, nfc

TIMEOUT = 6.0
"""Seconds without a byte."""
MOST_SECONDS = 12.0
"""Seconds for one answer as a whole, however it trickles."""
MOST_BYTES = 1 << 20
MOST_HEAD = 1 << 16
"""Where a title is looked for."""
MOST_HOPS = 4
PORTS = {"http": 80, "https": 443}
_TITLE = re.compile(rb"<title[^>]{0,200}>(.{0,2000}?)</title>", re.IGNORECASE | re.DOTALL)

NOT_PUBLIC = N_("The address is not a public one.")
NO_ANSWER = N_("No answer came from this address.")
CLOSED_TO_US = N_("The page is not open to everybody (%(status)s).")
TOO_MANY_HOPS = N_("The address leads on too often.")


@dataclass(frozen=True, slots=True)
class Look:
    """What stood behind a link: ``note`` is a sentence where it was not open."""

    is_open: bool
    status: int | None = None
    title: str | None = None
    sha256: str | None = None
    size: int | None = None
    note: str | None = None


def look(address: str) -> Look:
    """Return what stands behind ``address`` now; never raises for what a stranger's server does."""
    end = time.monotonic() + MOST_SECONDS
    for _hop in range(MOST_HOPS):
        if time.monotonic() > end:
            return Look(False, note=NO_ANSWER)
        try:
            parts = urlsplit(address)
            host, port, own_port = parts.hostname, PORTS.get(parts.scheme), parts.port
        except ValueError:
            return Look(False, note=NOT_PUBLIC)
        if host is None or port is None or parts.username or own_port not in {None, port}:
            return Look(False, note=NOT_PUBLIC)
        target = public_address(host, port)
        if target is None:
            return Look(False, note=NOT_PUBLIC)
        try:
            found = _ask(parts.scheme, host, port, target, parts.path or "/", parts.query)
            if isinstance(found, Look):
                return found
            address = urljoin(address, found)
        except (OSError, http.client.HTTPException, ValueError):
            return Look(False, note=NO_ANSWER)
    return Look(False, note=TOO_MANY_HOPS)


def public_address(host: str, port: int) -> str | None:
    """Return the first address of ``host`` when all of them are public; None otherwise."""
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        return None
    ordered = sorted(found, key=lambda one: (":" in one, one))
    if not ordered or not all(_is_public(one) for one in ordered):
        return None
    return ordered[0]


def _is_public(address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address.split("%", 1)[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return _is_public(str(parsed.ipv4_mapped))
        if parsed.sixtofour is not None or parsed.is_site_local:
            return False
    # reserved: among others what a gateway turns into IPv4 (64:ff9b::/96, ::/96), private addresses too
    return parsed.is_global and not (parsed.is_multicast or parsed.is_reserved)


def _ask(scheme: str, host: str, port: int, target: str, path: str, query: str) -> Look | str:
    """Return what the page is, or where it leads."""
    connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT)
    plain = socket.create_connection((target, port), timeout=TIMEOUT)
    end = threading.Timer(MOST_SECONDS, _cut_off, (connection, plain))
    end.start()
    try:
        connection.sock = (
            ssl.create_default_context().wrap_socket(plain, server_hostname=host) if scheme == "https" else plain
        )
        wanted = path + (f"?{query}" if query else "")
        connection.request("GET", wanted, headers={"User-Agent": "compapp link check", "Accept": "*/*"})
        answer = connection.getresponse()
        if answer.status in {301, 302, 303, 307, 308}:
            return answer.getheader("Location") or ""
        content = answer.read(MOST_BYTES)
    finally:
        end.cancel()
        connection.close()
        plain.close()
    is_open = 200 <= answer.status < 300
    return Look(
        is_open=is_open,
        status=answer.status,
        title=_title(content),
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        note=None if is_open else CLOSED_TO_US,
    )


def _cut_off(connection: http.client.HTTPConnection, plain: socket.socket) -> None:
    """End a connection from outside: whoever reads from it gets its end or an error at once."""
    for one in (connection.sock, plain):
        with contextlib.suppress(OSError, AttributeError):  # closed, or not yet taken over by the encryption
            one.shutdown(socket.SHUT_RDWR)


def _title(content: bytes) -> str | None:
    found = _TITLE.search(content[:MOST_HEAD])
    if found is None:
        return None
    text = html.unescape(found[1].decode("utf-8", errors="replace"))
    return nfc(" ".join(text.split()))[:300] or None
