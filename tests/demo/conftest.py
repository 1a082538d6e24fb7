"""The demonstration on an empty database, and what is said of it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from compapp import cli, demo
from compapp.demo.calendar import PHASES
from compapp.demo.direction import Performance, perform

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def oracle() -> dict[str, Any]:
    """What must come out of the sample contest."""
    path = Path(__file__).parents[1] / "data" / "sample-expected.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@pytest.fixture
def build(app: Flask, data_dir: Path) -> Callable[..., Performance]:
    """Build a phase on the empty database; today is noon of 23 November 2026 in Vietnam unless ``now`` is given."""

    def built(phase: str, now: datetime = NOON) -> Performance:
        assert phase in PHASES
        return perform(phase, data_dir=data_dir, now=now)

    return built


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    """The command line on the empty database."""
    cli.register(app)
    demo.register(app)
    return app.test_cli_runner()
