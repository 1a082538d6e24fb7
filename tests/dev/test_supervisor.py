"""The whole installation in its own processes: it starts, heals, stops, and starts again after a kill."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from compapp.dev.place import ROOT

pytestmark = pytest.mark.slow

CHILDREN = ("valkey", "web", "worker", "clock")


class Installation:
    """``python -m compapp.dev`` on a data folder of its own."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.output = data_dir / "output"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        """Start it; return its address."""
        environment = {k: v for k, v in os.environ.items() if k not in {"REDIS_URL", "DATABASE_URL", "PORT"}}
        environment |= {"APP_ENV": "test", "DATA_DIR": str(self.data_dir)}
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "compapp.dev"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        wait(lambda: "compapp runs at" in self._text() or self._ended(), 90)
        assert not self._ended(), self._text()
        return next(line.split()[-1] for line in self._text().splitlines() if "compapp runs at" in line)

    def _ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def _text(self) -> str:
        return self.output.read_text()

    def pid(self, name: str) -> int:
        """Return the process id of a child."""
        return int((self.data_dir / "run" / f"{name}.pid").read_text())

    def stop(self) -> int:
        """Ask it to stop; return its exit status."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


def wait(condition: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until ``condition`` holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def lives(pid: int) -> bool:
    """Whether a process runs (a zombie does not)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rsplit(")", 1)[1].split()[0] != "Z"


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """An installation that is not started yet; it is killed with all its children at the end."""
    made = Installation(tmp_path)
    yield made
    if made.process is not None and made.process.poll() is None:
        made.stop()


def test_it_starts_heals_and_stops(installation: Installation) -> None:
    address = installation.start()
    pids = {name: installation.pid(name) for name in CHILDREN}
    assert all(lives(pid) for pid in pids.values())
    os.kill(pids["worker"], signal.SIGKILL)
    os.kill(pids["valkey"], signal.SIGKILL)
    wait(lambda: installation.pid("worker") != pids["worker"] and installation.pid("valkey") != pids["valkey"])
    with urllib.request.urlopen(f"{address}/healthz", timeout=5) as answer:
        assert answer.status == 200
    pids = {name: installation.pid(name) for name in CHILDREN}
    assert installation.stop() == 0
    assert [name for name, pid in pids.items() if lives(pid)] == []
    assert list((installation.data_dir / "run").glob("*.pid")) == []
    assert not (installation.data_dir / "run" / "valkey.sock").exists()


def test_it_starts_again_after_it_was_killed(installation: Installation) -> None:
    installation.start()
    assert installation.process is not None
    pids = {name: installation.pid(name) for name in CHILDREN}
    installation.process.kill()
    installation.process.wait()
    installation.start()
    assert [name for name, pid in pids.items() if lives(pid)] == []
    assert all(lives(installation.pid(name)) for name in CHILDREN)
    assert installation.stop() == 0
