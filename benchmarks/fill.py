"""Fills a fresh database with a contest of any size: bulk rows, for measuring only."""

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import insert

from compapp.accounts.models import Organisation, Person
from compapp.accounts.services import sessions
from compapp.contests.models import Body, Contest, ContestRole
from compapp.contests.services import import_document
from compapp.core import clock
from compapp.core.actor import Actor
from compapp.core.db import Base, session, unit_of_work
from compapp.core.text import fold, name_sort_key, sort_key
from compapp.demo.content import contest_document
from compapp.entries.models import Entry, TeamMember
from compapp.judging.models import Assignment, RoundFigure, Seat, Sheet

SHEETS_EACH = 5
ON_ONE_DESK = 250
DAY = 75
ROUND = "R1"


@dataclass(frozen=True)
class Filled:
    """What the measurements need to know of the filled database."""

    contest: str
    organiser: str
    judge: str
    assignment_id: int
    entry_id: int


def fill(entries: int, judges: int | None = None) -> Filled:
    """Make a contest in its scoring round with ``entries`` entries of 5 sheets each; return tokens of two people.

    As many judges as make desks of 250, unless said.
    """
    at = clock.now()
    system = Actor.system("benchmark")
    with unit_of_work():
        document = contest_document()
        for section in ("entries", "sheets", "votes", "judges", "followups", "mentors", "secretaries"):
            document.pop(section, None)
        launch = clock.local(at).date() - timedelta(days=DAY)
        contest = import_document(document, shift_to=launch, actor=system, at=at)
    contest = session().get_one(Contest, contest.id)
    with unit_of_work():
        return _rows(contest, entries, judges or max(SHEETS_EACH, entries * SHEETS_EACH // ON_ONE_DESK), at)


def _rows(contest: Contest, entries: int, judges: int, at: Any) -> Filled:
    round_ = next(one for one in contest.rounds if one.code == ROUND)
    round_.state = "open"
    contest.state = "judging"
    school = Organisation(
        kind="university",
        name_vi="Trường đo",
        name_en="Bench",
        name_fold="truong do",
        name_sort="truong",
        created_at=at,
    )
    session().add(school)
    session().flush()
    body = {"contest_id": contest.id, "section": "institutions", "code": "BENCH", "position": len(contest.bodies)}
    session().add(Body(**body, organisation_id=school.id, definition={"code": "BENCH"}))
    people = [_person(f"judge{n}@bench.example", f"Nguyễn Văn Chấm {n}", at) for n in range(judges)]
    organiser = _person("organiser@bench.example", "Trần Thị Tổ Chức", at)
    session().add_all([*people, organiser])
    session().flush()
    session().add(ContestRole(contest_id=contest.id, person_id=organiser.id, role="organiser", definition={}, since=at))
    seats = [
        Seat(
            contest_id=contest.id,
            person_id=person.id,
            code=f"B{n:04}",
            state="accepted",
            chair=n == 0,
            sectors=[],
            max_load=None,
            invited_at=at,
            answered_at=at,
            pledged_at=at,
            pledge_version="2",
            definition={},
        )
        for n, person in enumerate(people)
    ]
    session().add_all(seats)
    session().add_all(
        ContestRole(contest_id=contest.id, person_id=person.id, role="judge", definition={}, since=at)
        for person in people
    )
    session().flush()
    first = _entries(contest, school, entries, at)
    _sheets(contest, round_, seats, first, entries, at)
    mine = session().query(Assignment).filter_by(seat_id=seats[0].id).order_by(Assignment.position.desc()).first()
    assert mine is not None
    return Filled(
        contest.code,
        sessions.sign_in(organiser, browser="benchmark", address="127.0.0.1", at=at),
        sessions.sign_in(people[0], browser="benchmark", address="127.0.0.1", at=at),
        mine.id,
        first,
    )


def _person(email: str, name: str, at: Any) -> Person:
    return Person(
        email=email,
        name=name,
        name_fold=fold(name),
        name_sort=name_sort_key(name),
        locale="vi",
        active=True,
        created_at=at,
    )


def _bulk(model: type[Base], rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), 5000):
        session().execute(insert(model), rows[start : start + 5000])


def _entries(contest: Contest, school: Organisation, count: int, at: Any) -> int:
    base = session().query(Entry).count()
    boards, sectors = contest.boards, contest.sectors
    rows = []
    for n in range(count):
        title = f"Ý tưởng đo lường số {n:05}"
        rows.append(
            {
                "id": base + n + 1,
                "contest_id": contest.id,
                "code": f"X{n:05}",
                "number": f"BX-{n:05}",
                "board_id": boards[n % len(boards)].id,
                "sector_id": sectors[n % len(sectors)].id,
                "institution_id": school.id,
                "state": "eligible",
                "title": {"vi": title, "en": f"Idea {n:05}"},
                "title_fold": fold(title),
                "title_sort": sort_key(title),
                "one_liner": {"vi": "Một câu mô tả.", "en": "One line."},
                "stage": "idea",
                "answers": dict.fromkeys(("problem", "solution", "customers", "model"), "Nội dung trả lời. " * 40),
                "version": 1,
                "created_at": at,
                "saved_at": at,
                "submitted_at": at,
                "definition": {},
            }
        )
    _bulk(Entry, rows)
    members = [
        {
            "entry_id": base + n // 3 + 1,
            "position": n % 3,
            "role": "member" if n % 3 else "lead",
            "name": f"Lê Thị Số {n}",
            "joined_at": at,
            "definition": {},
        }
        for n in range(count * 3)
    ]
    _bulk(TeamMember, members)
    return base + 1


def _sheets(contest: Contest, round_: Any, seats: list[Seat], first: int, count: int, at: Any) -> None:
    criteria = next(r for r in contest.rubrics if r["code"] == round_.definition["rubric"])["criteria"]
    assignments, sheets, figures = [], [], []
    for n in range(count):
        totals = []
        for k in range(SHEETS_EACH):
            seat = seats[(n + k) % len(seats)]
            scores = {c["code"]: str((n * 7 + k * 3 + i) % 21 / 2) for i, c in enumerate(criteria)}
            total = sum((Fraction(c["weight"]) * Fraction(scores[c["code"]]) / 10 for c in criteria), Fraction(0))
            draft = seat is seats[0] and n % 2
            common = {"round_id": round_.id, "entry_id": first + n, "seat_id": seat.id}
            assignments.append({**common, "state": "open", "position": n, "assigned_at": at})
            sheets.append(
                {
                    **common,
                    "state": "draft" if draft else "submitted",
                    "source": "online",
                    "scores": scores,
                    "comments": {},
                    "comment": "",
                    "comment_to_jury": "",
                    "total": None if draft else total,
                    "total_text": None if draft else str(float(total)),
                    "version": 1,
                    "saved_at": at,
                    "submitted_at": None if draft else at,
                    "definition": {},
                }
            )
            if not draft:
                totals.append(total)
        mean = sum(totals, Fraction(0)) / len(totals)
        figures.append(
            {
                "round_id": round_.id,
                "entry_id": first + n,
                "board_id": contest.boards[n % len(contest.boards)].id,
                "sheets": len(totals),
                "total_sum": sum(totals, Fraction(0)),
                "lowest": min(totals),
                "highest": max(totals),
                "figure": mean,
                "figure_sort": float(mean),
            }
        )
    _bulk(Assignment, assignments)
    _bulk(Sheet, sheets)
    _bulk(RoundFigure, figures)
