"""Drafts that lack nothing but one file, each with a lead who has a password: the crowd of a deadline."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, inspect, select

from compapp.accounts import passwords
from compapp.accounts.models import Organisation, Person
from compapp.contests.models import Board, Contest
from compapp.core import clock
from compapp.core.db import Base, session, unit_of_work
from compapp.core.text import fold, name_sort_key, sort_key
from compapp.demo import direction
from compapp.entries.models import Attachment, Entry, TeamMember

PASSWORD = "deadline-2026"
FILE_KEY = "thuyet_minh"
PER_SCHOOL = 4


@dataclass(frozen=True)
class Student:
    """Who signs in, and the draft that waits."""

    email: str
    entry_id: int


def fill(students: int, folder: Path) -> list[Student]:
    """Play the demonstration up to its entry phase and copy one team's draft for every student."""
    at = clock.now()
    direction.perform("entry", data_dir=folder, now=at)
    handed_in = select(Entry).join(Board).where(Entry.state == "submitted", Board.code == "student")
    model = session().scalars(handed_in.order_by(Entry.id)).first()
    assert model is not None
    with unit_of_work():
        return _copies(model, students, at)


def set_deadline(closes_at: datetime) -> None:
    """Let the contest close at ``closes_at``."""
    with unit_of_work():
        contest = session().scalars(select(Contest).order_by(Contest.id)).first()
        assert contest is not None
        contest.closes_at = closes_at


def _copies(model: Entry, students: int, at: datetime) -> list[Student]:
    password_hash = passwords.hash_password(PASSWORD)
    members = session().scalars(select(TeamMember).where(TeamMember.entry_id == model.id)).all()
    attachments = session().scalars(
        select(Attachment).where(
            Attachment.entry_id == model.id, Attachment.key != FILE_KEY, Attachment.replaced_at.is_(None)
        )
    )
    files = [_columns(row) for row in attachments]
    found = []
    schools = [_school(n, at) for n in range(students // PER_SCHOOL + 1)]
    session().add_all(schools)
    session().flush()
    for n in range(students):
        school = schools[n // PER_SCHOOL]
        title = f"Sáng kiến giờ chót số {n:04}"
        entry = Entry(
            **{
                **_columns(model),
                "code": f"RUSH{n:04}",
                "number": f"RUSH-{n:04}",
                "state": "draft",
                "submitted_at": None,
                "institution_id": school.id,
                "title": {"vi": title, "en": title},
                "title_fold": fold(title),
                "title_sort": sort_key(title),
                "answers": {**model.answers, "title": title} if "title" in model.answers else model.answers,
            }
        )
        session().add(entry)
        session().flush()
        for place, member in enumerate(members):
            person = _person(n, place, member.name, password_hash, at)
            session().add(person)
            session().flush()
            session().add(
                TeamMember(
                    **{
                        **_columns(member),
                        "entry_id": entry.id,
                        "person_id": person.id,
                        "institution_id": school.id,
                        "student_number": f"R{n:04}{place}",
                    }
                )
            )
        session().execute(insert(Attachment), [{**row, "entry_id": entry.id} for row in files])
        found.append(Student(f"rush{n}-0@bench.example", entry.id))
    return found


def _columns(row: Base) -> dict[str, Any]:
    state: Any = inspect(row)
    return {column.key: getattr(row, column.key) for column in state.mapper.column_attrs if column.key != "id"}


def _school(n: int, at: datetime) -> Organisation:
    name = f"Trường Đại học Giờ Chót {n:03}"
    return Organisation(
        kind="university",
        name_vi=name,
        name_en=f"Deadline University {n:03}",
        name_fold=fold(name),
        name_sort=sort_key(name),
        created_at=at,
    )


def _person(n: int, place: int, name: str, password_hash: str, at: datetime) -> Person:
    return Person(
        email=f"rush{n}-{place}@bench.example",
        name=name,
        name_fold=fold(name),
        name_sort=name_sort_key(name),
        born=(at - timedelta(days=20 * 366)).date(),
        password_hash=password_hash,
        created_at=at,
    )
