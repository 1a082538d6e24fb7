"""A small contest brought to its end by hand, so that every figure can be counted by hand."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from compapp.accounts.models import Membership, Person
from compapp.contests.models import Contest
from compapp.core.db import session, unit_of_work
from compapp.core.text import fold, name_sort_key
from compapp.entries.models import Entry
from compapp.incubation.models import Mentor, MentoringSession, Mentorship, Residency
from compapp.judging.models import Award, Place
from compapp.placement.models import Intake, Offer
from tests.portal.builders import whole_sample

AT = datetime(2026, 12, 1, tzinfo=UTC)


def person(name: str, *roles: tuple[str, int | None]) -> Person:
    """Add a person with roles: (role, organisation or None for the platform)."""
    with unit_of_work():
        made = Person(
            name=name,
            name_fold=fold(name),
            name_sort=name_sort_key(name),
            email=f"{fold(name).replace(' ', '.')}@example.vn",
            locale="vi",
            active=True,
            created_at=AT,
        )
        session().add(made)
        session().flush()
        for role, organisation in roles:
            session().add(
                Membership(
                    person_id=made.id, organisation_id=organisation, role=role, since=datetime(2026, 1, 1, tzinfo=UTC)
                )
            )
    return made


def a_finished_contest() -> Contest:
    """Import the sample (24 entries: 16 of students, 8 of pupils) and move its entries by hand.

    S01 is a draft again, S02 ineligible, S03 withdrawn; all others are eligible. S04-S09 went through the
    first round (S09 then declined), S04-S06 through the second; S04 has two prizes, S05 one. S04-S07 were
    offered places (S07 declined), S04 and S05 began, S04 graduated. Two sessions were held, one was missed.
    """
    whole_sample()
    with unit_of_work():
        contest = session().scalars(select(Contest)).one()
        rounds = {round_.code: round_.id for round_ in contest.rounds}
        entries = {entry.code: entry for entry in session().scalars(select(Entry))}
        for entry in entries.values():
            entry.state = "eligible"
        entries["S01"].state, entries["S01"].submitted_at = "draft", None
        entries["S02"].state, entries["S03"].state = "ineligible", "withdrawn"
        for code in ("S04", "S05", "S06", "S07", "S08", "S09"):
            _place(rounds["R1"], entries[code].id, "declined" if code == "S09" else "confirmed")
        for code in ("S04", "S05", "S06"):
            _place(rounds["R2"], entries[code].id, "waiting")
        for position, given in enumerate(("S04", "S04", "S05", None)):
            _award(contest.id, rounds["R3"], position, entries[given].id if given else None)
        intakes = list(session().scalars(select(Intake).order_by(Intake.position)))
        for position, code in enumerate(("S04", "S05", "S06", "S07")):
            _offer(entries[code].id, intakes[position].id, "declined" if code == "S07" else "accepted")
        _residencies(contest, entries, intakes[0].incubator_id)
    return contest


def _place(round_id: int, entry_id: int, state: str) -> None:
    session().add(
        Place(round_id=round_id, entry_id=entry_id, state=state, reserve_rank=None, confirm_by=None, answered_at=None)
    )


def _award(contest_id: int, round_id: int, position: int, entry_id: int | None) -> None:
    session().add(
        Award(
            contest_id=contest_id,
            round_id=round_id,
            board_code="student",
            award="prize",
            position=position,
            entry_id=entry_id,
            vnd=1,
            reason="",
            decided_at=AT,
            decided_by_name="",
        )
    )


def _offer(entry_id: int, intake_id: int, state: str) -> None:
    session().add(
        Offer(
            entry_id=entry_id,
            intake_id=intake_id,
            origin="match",
            state=state,
            reason="",
            offered_at=AT,
            offered_by_name="",
            expires_at=AT,
        )
    )


def _residencies(contest: Contest, entries: dict[str, Any], incubator_id: int) -> None:
    mentor = session().scalars(select(Mentor).order_by(Mentor.id)).first()
    assert mentor is not None
    for code, state in (("S04", "graduated"), ("S05", "active")):
        session().add(
            Residency(
                contest_id=contest.id,
                entry_id=entries[code].id,
                incubator_id=incubator_id,
                state=state,
                stage="prototype",
                started_at=AT,
            )
        )
    session().flush()
    residency = session().scalars(select(Residency).order_by(Residency.id)).first()
    assert residency is not None
    mentorship = Mentorship(residency_id=residency.id, mentor_id=mentor.id, since=AT)
    session().add(mentorship)
    session().flush()
    for hour, (state, minutes) in enumerate((("held", 60), ("held", 45), ("missed", 60))):
        session().add(
            MentoringSession(
                mentorship_id=mentorship.id,
                starts_at=AT.replace(hour=hour),
                minutes=minutes,
                state=state,
                booked_at=AT,
                definition={},
            )
        )
