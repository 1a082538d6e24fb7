"""The file store: content under its own hash, so that a name never matters and nothing is overwritten."""

import hashlib
import os
import tempfile
import time
import weakref
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import puremagic
from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from compapp.core.db import Base, current_unit, session

_CHUNK = 1 << 20
_INCOMING = ".incoming-"
_LEFT_OVER_SECONDS = 24 * 60 * 60
_root: Path | None = None


class Blob(Base):
    """The content of a file: its hash, its size in bytes and what it really is."""

    __tablename__ = "blob"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(120))
    stored_at: Mapped[datetime]


class Incoming:
    """A file that lies on the disk already and waits for its row: hashing needs no write lock.

    One that is never kept (refused, given up) takes its file with it when it is forgotten.
    """

    def __init__(self, sha256: str, size: int, media_type: str, path: Path) -> None:
        self.sha256 = sha256
        self.size = size
        self.media_type = media_type
        self.path = path
        weakref.finalize(self, _forget, path)

    def read(self) -> bytes:
        """Return the content."""
        return self.path.read_bytes()


def _forget(path: Path) -> None:
    path.unlink(missing_ok=True)


def use_folder(root: Path) -> None:
    """Keep the files under ``root``; what a killed program left there half received goes."""
    global _root
    _root = root
    for path in root.glob(f"{_INCOMING}*"):
        try:
            if path.stat().st_mtime < time.time() - _LEFT_OVER_SECONDS:
                path.unlink()
        except FileNotFoundError:
            pass  # another process was faster


def root() -> Path:
    """Return the folder in use; RuntimeError before :func:`use_folder`."""
    if _root is None:
        raise RuntimeError("the file store is not configured")
    return _root


def path_of(sha256: str) -> Path:
    """Return where the content with this hash lies."""
    return root() / sha256[:2] / sha256[2:4] / sha256


def receive(source: BinaryIO | bytes) -> Incoming:
    """Write ``source`` to the disk (flushed), hash it and sniff its kind; needs no transaction."""
    root().mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=root(), prefix=_INCOMING, delete=False) as sink:
        path = Path(sink.name)
        try:
            chunks = [source] if isinstance(source, bytes) else iter(lambda: source.read(_CHUNK), b"")
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                sink.write(chunk)
            sink.flush()
            os.fsync(sink.fileno())
        except BaseException:
            _forget(path)
            raise
    return Incoming(digest.hexdigest(), size, sniff(path), path)


def place(incoming: Incoming) -> None:
    """Move the content to its place; the folder is flushed too, so that its name outlives a power cut.

    :func:`keep` does it; done before the write lock is taken, nobody waits there for the disk.
    """
    target = path_of(incoming.sha256)
    if incoming.path == target:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    incoming.path.replace(target)
    incoming.path = target
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def sniff(path: Path) -> str:
    """Return the media type by content, ``application/octet-stream`` where it is not known."""
    with path.open("rb") as stream:
        head = stream.read(8)
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    try:
        guesses = puremagic.magic_file(path)
    except (ValueError, OSError):
        return "application/octet-stream"
    return next((guess.mime_type for guess in guesses if guess.mime_type), "application/octet-stream")


def keep(incoming: Incoming, *, at: datetime) -> Blob:
    """Return the row of ``incoming``, a new one where the content is new; its file moves to where it stays."""
    current_unit()
    place(incoming)
    known = session().query(Blob).filter_by(sha256=incoming.sha256).one_or_none()
    if known is not None:
        return known
    blob = Blob(sha256=incoming.sha256, size=incoming.size, media_type=incoming.media_type, stored_at=at)
    session().add(blob)
    session().flush()
    return blob


def sweep() -> int:
    """Remove files older than a day that no row names (a refused upload leaves one); return how many went.

    Content that comes again moves a new file to the place, so that one being kept now is never old.
    """
    old = [
        path
        for path in root().glob("??/??/*")
        if path.is_file() and path.stat().st_mtime < time.time() - _LEFT_OVER_SECONDS
    ]
    gone = 0
    for start in range(0, len(old), 500):
        some = {path.name: path for path in old[start : start + 500]}
        known = set(session().scalars(select(Blob.sha256).where(Blob.sha256.in_(some))))
        for name, path in some.items():
            if name not in known:
                _forget(path)
                gone += 1
    return gone


def store(source: BinaryIO | bytes, *, at: datetime) -> Blob:
    """Receive and keep in one step, where the content is small and at hand."""
    return keep(receive(source), at=at)
