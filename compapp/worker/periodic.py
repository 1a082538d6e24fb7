"""The clock process: runs what the rooms registered, each at its own pace.

It needs no queue server: what is registered decides by itself whether to use one. A job that fails
is logged and runs again when it is due; waiting uses the monotonic clock, so that a machine whose
time jumps neither stalls nor hurries. Only a demonstration whose time somebody moves gets its due work at once.
"""

import logging
import signal
import threading
import time
from collections.abc import Sequence

from flask import Flask

from compapp.core import clock
from compapp.core.periodic import Periodic
from compapp.worker.frame import job_frame

log = logging.getLogger(__name__)


def keep_time(app: Flask) -> int:
    """Run the periodic jobs of ``app`` until SIGTERM or Ctrl-C."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    jobs: list[Periodic] = app.extensions["compapp.periodic"]
    moved_by = clock.offset()
    log.info("the clock runs %s", ", ".join(f"{job.name} every {job.every} s" for job in jobs) or "nothing")
    due: dict[str, float] = {}
    while not stop.is_set():
        run_due(app, jobs, due, time.monotonic())
        if clock.offset() != moved_by:
            moved_by = clock.offset()
            due.clear()
            run_due(app, jobs, due, time.monotonic())
            log.info("the time was moved by %s: every job has run", moved_by)
        stop.wait(0.5)
    return 0


def run_due(app: Flask, jobs: Sequence[Periodic], due: dict[str, float], reading: float) -> list[str]:
    """Run every job whose time has come at ``reading`` (monotonic seconds); return their names."""
    run = [job for job in jobs if due.get(job.name, 0.0) <= reading]
    for job in run:
        try:
            with job_frame(app, job.name):
                job.run()
        except Exception:
            log.exception("the periodic job %s failed", job.name)
        due[job.name] = reading + job.every
    return [job.name for job in run]
