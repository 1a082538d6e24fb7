"""The check before opening: each impossible or unfair set-up is found, and a sound one is left alone."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from compapp.contests.setup.checks import FAULT, MISSING, WARNING, Facts, findings
from compapp.contests.setup.holidays import holiday_on, lunar_new_year_near
from compapp.contests.setup.lists import BOARDS, ROUNDS, RUBRICS, code_of
from compapp.contests.setup.tidy import tidy
from tests.contests.builders import label, moment, sample, small

AT = datetime(2026, 9, 1, tzinfo=UTC)
Document = dict[str, Any]
Change = Callable[[Document], None]

JURY = Facts(AT, judges=12, secretaries=2, approvers=1)


def keys(document: Document, facts: Facts = JURY) -> dict[str, str]:
    return {f"{one.step}:{one.key}": one.level for one in findings(document, facts)}


def test_the_sample_has_no_fault() -> None:
    """Its weekend deadlines are warned of, and nothing else keeps it from opening."""
    found = keys(sample())
    assert set(found.values()) <= {WARNING}
    assert any(key.startswith("dates:weekend.submission") for key in found)


def _closes(day: str, hour: str = "17:00") -> Change:
    def change(document: Document) -> None:
        document["contest"]["submission"]["closes"] = {"at": f"{day}T{hour}:00+07:00"}
        document["contest"]["submission"]["opens"] = {"at": "2026-09-15T08:00:00+07:00"}

    return change


def _rule(**rules: Any) -> Change:
    return lambda document: document["contest"]["rules"].update(rules)


def _round(place: int, **keys_: Any) -> Change:
    return lambda document: document["rounds"][place].update(keys_)


def _board(**keys_: Any) -> Change:
    return lambda document: document["contest"]["boards"][0].update(keys_)


def _field(**keys_: Any) -> Change:
    return lambda document: document["form"]["fields"][6].update(keys_)


def _part(document: Document) -> None:
    document["form"]["sections"] = [{"code": "P1", "label": label("Thêm", "More"), "from_round": "R2"}]


CASES: tuple[tuple[Change, str, str], ...] = (
    (_closes("2027-02-03"), "dates:tet.submission.2027-02-03T17:00", WARNING),
    (_closes("2026-09-02"), "dates:holiday.submission.2026-09-02T17:00", WARNING),
    (_closes("2026-11-13", "23:59"), "dates:night.submission.2026-11-13T23:59", WARNING),
    (_closes("2026-09-18"), "dates:short.3", WARNING),
    (_closes("2026-08-18"), "dates:past", FAULT),
    (_round(1, opens={"at": "2026-11-10T08:00:00+07:00"}), "rounds:early.R1", FAULT),
    (_round(2, opens={"at": "2026-12-01T08:00:00+07:00"}), "rounds:overlap.R2", FAULT),
    (_round(2, opens={"at": "2026-12-08T08:00:00+07:00"}), "dates:appeal.late.R1", WARNING),
    (_round(1, judges_per_entry=13), "people:few.R1", FAULT),
    (_round(1, judges_per_entry=1), "rounds:reads.R1", FAULT),
    (_round(1, max_entries_per_judge=2), "people:load.R1.8.88", WARNING),
    (_round(1, gates={"min_total": 101}), "rounds:gate.R1", FAULT),
    (_round(1, gates={"min_total": 90}), "rounds:gate.R1.90", WARNING),
    (_round(2, advance={"student": 9}), "rounds:advance.R2.student", FAULT),
    (_round(4, tie_break=[{"criterion_mean": "need"}]), "rounds:chain.R3.need", FAULT),
    (_round(1, rubric=None), "rounds:rubric.R1", MISSING),
    (_round(1, advance={"student": 80}), "boards:advance.student.R1", FAULT),
    (_board(eligible_kinds=["company"]), "boards:kinds.student", FAULT),
    (_board(own_students_min=6), "boards:own.student", FAULT),
    (_board(min_entries=100), "boards:min.student", FAULT),
    (_field(shown_if={"field": "stage", "values": ["gone"]}), "form:never.problem", FAULT),
    (_field(shown_if={"field": "problem", "values": ["x"]}), "form:circle.problem", FAULT),
    (_part, "form:part.P1", MISSING),
    (lambda document: document["rubrics"][0]["criteria"].pop(), "rubrics:sum.RB1.90", WARNING),
    (lambda document: document["contest"]["prizes"].clear(), "prizes:none", WARNING),
    (lambda document: document["sectors"].clear(), "sectors:none", MISSING),
    (lambda document: document["institutions"].clear(), "schools:none", MISSING),
    (lambda document: document["contest"]["title"].pop("en"), "basics:title.en", MISSING),
)


@pytest.mark.parametrize(("change", "key", "level"), CASES, ids=[key for _, key, _ in CASES])
def test_each_fault_is_found_with_what_to_do(change: Change, key: str, level: str) -> None:
    document = sample()
    assert key not in keys(document)
    change(document)
    assert keys(document).get(key) == level
    found = next(one for one in findings(document, JURY) if f"{one.step}:{one.key}" == key)
    assert found.advice.msgid


def test_nobody_to_judge_or_approve_is_warned_of() -> None:
    found = keys(sample(), Facts(AT))
    assert found["people:nobody"] == WARNING
    assert found["people:approver"] == WARNING


@pytest.mark.parametrize(
    ("day", "first"),
    [("2027-02-01", "2027-02-06"), ("2027-02-14", "2027-02-06"), ("2030-02-02", "2030-02-02"), ("2027-01-31", None)],
)
def test_the_lunar_new_year_is_known(day: str, first: str | None) -> None:
    near = lunar_new_year_near(date.fromisoformat(day))
    assert (near.isoformat() if near else None) == first
    assert holiday_on(date(2027, 4, 16)) == "Hung Kings' Day"


def test_what_is_removed_leaves_nothing_behind() -> None:
    document = sample()
    tidy(document)
    assert document == sample()
    BOARDS.remove(document, "pupil")
    ROUNDS.remove(document, "R2")
    RUBRICS.remove(document, "RB3")
    tidy(document)
    assert all("pupil" not in (one.get("advance") or {}) for one in document["rounds"])
    assert {one["board"] for one in document["contest"]["prizes"]} == {"student", None}
    assert [one["round"] for one in document["contest"]["appeals"]] == ["R1", "R3"]
    slides = next(one for one in document["form"]["attachments"] if one["key"] == "slides")
    assert slides["boards"] == ["student"]
    assert "from_round" not in slides
    final = next(one for one in document["rounds"] if one["code"] == "R3")
    assert "rubric" not in final


def test_codes_come_from_words() -> None:
    assert code_of({"vi": "Đổi mới sáng tạo"}, set()) == "doi_moi_sang_tao"
    assert code_of({"vi": "Đổi mới", "en": "Novelty"}, {"novelty"}) == "novelty_2"
    assert code_of({"vi": "???"}, set()) == "item"


def test_small_contests_are_checked_too() -> None:
    document = small()
    document["contest"]["submission"]["opens"] = moment(0)
    assert FAULT not in keys(document).values()
