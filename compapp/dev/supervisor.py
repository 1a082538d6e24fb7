"""The supervisor: starts the children in order, watches them, stops them in the reverse order."""

import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from types import FrameType

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from compapp.dev import valkey
from compapp.dev.children import Child, end_leftover
from compapp.dev.place import Place, tail

WEB, WORKER, CLOCK, VALKEY = "web", "worker", "clock", "valkey"
MARKERS = {
    WEB: "-m gunicorn wsgi:app",
    WORKER: "-m compapp.worker jobs",
    CLOCK: "-m compapp.worker clock",
    VALKEY: "valkey-server",
}
"""What stands in the command line of each child, by which a left-over one is known."""

TOO_MANY_FALLS = 4
"""Falls in a row after which a web server that never answered ends the start."""


class StartFailed(Exception):
    """A child did not come up; the message holds the end of its log."""


def end_leftovers(place: Place) -> None:
    """End what a killed supervisor left running in this data folder, and remove its socket."""
    for name, marker in MARKERS.items():
        if end_leftover(place.run / f"{name}.pid", marker):
            sys.stderr.write(f"Ended {name}, left over from an earlier run.\n")
    place.remove_socket()


class Supervisor:
    """All processes of one installation."""

    def __init__(self, place: Place, environment: Mapping[str, str]) -> None:
        """Plan for ``place``; nothing runs yet."""
        self.place = place
        self.environment = dict(environment)
        self.stopping = False
        self.children: list[Child] = []

    def heed_signals(self) -> None:
        """Stop on Ctrl-C, SIGTERM and a closed terminal (unless nohup); a second time at once."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number is signal.SIGHUP and signal.getsignal(number) is signal.SIG_IGN:
                continue
            signal.signal(number, self._heed)

    def _heed(self, _number: int, _frame: FrameType | None) -> None:
        if self.stopping:
            for child in self.children:
                child.kill()
        self.stopping = True

    def start_queue(self) -> None:
        """Start Valkey on a private socket and tell the others; StartFailed when it does not answer.

        The outbox in the database is the truth, the queue only a bell: a store that Valkey cannot
        read after a crash is put aside and a new one begun.
        """
        socket = self.place.socket_path()
        self.environment["REDIS_URL"] = valkey.url(socket)
        store = self.place.data_dir / "valkey"
        child = self._child(VALKEY, valkey.command(store, socket))
        child.start()
        if self._queue_answers(child):
            return
        child.end(1)
        store.replace(store.with_name(f"valkey-unreadable-{int(time.time())}"))
        valkey.command(store, socket)
        child.start()
        if not self._queue_answers(child):
            raise StartFailed(f"Valkey did not start; the end of {child.log_file}:\n{tail(child.log_file)}")

    def _queue_answers(self, child: Child, patience: float = 10.0) -> bool:
        client = Redis.from_url(self.environment["REDIS_URL"], socket_timeout=1, retry=Retry(NoBackoff(), 0))
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and child.is_running and not self.stopping:
            try:
                client.ping()
                return True
            except RedisError:
                time.sleep(0.03)
            finally:
                client.close()
        return self.stopping

    def start_programs(self, host: str, port: int) -> None:
        """Start the web, and once it answers worker and clock; StartFailed when it falls."""
        bind = f"{host}:{port}"
        command = [sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", bind, "--no-control-socket", "--preload"]
        command += ["--worker-class", "gthread", "--workers", "2", "--threads", "250"]
        command += ["--timeout", "60", "--graceful-timeout", "10", "--keep-alive", "5"]
        web = self._child(WEB, command)
        web.start()
        deadline = time.monotonic() + 90
        while not self.stopping and not _answers(host, port):
            self.watch(report=False)
            if web.falls >= TOO_MANY_FALLS or time.monotonic() > deadline:
                raise StartFailed(f"The web server did not start; the end of {web.log_file}:\n{tail(web.log_file)}")
            time.sleep(0.1)
        for name in (WORKER, CLOCK):
            if not self.stopping:
                self._child(name, [sys.executable, *MARKERS[name].split()]).start()

    def _child(self, name: str, command: list[str]) -> Child:
        child = Child(name, command, self.place, self.environment)
        self.children.append(child)
        return child

    def watch(self, *, report: bool = True) -> None:
        """Look once after every child."""
        for child in self.children:
            if not self.stopping and child.watch() and report:
                sys.stderr.write(f"{child.name} ended and is started again; see {child.log_file}\n")

    def run(self) -> None:
        """Watch until somebody asks to stop."""
        while not self.stopping:
            self.watch()
            time.sleep(0.2)

    def stop(self) -> None:
        """Stop the programs together, then Valkey; leave no pid file and no socket behind."""
        self.stopping = True
        programs = [child for child in self.children if child.name != VALKEY]
        for child in programs:
            child.ask_to_stop()
        for child in programs:
            child.end(12)
        for child in self.children:
            child.ask_to_stop()
            child.end(5)
        self.place.remove_socket()


def _answers(host: str, port: int) -> bool:
    """Whether the web answers at all (an error page is an answer)."""
    shown = host if host not in {"0.0.0.0", "::"} else "127.0.0.1"  # noqa: S104 - compared, not bound
    try:
        with urllib.request.urlopen(f"http://{shown}:{port}/healthz", timeout=2):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
