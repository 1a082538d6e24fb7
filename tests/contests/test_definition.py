"""The definition read into values: every field of the sample, and what the file leaves out."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from compapp.contests.definition import (
    BoardRule,
    Calendar,
    EntryForm,
    RoundRule,
    RubricText,
    Rules,
    TieStep,
    duration,
    moment,
    moved_moment,
    prizes_of,
)
from compapp.contests.definition.calendar import CURRENT, DONE, TODO
from compapp.contests.plain import deciding_by_round, entering_rules
from tests.contests.builders import sample, small


def rows(document: dict[str, Any]) -> Any:
    """Return what looks like a contest's row with its boards and rounds."""
    contest = SimpleNamespace(
        definition=document["contest"], form=document["form"], rubrics=document["rubrics"], rounds=[], boards=[]
    )
    contest.rounds = [SimpleNamespace(code=one["code"], definition=one, contest=contest) for one in document["rounds"]]
    contest.boards = [SimpleNamespace(code=one["code"], definition=one) for one in document["contest"]["boards"]]
    return contest


@pytest.mark.parametrize(
    ("text", "length"), [("14d", timedelta(days=14)), ("24h", timedelta(days=1)), ("3h", timedelta(hours=3))]
)
def test_durations(text: str, length: timedelta) -> None:
    assert duration(text) == length


@pytest.mark.parametrize("text", ["", "3", "3m", "-3h", "3 h", "3h\n", "99999h"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="not a duration"):
        duration(text)


def test_moments_are_utc_and_bare_days_vietnamese() -> None:
    assert moment({"at": "2026-09-15T08:00:00+07:00", "day": 0}) == datetime(2026, 9, 15, 1, tzinfo=UTC)
    assert moment("2026-09-15") == datetime(2026, 9, 14, 17, tzinfo=UTC)
    assert moment(None) is None


def test_a_moved_moment_keeps_its_offset_and_counts_its_day() -> None:
    old = {"at": "2026-11-15T17:00:00+07:00", "day": 61}
    moved = moved_moment(old, datetime(2026, 11, 17, 10, tzinfo=UTC), date(2026, 9, 15))
    assert moved == {"at": "2026-11-17T17:00:00+07:00", "day": 63}
    assert moved_moment({"at": old["at"]}, datetime(2026, 11, 17, 10, tzinfo=UTC), date(2026, 9, 15)) == {
        "at": "2026-11-17T17:00:00+07:00"
    }


def test_the_rules_of_the_sample() -> None:
    rules = Rules.of(rows(sample()))
    assert rules.max_entries_per_institution == 8
    assert rules.appeal_window == timedelta(hours=72)
    assert rules.appeal_grounds[0].label == {"vi": "Sai quy trình", "en": "Procedure"}
    assert rules.tie_break[0] == TieStep("criterion_mean", "innovation")
    assert rules.submission.reminders_before[-1] == timedelta(hours=3)
    assert rules.submission.late_policy == "closed"


def test_what_the_file_leaves_out_has_its_default() -> None:
    rules = Rules.of(rows(small()))
    assert not rules.one_team_per_person
    assert rules.max_entries_per_institution is None
    assert rules.submission.late_note is None
    board = BoardRule.of(rows(small()).boards[0])
    assert (board.team_min, board.team_max, board.guardian_consent_under) == (1, 5, None)


def test_a_round_takes_over_the_contests_rules_key_by_key() -> None:
    document = sample()
    document["rounds"][1]["aggregation"] = {"method": "median"}
    rounds = {row.code: RoundRule.of(row) for row in rows(document).rounds}
    assert (rounds["R1"].aggregation.method, rounds["R1"].aggregation.decimals) == ("median", 2)
    assert rounds["R1"].tie_break[0].criterion == "innovation"
    assert rounds["R2"].tie_break[0].criterion == "idea"
    assert rounds["R1"].gates.min_total == Decimal(50)
    assert rounds["R1"].blind.hide_team_names
    assert rounds["R0"].fix_window == timedelta(hours=48)
    assert rounds["R3"].prizes_may_be_withheld
    assert not rounds["RV"].is_scored


def test_the_form_of_the_sample() -> None:
    form = EntryForm.of(rows(sample()))
    assert len(form.fields) == 23
    assert form.field("board").options[0].code == "student"
    assert form.field("sector").options_from == "sectors"
    consent = form.attachment("guardian_consent")
    assert consent.only_if_minor and not consent.required and consent.takes_consent
    assert form.attachment("video").takes_link and form.attachment("video").file_formats == ("mp4",)
    assert form.attachment("slides").closes_at == datetime(2026, 12, 17, 10, tzinfo=UTC)
    assert {field.visibility for field in form.seen_by(["public"])} == {"public"}
    with pytest.raises(KeyError):
        form.field("nothing")


def test_the_calendar_knows_what_is_going_on() -> None:
    calendar = Calendar.of(rows(sample()))
    assert [point.starts_at for point in calendar.points] == sorted(point.starts_at for point in calendar.points)
    submission = calendar.point("submission")
    assert submission.opens_at is not None and submission.closes_at is not None
    assert submission.state_at(submission.opens_at) == CURRENT
    assert submission.state_at(submission.closes_at) == DONE
    assert submission.state_at(submission.opens_at - timedelta(seconds=1)) == TODO
    current = calendar.current_at(datetime(2026, 11, 23, 3, tzinfo=UTC))
    assert current is not None and current.key == "round.R1"
    assert calendar.current_at(datetime(2030, 1, 1, tzinfo=UTC)) is None
    assert calendar.point("attachment.slides").opens_at is None


def test_rubrics_and_prizes() -> None:
    rubric = RubricText.read(sample()["rubrics"][0])
    assert rubric.weight == 100
    assert [mark for mark, _text in rubric.criteria[0].anchors] == ["0", "5", "10"]
    assert rubric.criteria[0].most == 10
    own = RubricText.read({"code": "X", "criteria": [{"code": "a", "weight": 40, "max": 40}]})
    assert own.criteria[0].most == 40
    prizes = prizes_of(rows(sample()))
    assert sum(prize.vnd * prize.count for prize in prizes) == 107_000_000
    assert prizes[-1].board is None


def test_rules_in_words() -> None:
    contest = rows(sample())
    words = [rule.msgid % dict(rule.params) for rule in deciding_by_round(contest)["R1"] if "board" in rule.params]
    assert any("the 8 best with at least 50 points and without a zero go through." in text for text in words)
    plurals = [rule for rule in entering_rules(contest) if rule.plural]
    assert [(rule.count, rule.plural) for rule in plurals] == [(8, "Each institution may send up to %(num)d entries.")]
    assert all(rule.as_json()["msgid"] == rule.msgid for rule in entering_rules(contest))


@pytest.mark.parametrize("method", ["mean", "median", "trimmed_mean", "judge_rank", "calibrated"])
def test_each_method_has_its_words(method: str) -> None:
    document = small()
    document["contest"]["rules"]["aggregation"]["method"] = method
    assert any("figure" in rule.msgid for rule in deciding_by_round(rows(document))["R1"])
