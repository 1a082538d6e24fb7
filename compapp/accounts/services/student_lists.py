"""A school's list of students from a spreadsheet: checked row by row, then taken up as a whole.

What a row leads to is decided by one function, so that the dry run shows what the taking up does.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from compapp.accounts import queries
from compapp.accounts.lifecycle import CONFIRMED
from compapp.accounts.models import Guardian, Organisation, Person, StudentIdentity
from compapp.accounts.policy import (
    AGE_LEAST,
    clean_address,
    clean_number,
    is_address,
)
from compapp.accounts.services.consents import give_consent
from compapp.accounts.services.identities import enrol, must_confirm
from compapp.accounts.services.invitations import send_invitation
from compapp.accounts.services.people import new_person
from compapp.core import audit, checked_lists
from compapp.core.actor import Actor
from compapp.core.clock import local
from compapp.core.db import session
from compapp.core.errors import Invalid, Sentence
from compapp.core.spreadsheets import Row, Table
from compapp.core.text import N_, fold, nfc

STUDENT_LIST = "student_list"
MOST_STUDENTS = 2_000
CONFIRMS, INVITES, NOTHING, WAITS = "confirms", "invites", "nothing", "waits"
OUTCOMES = {
    CONFIRMS: N_("will be confirmed"),
    INVITES: N_("will be invited and confirmed"),
    NOTHING: N_("confirmed already"),
    WAITS: N_("no account yet, and no e-mail address to invite"),
}
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("Họ và tên", "Họ tên", "Full name", "Name"),
    "number": ("Mã số", "Mã số sinh viên", "MSSV", "Mã sinh viên", "Mã học sinh", "Student number", "Number"),
    "class_name": ("Lớp", "Class"),
    "faculty": ("Khoa", "Faculty"),
    "email": ("E-mail", "Email", "Địa chỉ thư", "E-mail address"),
    "birth_year": ("Năm sinh", "Year of birth", "Birth year"),
    "guardian": ("Người giám hộ đồng ý", "Người giám hộ", "Guardian who agreed", "Guardian"),
}


@dataclass(frozen=True)
class Student:
    """A row as it was read; ``guardian`` is the name of who agreed, needed under 16."""

    row: int
    name: str = ""
    number: str = ""
    class_name: str = ""
    faculty: str = ""
    email: str = ""
    birth_year: str = ""
    guardian: str = ""


@dataclass(frozen=True)
class Checked:
    """A row with what it leads to, or what is wrong with it."""

    student: Student
    outcome: str = ""
    faults: Sequence[Sentence] = field(default_factory=list)


def read_students(table: Table) -> list[Student]:
    """Return the rows of a table; Invalid where columns are missing or rows too many."""
    if table.column(*COLUMNS["name"]) is None or table.column(*COLUMNS["number"]) is None:
        sentence = N_("The first row must have the headings “Full name” and “Student number”.")
        raise Invalid(fields={"file": [(sentence, {})]})
    if len(table.rows) > MOST_STUDENTS:
        sentence = N_("At most %(most)s students at once. Split the file and upload the parts one by one.")
        raise Invalid(fields={"file": [(sentence, {"most": MOST_STUDENTS})]})
    return [_student(table, row) for row in table.rows]


def _student(table: Table, row: Row) -> Student:
    cells = {name: " ".join(nfc(table.value(row, *headings)).split()) for name, headings in COLUMNS.items()}
    return Student(row.number, **cells)


class _Known:
    """What is known of the people and numbers of a list, read in a fixed number of queries."""

    def __init__(self, school: Organisation, students: Sequence[Student], at: datetime) -> None:
        numbers = {clean_number(one.number) for one in students}
        self.numbers = Counter(clean_number(one.number) for one in students)
        self.rows: dict[str, list[StudentIdentity]] = {}
        for row in queries.identities_numbered(school.id, numbers):
            self.rows.setdefault(row.number_fold, []).append(row)
        self.people = queries.people_by_emails({clean_address(one.email) for one in students if one.email})
        self.year = local(at).year


def check_students(school: Organisation, students: Sequence[Student], *, at: datetime) -> list[Checked]:
    """Return for each row what it would lead to, or every fault of it, and change nothing."""
    known = _Known(school, students, at)
    return [_check(one, known) for one in students]


def _check(student: Student, known: _Known) -> Checked:
    faults = list(_faults(student, known))
    if faults:
        return Checked(student, "", faults)
    row = _stated(student, known)
    if row is not None:
        return Checked(student, NOTHING if row.state == CONFIRMED else CONFIRMS)
    if not student.email:
        return Checked(student, WAITS)
    person = known.people.get(clean_address(student.email))
    return Checked(student, CONFIRMS if person is not None and person.password_hash else INVITES)


def _stated(student: Student, known: _Known) -> StudentIdentity | None:
    """Return the row of the person whom the school means: same number, same name."""
    rows = known.rows.get(clean_number(student.number), [])
    return next((row for row in rows if row.person.name_fold == fold(student.name)[:200]), None)


def _faults(student: Student, known: _Known) -> Sequence[Sentence]:
    number, found = clean_number(student.number), list[Sentence]()
    if not student.name or len(student.name) > 200:
        found.append((N_("The name is missing."), {}))
    if not number or len(student.number) > 40:
        found.append((N_("The student number is missing or too long."), {}))
    elif known.numbers[number] > 1:
        found.append((N_("The number %(number)s stands more than once in this list."), {"number": student.number}))
    held = next((row for row in known.rows.get(number, []) if row.state == CONFIRMED), None)
    if held is not None and held.person.name_fold != fold(student.name)[:200]:
        sentence = N_("The number %(number)s is confirmed for a person of another name.")
        found.append((sentence, {"number": student.number}))
    if student.email and not is_address(clean_address(student.email)):
        found.append((N_("“%(email)s” is not an e-mail address."), {"email": student.email}))
    person = known.people.get(clean_address(student.email)) if student.email else None
    if person is not None and person.name_fold != fold(student.name)[:200]:
        found.append((N_("The account with the address %(email)s has another name."), {"email": student.email}))
    if person is not None and not person.active:
        found.append((N_("The account with this address is closed. Ask an administrator."), {}))
    found += _age_faults(student, known.year, is_new=person is None and bool(student.email))
    return found


def _age_faults(student: Student, year: int, *, is_new: bool) -> Sequence[Sentence]:
    """A new account needs the year of birth; under 16 also the guardian whose consent the school holds."""
    if not student.birth_year:
        return [(N_("The year of birth is missing; an invitation needs it."), {})] if is_new else []
    if not student.birth_year.isdecimal() or not year - 100 <= int(student.birth_year) <= year - 5:
        return [(N_("“%(year)s” is not a year of birth."), {"year": student.birth_year})]
    if is_new and year - int(student.birth_year) <= AGE_LEAST and not student.guardian:
        sentence = N_("Under %(age)s: write the name of the guardian whose written consent the school holds.")
        return [(sentence, {"age": AGE_LEAST})]
    return []


def keep_list(school: Organisation, students: Sequence[Student], *, actor: Actor, at: datetime) -> str:
    """Keep a checked list until it is taken up; return the token that takes it up once."""
    must_confirm(actor, school.id)
    rows = [asdict(one) for one in students]
    return checked_lists.keep(STUDENT_LIST, ("organisation", school.id), rows, actor=actor, at=at)


def take_up_list(school: Organisation, token: str, *, actor: Actor, at: datetime) -> dict[str, int]:
    """Confirm and invite what a kept list says; return how many rows had each outcome.

    Each row is checked again: what became faulty meanwhile is left out and counted under "faulty".
    """
    must_confirm(actor, school.id)
    rows = checked_lists.take_up(STUDENT_LIST, token, ("organisation", school.id), actor=actor, at=at)
    return enrol_students(school, [Student(**one) for one in rows], actor=actor, at=at)


def enrol_students(school: Organisation, students: Sequence[Student], *, actor: Actor, at: datetime) -> dict[str, int]:
    """Do what the check of these rows says, faulty ones left out; return how many had each outcome."""
    must_confirm(actor, school.id)
    known = _Known(school, students, at)
    counts: Counter[str] = Counter()
    for student in students:
        checked = _check(student, known)
        counts[checked.outcome or "faulty"] += 1
        if checked.outcome in (CONFIRMS, INVITES):
            _enrol(school, student, known, actor, at)
    audit.record("accounts.students.enrolled", school, actor=actor, at=at, data={"rows": dict(counts)})
    return dict(counts)


def _enrol(school: Organisation, student: Student, known: _Known, actor: Actor, at: datetime) -> None:
    row = _stated(student, known)
    person = row.person if row is not None else known.people.get(clean_address(student.email))
    if person is None:
        person = _new_student(school, student, actor, at)
        known.people[clean_address(student.email)] = person
    enrol(person, school, student.number, student.class_name, student.faculty, actor=actor, at=at)
    if person.password_hash is None and person.email:
        send_invitation(person, organisation=school, role=N_("Student"), actor=actor, at=at)


def _new_student(school: Organisation, student: Student, actor: Actor, at: datetime) -> Person:
    """Make the account of a pupil or student for the school, with the guardian's consent under 16."""
    person = new_person(student.email, student.name, locale="vi", actor=actor, at=at)
    person.birth_year = int(student.birth_year)
    session().flush()
    if student.guardian:
        session().add(Guardian(person_id=person.id, name=student.guardian[:200], agreed_at=at, school_id=school.id))
        given_by = f"{student.guardian[:120]} ({school.name_vi[:70]})"
        give_consent(person.id, "run_contest", locale="vi", given_by=given_by, actor=Actor.system(actor.name), at=at)
    return person


def as_student(values: Mapping[str, Any]) -> Student:
    """Return one student from the fields of a form (row 0)."""
    return Student(0, **{name: " ".join(nfc(str(values.get(name) or "")).split()) for name in COLUMNS})
