"""Residencies, mentors, sessions and milestones through the services."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from compapp.contests.file.writer import export
from compapp.core.db import unit_of_work
from compapp.core.errors import Closed, Conflict, Invalid, Refused
from compapp.core.outbox import OutboxMessage
from compapp.incubation import queries, services
from compapp.incubation.models import MentoringSession, Residency
from compapp.placement import services as places
from tests.contests.builders import sample
from tests.incubation import builders
from tests.placement import builders as placement

LOG = services.SessionLog(
    rag="green",
    shared_note="Đã gặp 31 nhà vườn",
    private_note="Trưởng nhóm đang mệt",
    next_steps="Lắp 3 trạm thử",
    milestone="M1",
    milestone_met=True,
    figures={"customers": 31, "jobs": 2, "revenue_vnd": 0},
)


def mails(db: Session, kind: str) -> list[OutboxMessage]:
    statement = select(OutboxMessage).where(OutboxMessage.kind == kind, OutboxMessage.channel == "email")
    return list(db.scalars(statement.order_by(OutboxMessage.id)))


def test_an_accepted_place_opens_a_residency(db: Session) -> None:
    contest = builders.load()
    found = builders.residency(contest, "S01")
    assert (found.stage, found.cohort, found.state) == ("pre_incubation", "K1-2027", "active")
    starts = queries.plan_of(contest.id).starts_at
    assert found.started_at == starts
    assert starts is not None
    assert [(one.code, (one.due_at - starts).days // 7) for one in queries.milestones_of(found.id)] == [
        ("M1", 4),
        ("M2", 8),
        ("M3", 16),
        ("M4", 20),
        ("M5", 24),
    ]


def test_a_better_place_moves_the_residency(db: Session) -> None:
    contest = builders.load()
    intake = placement.intake(contest, "IN2")
    terms = places.IntakeTerms(4, 3, intake.sectors, intake.opens_at, intake.closes_at, 7)
    with unit_of_work():
        places.change_intake(intake, terms, actor=placement.manager(contest, "IN2"), at=placement.MATCHED)
    placement.accept(contest, ["S06"])
    found = builders.residency(contest, "S06")
    assert found.incubator_id == placement.intake(contest, "IN2").incubator_id
    assert db.scalars(select(Residency).where(Residency.entry_id == found.entry_id)).one().id == found.id


def test_the_suggested_mentor_knows_the_sector(db: Session) -> None:
    contest = builders.load()
    found = queries.suggestions(builders.residency(contest, "S01"))
    assert found[0].mentor.code == "M02"
    assert len(found) == 3
    assert all(one.reasons for one in found)


def test_a_mentor_takes_no_more_teams_than_agreed(db: Session) -> None:
    contest = builders.load("S01", "S03", "S06")
    for team in ("S01", "S03"):
        builders.assign(contest, team, "M02")
    with pytest.raises(Conflict):
        builders.assign(contest, "S06", "M02")
    assert builders.mentor(contest, "M02").teams == 2
    assert {one.data["to_mentor"] for one in mails(db, "mentor_assigned")} == {True, False}


def test_assigning_twice_changes_nothing(db: Session) -> None:
    contest = builders.load()
    builders.assign(contest, "S01", "M02")
    with pytest.raises(Conflict):
        builders.assign(contest, "S01", "M02")
    assert builders.mentor(contest, "M02").teams == 1


def test_a_session_is_booked_logged_and_counted(db: Session) -> None:
    contest = builders.load()
    one = builders.book(contest, builders.assign(contest, "S01", "M02"), builders.FIRST)
    with pytest.raises(Conflict):
        builders.book(contest, queries.mentorship(one.mentorship_id), builders.FIRST)
    actor = builders.mentor_actor(contest, "M02")
    with pytest.raises(Closed), unit_of_work():
        services.log_session(queries.mentoring_session(one.id), LOG, actor=actor, at=builders.ASSIGNED)
    after = builders.FIRST + timedelta(hours=1)
    with pytest.raises(Refused), unit_of_work():
        manager = builders.manager(contest, "S01")
        services.log_session(queries.mentoring_session(one.id), LOG, actor=manager, at=after)
    with unit_of_work():
        services.log_session(queries.mentoring_session(one.id), LOG, actor=actor, at=after)
    found = builders.residency(contest, "S01")
    assert {(row.key, row.value) for row in queries.figures_of(found.id)} == {
        ("customers", 31),
        ("jobs", 2),
        ("revenue_vnd", 0),
    }
    assert queries.milestones_of(found.id)[0].state == "met"
    assert queries.funnel_counts([contest.id])["customers"] == 31
    wrong = services.SessionLog(rag="green", figures={"customers": 10**16})
    with pytest.raises(Invalid), unit_of_work():
        services.log_session(queries.mentoring_session(one.id), wrong, actor=actor, at=after)


def miss(contest: Any, one: MentoringSession) -> bool:
    with unit_of_work():
        return services.record_absence(
            queries.mentoring_session(one.id),
            missed_by="mentor",
            actor=placement.lead(contest, "S01"),
            at=one.starts_at + timedelta(minutes=30),
        )


def test_incident_12_two_missed_sessions_propose_a_change(db: Session) -> None:
    contest = builders.load()
    mentorship = builders.assign(contest, "S01", "M02")
    first = builders.book(contest, mentorship, builders.SECOND)
    second = builders.book(contest, mentorship, builders.SECOND + timedelta(days=7))
    assert miss(contest, first) is False
    assert [one.person_id for one in mails(db, "session_missed")] == [builders.mentor_person(contest, "M02").id]
    assert not mails(db, "mentor_change_proposed")
    assert miss(contest, second) is True
    assert [one.person_id for one in mails(db, "mentor_change_proposed")] == [
        builders.manager_person(contest, "S01").id
    ]


def test_reminders_go_out_once(db: Session) -> None:
    contest = builders.load()
    builders.book(contest, builders.assign(contest, "S01", "M02"), builders.FIRST)

    def remind(before: timedelta) -> int:
        with unit_of_work():
            return services.remind_of_sessions(at=builders.FIRST - before)

    assert remind(timedelta(hours=25)) == 0
    day = remind(timedelta(hours=23))
    assert day > 0
    assert remind(timedelta(hours=20)) == 0
    assert remind(timedelta(minutes=50)) == day
    assert remind(timedelta(minutes=40)) == 0
    assert {one.data["hours"] for one in mails(db, "session_reminder")} == {24, 1}


def test_milestones_are_asked_for_in_time_and_once_when_late(db: Session) -> None:
    contest = builders.load("S01")
    due = queries.milestones_of(builders.residency(contest, "S01").id)[0].due_at

    def remind(at: Any) -> int:
        with unit_of_work():
            return services.remind_of_milestones(at=at)

    assert remind(due - timedelta(days=8)) == 0
    assert remind(due - timedelta(days=6)) > 0
    assert remind(due - timedelta(days=5)) == 0
    assert remind(due + timedelta(hours=1)) > 0
    assert remind(due + timedelta(days=1)) == 0
    assert [one.data["late"] for one in mails(db, "milestone_due")].count(True) >= 1


def test_the_team_reports_and_others_confirm(db: Session) -> None:
    contest = builders.load()
    builders.assign(contest, "S01", "M02")
    milestone = queries.milestones_of(builders.residency(contest, "S01").id)[0]
    lead, mentor = placement.lead(contest, "S01"), builders.mentor_actor(contest, "M02")
    with pytest.raises(Refused), unit_of_work():
        services.confirm_milestone(queries.milestone(milestone.id), actor=lead, at=builders.FIRST)
    with unit_of_work():
        services.report_milestone(queries.milestone(milestone.id), note="31 phiếu", actor=lead, at=builders.FIRST)
    with unit_of_work():
        services.return_milestone(
            queries.milestone(milestone.id), reason="Thiếu biên bản", actor=mentor, at=builders.FIRST
        )
    assert queries.milestone(milestone.id).state == "planned"
    with unit_of_work():
        services.confirm_milestone(queries.milestone(milestone.id), actor=mentor, at=builders.FIRST)
    assert queries.milestone(milestone.id).state == "met"


def test_a_stage_moves_once_for_a_double_click(db: Session) -> None:
    contest = builders.load()
    manager = builders.manager(contest, "S01")
    with unit_of_work():
        services.advance_stage(
            builders.residency(contest, "S01"), from_stage="pre_incubation", actor=manager, at=builders.FIRST
        )
    with pytest.raises(Conflict), unit_of_work():
        services.advance_stage(
            builders.residency(contest, "S01"), from_stage="pre_incubation", actor=manager, at=builders.FIRST
        )
    assert builders.residency(contest, "S01").stage == "incubation"


def test_leaving_ends_mentoring_and_frees_the_place(db: Session) -> None:
    contest = builders.load()
    one = builders.book(contest, builders.assign(contest, "S01", "M02"), builders.SECOND)
    with unit_of_work():
        services.leave(
            builders.residency(contest, "S01"),
            reason="Đội giải thể",
            actor=builders.manager(contest, "S01"),
            at=builders.FIRST,
        )
    assert builders.mentor(contest, "M02").teams == 0
    assert queries.mentoring_session(one.id).state == "cancelled"
    assert placement.offer(contest, "P08").intake.code == "IN1"


def test_graduates_are_asked_after_6_and_12_months(db: Session) -> None:
    contest = builders.load()
    with unit_of_work():
        services.graduate(builders.residency(contest, "S01"), actor=builders.manager(contest, "S01"), at=builders.FIRST)

    def ask(days: int) -> int:
        with unit_of_work():
            return services.ask_for_outcomes(at=builders.FIRST + timedelta(days=days))

    assert ask(181) == 0
    assert ask(183) > 0
    assert ask(184) == 0
    assert ask(366) > 0
    with unit_of_work():
        lead = placement.lead(contest, "S01")
        services.report_figures(
            builders.residency(contest, "S01"), {"jobs": 5}, actor=lead, at=builders.FIRST + timedelta(days=190)
        )
    assert queries.latest_figures([contest.id])["jobs"] == 5


def test_the_sample_comes_back_with_its_followups(db: Session) -> None:
    contest = placement.load(placement.document())
    assert {name: value for name, value in export(contest).items() if name != "publications"} == sample()


def test_followups_become_sessions_where_a_team_has_its_place(db: Session) -> None:
    document = placement.document() | {
        "placements": [
            {"entry": "S01", "incubator": "IN1", "state": "accepted", "answered": "2027-03-12T08:00:00+07:00"},
            {"entry": "S06", "incubator": "IN1", "state": "accepted", "waiting": ["IN2"]},
        ]
    }
    contest = placement.load(document)
    assert export(contest)["followups"] == sample()["followups"]
    assert export(contest)["placements"] == document["placements"]
    found = builders.residency(contest, "S01")
    assert [(one.state, one.missed_by, one.starts_at) for one in reversed(queries.sessions_of(found.id))] == [
        ("held", None, builders.FIRST),
        ("missed", "mentor", builders.SECOND),
    ]
    assert builders.mentor(contest, "M02").teams == 1
    one = queries.sessions_of(found.id)[-1]
    with unit_of_work():
        services.log_session(
            queries.mentoring_session(one.id),
            LOG,
            actor=builders.mentor_actor(contest, "M02"),
            at=builders.SECOND,
        )
    written = export(contest)["followups"]
    assert written[0]["note"] == LOG.shared_note
    assert written[1:] == sample()["followups"][1:]
    assert LOG.private_note not in str(export(contest))
