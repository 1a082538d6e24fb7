"""The worker of the queue: short jobs, one after another, in this process.

A job that was lost with its worker is taken up again after about 100 seconds (maintenance every 30,
heartbeat 45); RQ's defaults would leave it lying for more than ten minutes.
"""

import logging
import signal
import time
from types import FrameType
from typing import Any

from flask import Flask
from redis import Redis
from redis.exceptions import RedisError
from rq import SimpleWorker
from rq.serializers import JSONSerializer

from compapp.core.settings import Settings
from compapp.worker.frame import job_frame

QUEUES = ("default",)
log = logging.getLogger(__name__)


class HouseWorker(SimpleWorker):
    """A worker that gives each job its frame (session, clock reading, actor)."""

    max_connection_wait_time = 4.0

    app: Flask
    is_stopping = False
    """Whether a signal asked this worker to stop."""

    def perform_job(self, job: Any, queue: Any, execution: Any) -> bool:
        """Run one job inside its frame; whether it succeeded."""
        with job_frame(self.app, "worker"):
            done: bool = super().perform_job(job, queue, execution)
            return done

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """Note the signal (RQ forgets it when it was idle), then finish the job at hand and stop."""
        self.is_stopping = True
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]


def make_worker(app: Flask, connection: "Redis") -> HouseWorker:
    """Return a worker of ``app`` on ``connection``; jobs carry ids as JSON, never pickled code."""
    worker = HouseWorker(
        list(QUEUES),
        connection=connection,
        serializer=JSONSerializer,
        maintenance_interval=30,
        worker_ttl=45,
    )
    worker.app = app
    return worker


def work(app: Flask) -> int:
    """Work until asked to stop; 1 where there is no queue server to work for."""
    settings: Settings = app.config["SETTINGS"]
    if not settings.redis_url:
        log.error("REDIS_URL is not set: there is no queue to work for")
        return 1
    pause = 1.0
    while True:
        began = time.monotonic()
        if _work_once(app, settings.redis_url):
            return 0
        pause = 1.0 if time.monotonic() - began > 60 else min(pause * 2, 8.0)
        if _asked_to_stop_within(pause):
            return 0


def _work_once(app: Flask, redis_url: str) -> bool:
    """Work until the queue server goes away (False) or somebody asks to stop (True)."""
    connection = Redis.from_url(redis_url)
    worker: HouseWorker | None = None
    try:
        worker = make_worker(app, connection)
        worker.work(logging_level="INFO")
    except (RedisError, OSError) as error:
        log.warning("the queue server does not answer (%s)", error)
    finally:
        connection.close()
    return worker is not None and worker.is_stopping


class _Stop(Exception):
    """Somebody asked to stop while the worker waited for the queue server."""


def _asked_to_stop_within(seconds: float) -> bool:
    """Wait; whether SIGTERM or SIGINT came in the meantime."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise _Stop

    try:
        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        time.sleep(seconds)
    except _Stop:
        return True
    return False
