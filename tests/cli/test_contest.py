"""``flask contest``: JSON and status 0, or a sentence and another status; nothing half imported."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select

from compapp.contests.models import Contest
from compapp.core.audit import AuditRow
from compapp.core.db import Base, session, session_scope

ORACLE = Path(__file__).parents[1] / "data" / "sample-expected.json"
SAMPLE = Path(__file__).parents[1] / "data" / "sample-contest.json"
COMPARED = ("rank", "entry", "total", "gates_failed", "advances")
Write = Callable[[Any], str]


def rows_in_database() -> dict[str, int]:
    with session_scope():
        return {
            table.name: session().scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }


def test_the_sample_is_imported_ranked_exported_and_imported_again(
    runner: FlaskCliRunner, sample: dict[str, Any], tmp_path: Path, written: Write
) -> None:
    done = runner.invoke(args=["contest", "import", str(SAMPLE)])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {
        "contest": "VL-KNST-2026",
        "entries": 24,
        "sheets": {"R1": 73, "R2": 60, "R3": 56},
    }

    standings = runner.invoke(args=["contest", "standings", "VL-KNST-2026", "R1", "--format", "json"])
    expected = json.loads(ORACLE.read_text(encoding="utf-8"))["R1"]["before_conflict"]
    found = json.loads(standings.stdout)
    assert {board: [[row[key] for key in COMPARED] for row in rows] for board, rows in found.items()} == {
        board: [[row[key] for key in COMPARED] for row in rows] for board, rows in expected.items()
    }
    assert {row["entry"]: row["tie_break"] for row in found["student"] if row["tie_break"]} == {
        "S14": "criterion_mean:innovation",
        "S08": "criterion_mean:innovation",
    }
    assert {row["sheets"] for rows in found.values() for row in rows} == {3, 4}

    target = tmp_path / "out.json"
    exported = runner.invoke(args=["contest", "export", "VL-KNST-2026", "--out", str(target)])
    assert (exported.exit_code, exported.stdout) == (0, "")
    assert json.loads(target.read_text(encoding="utf-8")) == sample

    again = runner.invoke(args=["contest", "import", str(SAMPLE)])
    assert again.exit_code == 1
    assert again.stdout == ""
    assert "$.contest.code" in again.stderr


def test_an_import_moves_the_calendar(runner: FlaskCliRunner, sample: dict[str, Any]) -> None:
    done = runner.invoke(args=["contest", "import", str(SAMPLE), "--shift-to", "2027-01-04"])
    assert done.exit_code == 0, done.output
    exported = json.loads(runner.invoke(args=["contest", "export", "VL-KNST-2026"]).stdout)
    assert exported["contest"]["launch"] == {"at": "2027-01-04T08:00:00+07:00", "day": 0}
    assert exported["contest"]["submission"]["closes"]["at"] == "2027-03-06T17:00:00+07:00"
    assert exported["contest"]["title"] == sample["contest"]["title"]


def test_a_clone_is_a_draft_without_people(runner: FlaskCliRunner) -> None:
    assert runner.invoke(args=["contest", "import", str(SAMPLE)]).exit_code == 0
    done = runner.invoke(args=["contest", "clone", "VL-KNST-2026", "VL-KNST-2027", "--launch", "2027-09-15"])
    assert json.loads(done.stdout) == {"contest": "VL-KNST-2027", "launch": "2027-09-15"}
    exported = json.loads(runner.invoke(args=["contest", "export", "VL-KNST-2027"]).stdout)
    assert not {"entries", "judges", "sheets"} & set(exported)
    with session_scope():
        assert session().scalars(select(Contest.state).where(Contest.code == "VL-KNST-2027")).one() == "draft"
    taken = runner.invoke(args=["contest", "clone", "VL-KNST-2026", "VL-KNST-2027", "--launch", "2028-09-15"])
    assert (taken.exit_code, taken.stdout) == (1, "")


def changed(sample: dict[str, Any], path: list[Any], value: Any) -> dict[str, Any]:
    document = copy.deepcopy(sample)
    place: Any = document
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return document


BAD = [
    (["entries", 3, "board"], "adults", "entries[3].board"),
    (["entries", 0, "institution"], "I99", "entries[0].institution"),
    (["sheets", "R1", 5, "judge"], "J99", "sheets.R1[5].judge"),
    (["sheets", "R1", 5, "scores", "innovation"], 11, "sheets.R1[5].scores.innovation"),
    (["sheets", "R1", 5, "scores", "innovation"], 7.25, "sheets.R1[5].scores.innovation"),
    (["sheets", "R9"], [], "sheets.R9"),
    (["rounds", 1, "rubric"], "RB9", "rounds[1].rubric"),
    (["rounds", 1, "closes", "at"], "2026-11-01T08:00:00+07:00", "rounds[1]"),
    (["contest", "launch", "at"], "yesterday", "contest.launch"),
    (["contest", "code"], "", "contest.code"),
    (["contest", "rules", "aggregation", "method"], "best", "contest.rules.aggregation.method"),
    (["surprise"], 1, "surprise"),
    (["judges", 1, "code"], "J01", "judges[1].code"),
    (["incubators", 0, "sectors"], ["nonsense"], "incubators[0].sectors"),
]


@pytest.mark.parametrize(("path", "value", "named"), BAD, ids=[f"{named}={value}" for _, value, named in BAD])
def test_a_bad_file_is_refused_whole_with_its_place(
    path: list[Any], value: Any, named: str, runner: FlaskCliRunner, sample: dict[str, Any], written: Write
) -> None:
    before = rows_in_database()
    refused = runner.invoke(args=["contest", "import", written(changed(sample, path, value))])
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert f"$.{named}" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert rows_in_database() == before


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "JSON"),
        (b"{", "line 1"),
        (b"\xff\xfe", "UTF-8"),
        (b"[]", "$"),
        (b'{"contest": 1, "contest": 2}', "twice"),
        (b'{"meta": NaN}', "JSON"),
        (b"[" * 100_000, "JSON"),
        (b"null", "$"),
    ],
)
def test_what_is_no_contest_file_gets_a_sentence(
    content: bytes, said: str, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    refused = runner.invoke(args=["contest", "import", str(path)])
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["import", "/nowhere/contest.json"],
        ["import", "."],
        ["import", "a\x00b"],
        ["import", str(SAMPLE), "--shift-to", "tomorrow"],
        ["import", str(SAMPLE), "--shift-to", "9999-12-31"],
        ["export", "NOBODY"],
        ["clone", "NOBODY", "NEW", "--launch", "2027-09-15"],
        ["clone", "NOBODY", "NEW"],
        ["standings", "NOBODY", "R1", "--format", "json"],
        ["standings", "NOBODY", "R1", "--format", "csv"],
    ],
)
def test_what_cannot_be_done_is_said_on_standard_error(arguments: list[str], runner: FlaskCliRunner) -> None:
    before = rows_in_database()
    refused = runner.invoke(args=["contest", *arguments])
    assert refused.exit_code in (1, 2)
    assert refused.stdout == ""
    assert refused.stderr.strip()
    assert refused.exception is None or isinstance(refused.exception, SystemExit)
    assert rows_in_database() == before


def test_an_unknown_round_is_named(runner: FlaskCliRunner) -> None:
    assert runner.invoke(args=["contest", "import", str(SAMPLE)]).exit_code == 0
    refused = runner.invoke(args=["contest", "standings", "VL-KNST-2026", "R7"])
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "round" in refused.stderr
    refused = runner.invoke(args=["contest", "standings", "VL-KNST-1999", "R1"])
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.strip() == "Error: There is no such contest."


def test_an_export_that_cannot_be_written_says_so(runner: FlaskCliRunner) -> None:
    assert runner.invoke(args=["contest", "import", str(SAMPLE)]).exit_code == 0
    refused = runner.invoke(args=["contest", "export", "VL-KNST-2026", "--out", "/nowhere/out.json"])
    assert refused.exit_code == 1
    assert "cannot be written" in refused.stderr
    with session_scope():
        assert session().scalars(select(AuditRow.verb).where(AuditRow.verb == "contests.contest.exported")).all()
