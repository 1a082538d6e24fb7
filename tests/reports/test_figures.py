"""The figures of a small contest against what one counts by hand."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from compapp.contests.models import Contest, Round
from compapp.core.db import unit_of_work
from compapp.entries.models import Entry, TeamMember
from compapp.reports import queries
from compapp.reports.indicators import STAGES, Counts, summed
from compapp.reports.queries import Chosen
from tests.portal.builders import publish, whole_sample
from tests.reports.builders import a_finished_contest

BY_HAND = {
    "ideas": 24,
    "submitted": 23,
    "eligible": 21,
    "shortlisted": 5,
    "finalists": 3,
    "awarded": 2,
    "placed": 3,
    "incubated": 2,
    "graduated": 1,
}


def counted(counts: Counts) -> dict[str, int]:
    return {stage.key: counts.of(stage.key) for stage in STAGES}


def test_the_funnel_is_what_one_counts_by_hand(app: Any, db: Session) -> None:
    a_finished_contest()
    found = queries.funnel(Chosen())
    assert counted(found.total) == BY_HAND
    for split in found.splits:
        assert counted(sum((row.counts for row in split.rows), Counts())) == BY_HAND, split.key


def test_the_splits_name_what_they_split_by(app: Any, db: Session) -> None:
    a_finished_contest()
    splits = {split.key: split.rows for split in queries.funnel(Chosen()).splits}
    boards = {row.key: row.counts.of("ideas") for row in splits["board"]}
    assert boards == {"student": 16, "pupil": 8}
    favoured = {row.label["en"] for row in splits["sector"] if row.priority}
    assert "High-tech agriculture" in favoured and "Food and farm-produce processing" not in favoured
    assert {row.key for row in splits["area"]} == {"Vĩnh Long", "Bến Tre", "Trà Vinh"}
    for rows in splits.values():
        values = [row.counts.of("ideas") for row in rows]
        assert values == sorted(values, reverse=True)


def test_the_single_figures(app: Any, db: Session) -> None:
    a_finished_contest()
    values = queries.figures(Chosen()).values
    members = db.scalar(
        select(func.count())
        .select_from(TeamMember)
        .join(Entry, Entry.id == TeamMember.entry_id)
        .where(Entry.submitted_at.is_not(None), TeamMember.role != "advisor")
    )
    assert values["people"] == members
    assert (values["contests"], values["clubs"], values["incubators"]) == (1, 5, 5)
    assert (values["places"], values["taken"]) == (18, 7)
    assert (values["sessions"], values["hours"]) == (2, 2)


def test_a_contest_or_a_period_narrows_the_count(app: Any, db: Session) -> None:
    a_finished_contest()
    assert counted(queries.funnel(Chosen(contest="VL-KNST-2026")).total) == BY_HAND
    assert queries.figures(Chosen(contest="khong-co")).funnel.total == Counts()
    days = sorted((moment + timedelta(hours=7)).date() for moment in db.scalars(select(Entry.submitted_at)) if moment)
    first = days[0]
    assert queries.funnel(Chosen(since=first, until=first)).total.of("submitted") == days.count(first)
    assert queries.funnel(Chosen(since=days[-1] + timedelta(days=1))).total.of("submitted") == 0
    assert queries.funnel(Chosen(until=date(2020, 1, 1))).total == Counts()


def test_drafts_of_contests_do_not_count(app: Any, db: Session) -> None:
    a_finished_contest()
    with unit_of_work():
        db.execute(update(Contest).values(state="draft"))
    assert queries.figures(Chosen()).funnel.total == Counts()
    assert queries.contests_to_choose() == []


def test_without_a_check_what_was_handed_in_is_eligible(app: Any, db: Session) -> None:
    whole_sample()
    with unit_of_work():
        db.execute(update(Entry).values(state="submitted"))
    assert queries.funnel(Chosen()).total.of("eligible") == 0
    with unit_of_work():
        db.execute(update(Round).where(Round.code == "R0").values(kind="public_vote"))
    assert queries.funnel(Chosen()).total.of("eligible") == 24


def test_figures_cost_the_same_for_one_entry_and_for_all(app: Any, db: Session, count_queries: Any) -> None:
    with count_queries() as empty:
        queries.figures(Chosen())
    a_finished_contest()
    db.rollback()
    with count_queries() as full:
        queries.figures(Chosen())
    assert len(full) == len(empty) <= 12


def test_lines_of_the_same_thing_are_summed() -> None:
    one, two = Counts((1,) * len(STAGES)), Counts((2,) * len(STAGES))
    rows = summed([("a", {"vi": "A"}, False, one), ("b", {"vi": "B"}, True, two), ("a", {"vi": "A"}, False, two)])
    assert [(row.key, row.counts.values[0], row.priority) for row in rows] == [("a", 3, False), ("b", 2, True)]


def test_a_round_that_ended_without_a_result_is_overdue(app: Any, db: Session) -> None:
    a_finished_contest()
    closed = datetime(2026, 12, 5, 10, 0, tzinfo=UTC)
    assert queries.overdue(closed + timedelta(hours=23)) == []
    late = queries.overdue(closed + timedelta(hours=25))
    assert [(one.round["en"], one.count) for one in late] == [("Preliminary round (online scoring)", 0)]
    with unit_of_work():
        db.execute(update(Round).where(Round.code == "R1").values(state="published"))
        db.execute(update(Entry).where(Entry.code.in_(["S05", "S06"])).values(state="submitted"))
    late = queries.overdue(closed + timedelta(hours=25))
    assert [(one.round["en"], one.count) for one in late] == [("Eligibility check", 2)]


def test_what_is_not_public_yet_is_no_news(app: Any, db: Session) -> None:
    contest = a_finished_contest()
    at = datetime(2026, 12, 10, tzinfo=UTC)
    publish(contest, "R1", at=at, public_from=at + timedelta(minutes=30))
    assert queries.changes(at) == []
    assert [one.what["en"] for one in queries.changes(at + timedelta(hours=1))] == [
        "Preliminary round (online scoring)"
    ]
