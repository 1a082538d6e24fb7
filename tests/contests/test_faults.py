"""A broken file is refused as a whole, with a place and a sentence per fault, in both languages."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compapp.accounts.models import Organisation, Person
from compapp.contests.file.faults import ContestFileRefused, Fault
from compapp.contests.file.reader import faults_of, load, parse
from compapp.contests.file.sections import register
from compapp.contests.file.shape import schema
from compapp.contests.models import Contest
from compapp.core.actor import Actor
from compapp.core.db import unit_of_work
from tests.contests.builders import sample, small

Edit = Callable[[dict[str, Any]], Any]

VIETNAMESE = Path(__file__).parent.parent.parent / "compapp" / "translations" / "vi"


@pytest.fixture(autouse=True)
def _sections() -> None:
    register()


def setting(path: str, value: Any) -> Edit:
    """Return an edit that sets one place of a document: ``rounds.0.rubric``."""

    def edit(document: dict[str, Any]) -> None:
        *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        place: Any = document
        for part in way:
            place = place[part]
        place[last] = value

    return edit


BROKEN: list[tuple[str, Edit, str]] = [
    (
        "$.contest.launch.at",
        setting("contest.launch.at", "2026-09-15T08:00:00"),
        "“2026-09-15T08:00:00” is not a time. Write it like 2026-11-15T17:00:00+07:00.",
    ),
    (
        "$.rounds[4].carry.RV",
        setting("rounds.4.carry", {"RV": 50, "R3": 50}),
        "A round without a rubric has no figure to carry.",
    ),
    ("$.colour", setting("colour", "red"), "The key “colour” is not known here."),
    ("$.contest.colour", setting("contest.colour", 1), "The key “colour” is not known here."),
    ("$.entries[3].bord", setting("entries.3.bord", "pupil"), "The key “bord” is not known here."),
    ("$.rubrics", lambda document: document.pop("rubrics"), "The key “rubrics” is missing."),
    ("$.entries[0].board", lambda document: document["entries"][0].pop("board"), "The key “board” is missing."),
    ("$.contest.title", setting("contest.title", 7), "Expected an object with keys."),
    ("$.contest.boards[0].team_max", setting("contest.boards.0.team_max", "five"), "Expected a whole number."),
    ("$.contest.boards[0].team_max", setting("contest.boards.0.team_max", 5.0), "Expected a whole number."),
    ("$.rounds[1].judges_per_entry", setting("rounds.1.judges_per_entry", 0), "Must be at least 1."),
    ("$.rubrics[0].criteria[0].weight", setting("rubrics.0.criteria.0.weight", 0), "Must be above 0."),
    ("$.contest.rules.aggregation.decimals", setting("contest.rules.aggregation.decimals", 10), "Must be at most 9."),
    ("$.entries[1].code", setting("entries.1.code", "S01"), "“S01” stands already at entries[0]."),
    ("$.judges[2].code", setting("judges.2.code", "J01"), "“J01” stands already at judges[0]."),
    (
        "$.entries[0].board",
        setting("entries.0.board", "adults"),
        "“adults” is not declared in contest.boards.",
    ),
    ("$.sheets.R1[0].judge", setting("sheets.R1.0.judge", "J99"), "“J99” is not declared in judges."),
    ("$.sheets.R9", setting("sheets.R9", []), "“R9” is not declared in rounds."),
    ("$.rounds[1].rubric", setting("rounds.1.rubric", "RB9"), "“RB9” is not declared in rubrics."),
    (
        "$.rounds[1].advance.adults",
        setting("rounds.1.advance.adults", 3),
        "“adults” is not declared in contest.boards.",
    ),
    (
        "$.contest.organiser",
        setting("contest.organiser", "NOBODY"),
        "“NOBODY” is not declared in institutions, bodies, organisations, clubs, incubators.",
    ),
    (
        "$.rounds[1].closes",
        setting("rounds.1.closes", {"at": "2026-11-20T08:00:00+07:00", "day": 66}),
        "This must be later than “rounds[1].opens”.",
    ),
    (
        "$.contest.launch.at",
        setting("contest.launch.at", "15/09/2026"),
        "“15/09/2026” is not a time. Write it like 2026-11-15T17:00:00+07:00.",
    ),
    ("$.rounds[4].carry", setting("rounds.4.carry", {"R2": 40, "R3": 50}), "The percents add up to 90 instead of 100."),
    (
        "$.rounds[1].gates.min_total",
        setting("rounds.1.aggregation", {"method": "judge_rank"}),
        "This cannot be combined with the method judge_rank.",
    ),
    ("$.contest.boards[0].team_min", setting("contest.boards.0.team_min", 9), ""),
    (
        "$.rounds[1].tie_break[0].criterion_mean",
        setting("rounds.1.tie_break", [{"criterion_mean": "pitch"}]),
        "“pitch” is no criterion of the round's rubric RB1.",
    ),
    ("$.rubrics[0].scale.max", setting("rubrics.0.scale.min", 10), "The highest mark must be above the lowest."),
    ("$.contest.code", setting("contest.code", "a b"), "“a b” is not written as expected here."),
    ("$.contest.code", setting("contest.code", "CODE\n"), ""),
    ("$.contest.code", setting("contest.code", "manage"), "“manage” is an address of this site; choose another code."),
    ("$.contest.title.vi", setting("contest.title.vi", "a\x00b"), "This text holds a character that cannot be kept."),
    ("$.contest.title.vi", setting("contest.title.vi", "\ud800"), "This text holds a character that cannot be kept."),
    ("$.rubrics[0].scale.max", setting("rubrics.0.scale.max", float("inf")), "This is not a finite number."),
    ("$.judges[0].email", setting("judges.0.email", "a@b"), "“a@b” is not an e-mail address."),
    (
        "$.rounds[1].byes.pupil",
        setting("rounds.1.byes", {"pupil": {"vi": "Ít đội"}}),
        "This board has a bye and a number that goes through by figures; give one of them.",
    ),
    (
        "$.rounds[1].byes.adults",
        setting("rounds.1.byes", {"adults": {}}),
        "“adults” is not declared in contest.boards.",
    ),
    (
        "$.rounds[1].byes",
        setting("rounds.1.byes", {"pupil": {"vi": "a"}, "student": {"vi": "b"}}),
        "Every board has a bye: nobody is left to be judged in this round.",
    ),
    (
        "$.rounds[4].byes",
        setting("rounds.4.byes", {"pupil": {"vi": "Ít đội"}}),
        "A bye leads to a later round with judges; after this one there is none.",
    ),
    (
        "$.rounds[1].byes.pupil",
        setting("rounds.1.byes", {"pupil": {"vi": "Ít đội"}}),
        "This board has score sheets in the round, so it cannot have a bye there.",
    ),
    (
        "$.rounds[1].entry_byes.X99",
        setting("rounds.1.entry_byes", {"X99": {"vi": "Đã thắng năm trước"}}),
        "“X99” is no entry of this file.",
    ),
    ("$.meta.schema", setting("meta.schema", "compapp/contest/2"), ""),
]


@pytest.mark.parametrize(("path", "edit", "said"), BROKEN, ids=[f"{i}-{case[0]}" for i, case in enumerate(BROKEN)])
def test_what_is_wrong_is_said_with_its_place(path: str, edit: Edit, said: str) -> None:
    document = sample()
    edit(document)
    found = {(fault.json_path, fault.sentence) for fault in faults_of(document)}
    if path == "$.contest.boards[0].team_min":
        assert ("$.contest.boards[0].team_max", "The largest team is smaller than the smallest.") in found
    elif said:
        assert (path, said) in found
    else:
        assert path in {place for place, _ in found}


def test_every_fault_is_told_at_once() -> None:
    document = sample()
    for _path, edit, _said in BROKEN[:3] + BROKEN[9:14]:
        edit(document)
    assert len(faults_of(document)) >= 7


def test_nothing_is_written_of_a_broken_file(db: Session, at: Any) -> None:
    document = sample()
    document["entries"][23]["institution"] = "I99"
    with pytest.raises(ContestFileRefused) as refused, unit_of_work():
        load(document, actor=Actor.system("test"), at=at)
    assert str(refused.value) == "$.entries[23].institution: “I99” is not declared in institutions."
    for table in (Contest, Organisation, Person):
        assert db.scalar(select(func.count()).select_from(table)) == 0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[1, 2",
        b'{"a": 1, "a": 2}',
        b'{"a": NaN}',
        b"[" * 100_000,
        b'"text"',
        b"null",
        b"1" * 5000,
    ],
)
def test_what_is_no_contest_file_is_refused_by_name(content: bytes) -> None:
    try:
        faults = faults_of(parse(content))
    except ContestFileRefused as refused:
        faults = list(refused.faults)
    assert faults
    assert all(fault.json_path.startswith("$") and fault.sentence for fault in faults)


@pytest.fixture(scope="module")
def vietnamese() -> Any:
    found: dict[str, Any] = {}
    for path in sorted(VIETNAMESE.glob("*.po")):
        with path.open("rb") as file:
            found |= {message.id: message.string for message in read_po(file) if isinstance(message.id, str)}
    return found


def in_vietnamese(catalogue: Any, fault: Fault) -> str:
    text = catalogue[fault.msgid]
    assert text, fault.msgid
    return str(text % fault.params) if fault.params else str(text)


@pytest.mark.parametrize(("path", "edit", "said"), BROKEN[::3])
def test_each_fault_speaks_vietnamese(vietnamese: Any, path: str, edit: Edit, said: str) -> None:
    document = sample()
    edit(document)
    for fault in faults_of(document):
        assert in_vietnamese(vietnamese, fault) != fault.sentence


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["R1", "S01", "vi"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in pairs:
        found += places(item, (*path, key))
    return found


def tiny() -> dict[str, Any]:
    """Return a sound extract of the sample with few items per section, so that mutations fall everywhere."""
    document = sample()
    document["entries"] = document["entries"][:2]
    codes = {entry["code"] for entry in document["entries"]}
    for name in ("followups", "placements"):
        if name in document:
            document[name] = [one for one in document[name] if one["entry"] in codes][:2]
    for name in ("sheets", "votes"):
        maps: dict[str, Any] = document[name]
        document[name] = {code: [one for one in items if one["entry"] in codes][:2] for code, items in maps.items()}
    for name in ("indicators", "tech_needs", "events", "resources", "budget_lines", "report_periods", "surveys"):
        document[name] = document[name][:1]
    document["form"]["fields"] = document["form"]["fields"][:6]
    return document


TINY = tiny()
PLACES = places(TINY)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_a_mutated_file_never_crashes(vietnamese: Any, data: st.DataObject) -> None:
    document: Any = copy.deepcopy(TINY)
    for _ in range(data.draw(st.integers(1, 3))):
        *way, last = data.draw(st.sampled_from(PLACES))
        place: Any = document
        try:
            for part in way:
                place = place[part]
            if data.draw(st.booleans()):
                place[last] = data.draw(json_values)
            else:
                del place[last]
        except (KeyError, IndexError, TypeError):
            continue
    for fault in faults_of(document):
        assert fault.json_path.startswith("$")
        assert fault.sentence
        assert in_vietnamese(vietnamese, fault)


@given(value=json_values)
def test_any_json_is_judged(value: Any) -> None:
    assert faults_of(value)


def test_the_schema_forbids_unknown_keys_everywhere() -> None:
    def objects(piece: Any) -> list[dict[str, Any]]:
        if isinstance(piece, list):
            return [found for item in piece for found in objects(item)]
        if not isinstance(piece, dict):
            return []
        inner = [found for item in piece.values() for found in objects(item)]
        return [piece, *inner] if "properties" in piece and piece.get("type") is not None else inner

    assert [piece for piece in objects(schema()) if piece.get("additionalProperties") is not False] == []
    assert json.loads(json.dumps(schema())) == schema()


def test_the_smallest_contest_is_sound() -> None:
    assert faults_of(small()) == []
