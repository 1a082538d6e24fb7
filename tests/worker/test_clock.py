"""The clock process: each periodic job at its pace, one failure does not stop the others."""

import logging

import pytest
from flask import Flask

from compapp.core.actor import current_actor
from compapp.core.db import session
from compapp.core.periodic import Periodic
from compapp.worker.periodic import run_due


def test_each_job_runs_when_it_is_due(app: Flask) -> None:
    seen: list[str] = []
    jobs = [Periodic("often", 15, lambda: seen.append("often")), Periodic("rarely", 60, lambda: seen.append("rarely"))]
    due: dict[str, float] = {}
    assert run_due(app, jobs, due, 1000.0) == ["often", "rarely"]
    assert run_due(app, jobs, due, 1014.0) == []
    assert run_due(app, jobs, due, 1015.0) == ["often"]
    assert run_due(app, jobs, due, 1060.0) == ["often", "rarely"]
    assert seen == ["often", "rarely", "often", "often", "rarely"]


def test_a_failing_job_is_logged_and_does_not_stop_the_others(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    seen: list[str] = []

    def fail() -> None:
        raise RuntimeError("no")

    with caplog.at_level(logging.ERROR):
        run_due(app, [Periodic("broken", 15, fail), Periodic("sound", 15, lambda: seen.append("ran"))], {}, 0.0)
    assert seen == ["ran"]
    assert "the periodic job broken failed" in caplog.text


def test_a_job_has_a_session_and_acts_as_the_system(app: Flask) -> None:
    found: list[object] = []

    def look() -> None:
        found.extend([session().is_active, current_actor().is_system, current_actor().name])

    run_due(app, [Periodic("sweep", 15, look)], {}, 0.0)
    assert found == [True, True, "sweep"]
