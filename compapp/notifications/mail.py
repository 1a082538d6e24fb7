"""Writing an e-mail as bytes. By hand, because the standard library needs five milliseconds for each.

Subject and names are encoded by RFC 2047, bodies in base64; nothing that a person typed can begin a header.
"""

import hashlib
from base64 import b64encode
from binascii import b2a_base64
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from compapp.notifications.rendering import one_line

_CHUNK = 42
_LINE = 57


@dataclass(frozen=True, slots=True)
class Mail:
    """One e-mail to one address; ``outbox_id`` and ``dedupe_key`` make it the same mail when it is sent again."""

    outbox_id: int
    dedupe_key: str
    to_address: str
    to_name: str
    subject: str
    text: str
    html: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose name stands on the envelope, and where people choose what they receive."""

    address: str
    name: str
    preferences_url: str

    @property
    def domain(self) -> str:
        """The domain of the Message-IDs."""
        return self.address.rpartition("@")[2] or "localhost"


def mark(mail: Mail) -> str:
    """Return what tells this mail from all others, the same whenever it is built again."""
    digest = hashlib.sha256(mail.dedupe_key.encode()).hexdigest()[:12]
    return f"{mail.outbox_id}-{digest}"


def build(mail: Mail, sender: Sender) -> bytes:
    """Return the mail with its headers, lines ended by CR LF."""
    boundary = f"=_{mark(mail)}"
    head = [
        f"From: {_mailbox(sender.name, sender.address)}",
        f"To: {_mailbox(mail.to_name, mail.to_address)}",
        f"Subject: {_words(mail.subject)}",
        f"Date: {format_datetime(mail.sent_at)}",
        f"Message-ID: <outbox-{mark(mail)}@{sender.domain}>",
        f"X-Dedupe-Key: {_words(mail.dedupe_key, plain_up_to=400)}",
        "Auto-Submitted: auto-generated",
        f"List-Unsubscribe: <{sender.preferences_url}>",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/alternative; boundary="{boundary}"',
        "",
        "",
    ]
    parts = [_part("plain", mail.text, boundary), _part("html", mail.html, boundary)]
    return "\r\n".join(head).encode("ascii") + b"".join(parts) + f"--{boundary}--\r\n".encode()


def _part(kind: str, body: str, boundary: str) -> bytes:
    raw = body.encode()
    lines = b"".join(b2a_base64(raw[i : i + _LINE])[:-1] + b"\r\n" for i in range(0, len(raw), _LINE))
    head = f"--{boundary}\r\nContent-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return head.encode() + lines


def _mailbox(name: str, address: str) -> str:
    """Return ``name <address>``; the address was checked to be plain ASCII when it was stored."""
    plain = one_line(address).encode("ascii", "ignore").decode().replace(" ", "").translate({60: None, 62: None})
    shown = one_line(name)
    if not shown:
        return plain
    if shown.isascii() and len(shown) <= 70 and "=?" not in shown:
        quoted = shown.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" <{plain}>'
    return f"{_words(shown)}\r\n <{plain}>"


def _words(text: str, *, plain_up_to: int = 70) -> str:
    """Return a header's words, encoded where they are not short plain ASCII, folded between encoded words."""
    text = one_line(text)
    if text.isascii() and len(text) <= plain_up_to and "=?" not in text:
        return text
    chunks: list[bytes] = [b""]
    for character in text:
        encoded = character.encode()
        if len(chunks[-1]) + len(encoded) > _CHUNK:
            chunks.append(b"")
        chunks[-1] += encoded
    return "\r\n ".join(f"=?utf-8?b?{b64encode(chunk).decode()}?=" for chunk in chunks)
