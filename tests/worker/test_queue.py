"""The worker: it outlives the queue server, and stops when asked even while it is idle."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from tests.conftest import Database
from tests.services import QueueServer

pytestmark = pytest.mark.slow


@pytest.fixture
def worker(valkey: QueueServer, clean_database: Database, tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker in a process of its own."""
    environment = {
        **os.environ,
        "APP_ENV": "test",
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": clean_database.url,
        "REDIS_URL": valkey.url,
    }
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "compapp.worker", "jobs"], env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    yield process
    if process.poll() is None:
        process.kill()
    process.wait()


def _wait(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def _runs_a_job(valkey: QueueServer) -> bool:
    connection: Redis = valkey.client()
    job = Queue("default", connection=connection, serializer=JSONSerializer).enqueue("os.getpid", result_ttl=60)
    _wait(lambda: job.get_status(refresh=True) == "finished")
    connection.close()
    return True


def test_it_works_stops_and_outlives_the_queue_server(worker: "subprocess.Popen[bytes]", valkey: QueueServer) -> None:
    assert _runs_a_job(valkey)
    valkey.kill()
    time.sleep(1)
    valkey.start()
    assert _runs_a_job(valkey)
    assert worker.poll() is None
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(10) == 0
