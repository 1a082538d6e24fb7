"""The command line on an empty database."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from compapp import cli

SAMPLE = Path(__file__).parents[1] / "data" / "sample-contest.json"


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    """The command line."""
    cli.register(app)
    return app.test_cli_runner()


@pytest.fixture
def sample() -> dict[str, Any]:
    """The sample contest, to be changed at will."""
    found: dict[str, Any] = json.loads(SAMPLE.read_text(encoding="utf-8"))
    return found


@pytest.fixture
def written(tmp_path: Path) -> Callable[[Any], str]:
    """Write a JSON value to a file and return its name."""

    def write(value: Any) -> str:
        path = tmp_path / "contest.json"
        path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
        return str(path)

    return write
