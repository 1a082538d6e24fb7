"""What the demonstration shows: the contests, the teams' answers, the judges' words and the files handed in.

Everything here is fictional. The texts are data (`*.json` beside this file and in `written/`); the files are made on
demand by `compapp.demo.content.attachments`. Reading goes through the functions below, so that nobody else needs to
know where a text lies.
"""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent

SAMPLE_CONTEST = FOLDER / "sample-contest.json"
"""The large contest of the province: 24 entries, full score sheets of round 1."""

SECOND_CONTEST = FOLDER / "second-contest.json"
"""A small contest of one university with other boards and another rubric."""


def contest_document(path: Path = SAMPLE_CONTEST) -> dict[str, Any]:
    """Return a contest file of the demonstration as a JSON value."""
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


def answered_entries() -> tuple[str, ...]:
    """Return the codes of the entries that have answers, in order of code."""
    return tuple(sorted(path.stem for path in (FOLDER / "written").glob("*.json")))


def answers(entry_code: str) -> dict[str, Any]:
    """Return one entry's answers, field key to value; raise KeyError where the entry has none."""
    path = FOLDER / "written" / f"{entry_code}.json"
    if not path.is_file():
        raise KeyError(entry_code)
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def comments() -> dict[str, Any]:
    """Return what judges, mentors, checkers and organisers wrote; its shape is told in its key `about`."""
    found: dict[str, Any] = json.loads((FOLDER / "comments.json").read_text(encoding="utf-8"))
    return found


def club_activities() -> list[dict[str, Any]]:
    """Return what the clubs do in the story: the fields of a plan, times as days of the calendar."""
    found: list[dict[str, Any]] = json.loads((FOLDER / "club-activities.json").read_text(encoding="utf-8"))
    return found
