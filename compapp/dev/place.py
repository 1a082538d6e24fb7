"""Where an installation keeps its things, and the lock that lets only one supervisor in."""

import fcntl
import os
import shutil
import socket
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[2]
SOCKET_PATH_LIMIT = 100
"""Bytes a Unix socket's path may have on every system (macOS: 104 with the closing NUL)."""


class PlaceTaken(Exception):
    """Another supervisor runs in this data folder, or the port is in use."""


@dataclass
class Place:
    """The data folder with its ``run`` (pid files, socket) and ``log`` folders."""

    data_dir: Path
    _lock: IO[str] | None = None

    @property
    def run(self) -> Path:
        """The folder of pid files."""
        return self.data_dir / "run"

    @property
    def log(self) -> Path:
        """The folder of the children's logs."""
        return self.data_dir / "log"

    def enter(self) -> None:
        """Make the folders and take the lock; PlaceTaken when somebody else holds it."""
        for folder in (self.data_dir, self.run, self.log):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (self.run / "lock").open("a+")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.close()
            raise PlaceTaken(f"compapp already runs from {self.data_dir} (see {self.run}).") from error
        self._lock = lock

    def leave(self) -> None:
        """Give the lock back."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def socket_path(self) -> Path:
        """Return where Valkey listens: ``run``, or a short private folder where that path is too long."""
        beside = self.run / "valkey.sock"
        if len(os.fsencode(beside)) <= SOCKET_PATH_LIMIT:
            return beside
        parent = tempfile.gettempdir()
        if len(os.fsencode(parent)) > SOCKET_PATH_LIMIT - 40:
            parent = "/tmp"  # noqa: S108 - the folder made in it is private
        folder = Path(tempfile.mkdtemp(prefix="compapp-", dir=parent))
        self._note.write_text(str(folder))
        return folder / "valkey.sock"

    def remove_socket(self) -> None:
        """Remove the socket and its short folder, also those that a killed supervisor left."""
        (self.run / "valkey.sock").unlink(missing_ok=True)
        if not self._note.exists():
            return
        folder = Path(self._note.read_text())
        if folder.name.startswith("compapp-") and folder.is_dir() and not folder.is_symlink():
            shutil.rmtree(folder, ignore_errors=True)
        self._note.unlink()

    @property
    def _note(self) -> Path:
        return self.run / "socket-folder"


def free_port(host: str, wanted: int, *, exactly: bool) -> int:
    """Return ``wanted`` or the next free port; with ``exactly``, PlaceTaken when it is in use."""
    for port in range(wanted, wanted + (1 if exactly else 100)):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise PlaceTaken(f"Port {wanted} of {host} is in use; choose another with PORT=….")


def tail(path: Path, lines: int = 15) -> str:
    """Return the last lines of a log; empty when there is none."""
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
