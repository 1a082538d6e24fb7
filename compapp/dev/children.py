"""One child process: started, watched, started again with a growing pause, stopped with its group."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from compapp.dev.place import ROOT, Place

SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
STEADY_AFTER = 30.0
"""Seconds after which a child counts as steady and its pause starts small again."""
LOG_LIMIT = 5_000_000


@dataclass
class Child:
    """A process of this installation, with its log and pid file."""

    name: str
    command: list[str]
    place: Place
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    falls: int = 0
    _began: float = 0.0
    _not_before: float = field(default=0.0)

    @property
    def pid_file(self) -> Path:
        """Where the process id stands while the child runs."""
        return self.place.run / f"{self.name}.pid"

    @property
    def log_file(self) -> Path:
        """What the child writes on its outputs."""
        return self.place.log / f"{self.name}.log"

    @property
    def is_running(self) -> bool:
        """Whether the process lives."""
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start the process in a group of its own, so that Ctrl-C reaches the supervisor alone."""
        if self.log_file.exists() and self.log_file.stat().st_size > LOG_LIMIT:
            self.log_file.replace(self.log_file.with_suffix(".log.1"))
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_follow_parent,
            )
        self._began = time.monotonic()
        self.pid_file.write_text(f"{self.process.pid}\n")

    def watch(self) -> bool:
        """Start the child again when it has died and its pause is over; whether it was found dead now."""
        if self.is_running:
            return False
        now = time.monotonic()
        if self.process is not None:
            self._end_group(signal.SIGKILL)
            self.process = None
            self.falls = 1 if now - self._began > STEADY_AFTER else self.falls + 1
            self._not_before = now + min(SHORTEST_PAUSE * 2 ** (self.falls - 1), LONGEST_PAUSE)
            return True
        if now >= self._not_before:
            self.start()
        return False

    def kill(self) -> None:
        """Kill the process and its helpers at once."""
        if self.process is not None:
            self._end_group(signal.SIGKILL)

    def ask_to_stop(self) -> None:
        """Send SIGTERM to the process; it ends its own helpers."""
        if self.process is not None and self.is_running:
            self.process.terminate()

    def end(self, patience: float) -> None:
        """Wait ``patience`` seconds for the process to go, then kill its whole group."""
        if self.process is None:
            return
        try:
            self.process.wait(timeout=patience)
        except subprocess.TimeoutExpired:
            pass
        self._end_group(signal.SIGKILL)
        self.process.wait()
        self.process = None
        self.pid_file.unlink(missing_ok=True)

    def _end_group(self, number: signal.Signals) -> None:
        """Signal what is left of the child's group (its helpers may outlive it)."""
        assert self.process is not None
        try:
            os.killpg(self.process.pid, number)
        except (ProcessLookupError, PermissionError):
            pass


def end_leftover(pid_file: Path, marker: str) -> bool:
    """End the process that a killed supervisor left behind; whether there was one.

    ``marker`` must stand in its command line: a process id may have been given to a stranger since.
    """
    try:
        pid = int(pid_file.read_text())
    except (OSError, ValueError):
        return False
    found = marker in _command_of(pid)
    if found:
        _end_leftover_group(pid)
    pid_file.unlink(missing_ok=True)
    return found


def _command_of(pid: int) -> str:
    """Return the command line of a process; empty when there is none."""
    entry = Path(f"/proc/{pid}/cmdline")
    if entry.exists():
        try:
            return entry.read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            return ""
    if Path("/proc/self/cmdline").exists():
        return ""
    try:
        shown = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return shown.stdout.strip()


def _end_leftover_group(pid: int) -> None:
    """Ask a process to stop, wait up to five seconds, then kill its group."""
    try:
        os.killpg(pid, signal.SIGTERM)
        deadline = time.monotonic() + 5.0
        while time.monotonic() < deadline and _command_of(pid):
            time.sleep(0.05)
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass


def _follow_parent() -> None:
    """On Linux, let the kernel ask this child to stop when the supervisor dies without a word."""
    if _prctl is not None:
        _prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


_PR_SET_PDEATHSIG = 1
_prctl = getattr(ctypes.CDLL(None), "prctl", None) if sys.platform == "linux" else None
