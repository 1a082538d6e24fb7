"""Ways out of the house for e-mail: a folder of .eml files, or a mail server. Chosen by MAIL_URL."""

import os
import smtplib
import ssl
import threading
from pathlib import Path
from typing import Protocol, Self
from urllib.parse import parse_qs, unquote, urlsplit

from compapp.notifications.mail import Mail, Sender, build, mark

TIMEOUT = 10.0
"""Seconds after which a silent mail server counts as away."""


class SendingFailed(Exception):
    """A mail was not taken; the text says why."""


class Permanent(SendingFailed):
    """The server will never take this mail (5xx)."""


class Temporary(SendingFailed):
    """The server may take this mail later (4xx)."""


class Away(SendingFailed):
    """The server itself does not work: silence, a wrong greeting, refused credentials, a lost connection."""


class Channel(Protocol):
    """A way out; entered once for each batch."""

    @property
    def is_public(self) -> bool:
        """Whether mail leaves this installation."""

    def __enter__(self) -> Self:
        """Make ready."""

    def __exit__(self, *error: object) -> None:
        """Let go."""

    def send(self, mail: Mail) -> None:
        """Send one mail; Permanent, Temporary or Away otherwise."""


class FileChannel:
    """Writes each mail as a file; the same mail sent again replaces itself."""

    is_public = False

    def __init__(self, folder: Path, sender: Sender) -> None:
        self._folder = folder
        self._sender = sender

    def __enter__(self) -> Self:
        """Make the folder."""
        self._folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, *_error: object) -> None:
        """Nothing is held."""

    def send(self, mail: Mail) -> None:
        """Write the file under its final name in one step."""
        target = self._folder / f"{mark(mail)}.eml"
        draft = target.with_suffix(f".{os.getpid()}.part")
        try:
            draft.write_bytes(build(mail, self._sender))
            draft.replace(target)
        except OSError as error:
            raise Away(f"the mail could not be written: {error.strerror}") from error


class SmtpChannel:
    """Hands mails to a mail server, all of a batch over one connection."""

    is_public = True

    def __init__(self, url: str, sender: Sender) -> None:
        parts = urlsplit(url)
        self._secure = parts.scheme == "smtps"
        self._host = parts.hostname or "localhost"
        self._port = parts.port or (465 if self._secure else 25)
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        self._starttls = parse_qs(parts.query).get("starttls", ["auto"])[0]
        self._sender = sender
        self._held = threading.local()

    def __enter__(self) -> Self:
        """Connect with the first mail."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Take leave of the server."""
        server = self._server
        if server is not None:
            try:
                server.quit()
            except (smtplib.SMTPException, OSError):
                server.close()
            self._held.server = None

    def send(self, mail: Mail) -> None:
        """Hand over one mail; after a lost connection the next one connects anew."""
        raw = build(mail, self._sender)
        try:
            server = self._connected()
            server.sendmail(self._sender.address, [mail.to_address], raw)
        except smtplib.SMTPRecipientsRefused as refused:
            code, words = refused.recipients[mail.to_address]
            raise _by_code(code, words) from refused
        except (smtplib.SMTPSenderRefused, smtplib.SMTPAuthenticationError) as error:
            self._drop()
            raise Away(_said(error.smtp_code, error.smtp_error)) from error
        except smtplib.SMTPConnectError as error:
            self._drop()
            raise Away(_said(error.smtp_code, error.smtp_error)) from error
        except smtplib.SMTPResponseException as error:
            raise _by_code(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise Away(f"the mail server does not answer properly: {type(error).__name__}") from error

    @property
    def _server(self) -> smtplib.SMTP | None:
        """The connection of this thread, if it has one."""
        held: smtplib.SMTP | None = getattr(self._held, "server", None)
        return held

    def _connected(self) -> smtplib.SMTP:
        if (held := self._server) is not None:
            return held
        context = ssl.create_default_context()
        if self._secure:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self._host, self._port, timeout=TIMEOUT, context=context)
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=TIMEOUT)
        self._held.server = server
        server.ehlo_or_helo_if_needed()
        if not self._secure and self._starttls != "never":
            if server.has_extn("starttls"):
                server.starttls(context=context)
            elif self._starttls == "required":
                raise smtplib.SMTPNotSupportedError("the server offers no STARTTLS")
        if self._user:
            server.login(self._user, self._password)
        return server

    def _drop(self) -> None:
        if (held := self._server) is not None:
            held.close()
            self._held.server = None


def _by_code(code: int, words: bytes | str) -> SendingFailed:
    kind = Permanent if 500 <= code < 600 else Temporary
    return kind(_said(code, words))


def _said(code: int, words: bytes | str) -> str:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return f"{code} {text}"[:300]


def channel_for(url: str, sender: Sender) -> Channel:
    """Return the channel of a MAIL_URL (``file:DIR``, ``smtp://…``, ``smtps://…``); ValueError for another."""
    if url.startswith("file:"):
        return FileChannel(Path(url.removeprefix("file:").removeprefix("//")), sender)
    if url.startswith(("smtp://", "smtps://")):
        return SmtpChannel(url, sender)
    raise ValueError(f"MAIL_URL must begin with file:, smtp:// or smtps://, not {url.split(':')[0]!r}")
