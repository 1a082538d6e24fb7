"""Commands in a process of their own: without any installation, or with settings that must not run."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def flask(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "flask", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def nowhere(tmp_path: Path) -> dict[str, str]:
    """An environment in which there is neither a database nor a place for data."""
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    return {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing", "DATA_DIR": str(blocked / "data")}


@pytest.mark.one_database
def test_the_mathematics_needs_no_installation(nowhere: dict[str, str], tmp_path: Path) -> None:
    scores = tmp_path / "scores.csv"
    scores.write_text("judge,entry,score\nA,x,5\nB,x,6\nA,y,7\nB,y,8\n")
    ranked = flask("judging", "rank", str(scores), **nowhere)
    assert (ranked.returncode, ranked.stderr) == (0, "")
    assert json.loads(ranked.stdout)
    assert not (tmp_path / "file" / "data").exists()


@pytest.mark.one_database
def test_other_commands_say_that_there_is_no_database(nowhere: dict[str, str], tmp_path: Path) -> None:
    refused = flask("doctor", **{**nowhere, "DATA_DIR": str(tmp_path / "data")})
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "database cannot be used" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.one_database
def test_an_empty_database_asks_for_its_tables(tmp_path: Path) -> None:
    refused = flask("demo", "--yes", DATA_DIR=str(tmp_path / "data"), DATABASE_URL="", REDIS_URL="")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "flask db upgrade" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.one_database
@pytest.mark.parametrize("secret", ["", "short", "change-me"])
def test_production_without_a_secret_says_one_sentence(secret: str, tmp_path: Path) -> None:
    refused = flask("doctor", APP_ENV="production", SECRET_KEY=secret, DATA_DIR=str(tmp_path / "data"))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert len(refused.stderr.strip().splitlines()) == 1
    assert "SECRET_KEY" in refused.stderr
