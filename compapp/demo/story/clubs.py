"""The clubs' year: terms, roles, an advisor, classes that fill up, people who come, late or not at all."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from compapp.accounts import queries as accounts
from compapp.accounts.models import Organisation
from compapp.accounts.services import answer, ask_into
from compapp.clubs import codes
from compapp.clubs import queries as reading
from compapp.clubs import services as clubs
from compapp.clubs.lifecycle import MEMBER
from compapp.clubs.models import Activity
from compapp.clubs.policy import ADVISOR
from compapp.demo import content
from compapp.demo.cast import players
from compapp.demo.stage import Moment, Stage, Step
from compapp.entries.services import nominations

Piece = Mapping[str, Any]
Act = Callable[[Moment], None]

BEFORE, AFTER = "2025-2026-HK2", "2026-2027-HK2"
INVITED = (("student2@demo.example", "Bạn Ngọc, lớp KT"), ("sinhvienmoi@demo.example", "Trần Gia Bảo"))
"""Addresses that the club has asked and that have not answered, with what the manager wrote: one has no account."""

FOUNDED = -215
"""The day on which the organisations of the demonstration come into being, with the term before the contest."""


@dataclass(frozen=True)
class Plan:
    """An activity of the story: on which day of the calendar, from when to when, and how it goes.

    ``people`` of the cohort register, from the one numbered ``first``; of those with a place each ``absent``-th
    does not come. Nothing is held on a day that a phase of the demonstration makes today. A plan without
    ``announced`` stays in preparation; ``cancelled`` says why it does not take place.
    """

    club: str
    term: str
    day: int
    hours: Sequence[str]
    kind: str
    topic: str
    title: Mapping[str, str]
    place: str
    host: str = ""
    summary: Mapping[str, str] = field(default_factory=dict)
    audience: str = "members"
    capacity: int | None = None
    points: int = 3
    announced: int | None = 9
    people: int = 8
    first: int = 0
    absent: int = 5
    cancelled: str = ""


def _plans() -> list[Plan]:
    return [Plan(**piece) for piece in content.club_activities()]


def steps(stage: Stage) -> Iterator[Step]:
    """Yield the clubs' terms, people and activities."""
    at, plans = stage.calendar.at, _plans()
    for piece in stage.document["clubs"]:
        manager = f"manager-{piece['code']}"
        if any(plan.club == piece["code"] and plan.term == BEFORE for plan in plans):
            yield Step(at(FOUNDED + 5, "19:00"), manager, _open_past(piece))
        yield Step(at(4, "19:00"), manager, _gather_cohort(piece))
    yield Step(at(5, "08:30"), "manager-C01", _name_officers)
    yield Step(at(45, "20:00"), "manager-C01", _look_at_entries)
    yield Step(at(150, "19:00"), "manager-C01", _open_next)
    for plan in plans:
        yield from _activity(stage, plan)


def _activity(stage: Stage, plan: Plan) -> Iterator[Step]:
    at, manager, kept = stage.calendar.at, f"manager-{plan.club}", _Kept(plan)
    if plan.announced is None:
        yield Step(at(plan.day - 20, "20:00"), manager, kept.plan)
        return
    yield Step(at(plan.day - plan.announced, "20:00"), manager, kept.announce)
    yield Step(at(plan.day - plan.announced + 1, "12:30"), manager, kept.register)
    if plan.cancelled:
        yield Step(at(plan.day - 2, "17:00"), manager, kept.cancel)
        return
    if plan.capacity is not None and plan.people > plan.capacity:
        yield Step(at(plan.day - 1, "09:00"), manager, kept.give_up)
    yield Step(at(plan.day, plan.hours[0]) + timedelta(minutes=4), manager, kept.take_attendance)
    yield Step(at(plan.day, plan.hours[1]) + timedelta(minutes=30), manager, kept.conclude)


def _club(moment: Moment, code: str) -> Organisation:
    piece = next(one for one in moment.stage.document["clubs"] if one["code"] == code)
    found = accounts.organisation_named("club", piece["name"]["vi"])
    assert found is not None
    return found


def _students(stage: Stage, piece: Piece) -> list[tuple[str, Piece]]:
    """Return key and facts of everybody of the club's school who is on a team."""
    return [
        (f"{entry['code']}-{place}", member)
        for entry in stage.document["entries"]
        if entry["institution"] == piece["institution"]
        for place, member in enumerate(entry["members"], start=1)
    ]


def _open_past(piece: Piece) -> Act:
    """Return the step in which a club opens the term before, with two thirds of today's people."""

    def act(moment: Moment) -> None:
        club = _club(moment, piece["code"])
        row = clubs.ensure_cohort(club, BEFORE, size=25, goal_entries=4, **moment.by)
        for place, (key, _member) in enumerate(_students(moment.stage, piece)):
            if place % 3 != 2:
                clubs.ensure_cohort_member(row, moment.stage.people[key], **moment.by)

    return act


def _gather_cohort(piece: Piece) -> Act:
    """Return the step in which a club takes its school's teams into the term's cohort."""

    def act(moment: Moment) -> None:
        stage, club = moment.stage, _club(moment, piece["code"])
        for cohort in piece["cohorts"]:
            row = clubs.ensure_cohort(
                club, cohort["term"], size=cohort["size"], goal_entries=cohort["goal_entries"], **moment.by
            )
            for key, _member in _students(stage, piece):
                clubs.ensure_cohort_member(row, stage.people[key], **moment.by)

    return act


def _name_officers(moment: Moment) -> None:
    """Give the club a head, a deputy, a secretary, an advisor and a link to join by."""
    club = _club(moment, "C01")
    cohort = reading.current_cohort(club.id)
    assert cohort is not None
    for key, role in (("S07-1", "head"), ("S08-1", "deputy"), ("S12-2", "secretary")):
        clubs.set_role(cohort, moment.stage.people[key], role, **moment.by)
    advisor = next(one for one in players(moment.stage.document, moment.stage.second) if one.key == "advisor-C01")
    asked = ask_into(club, advisor.email, advisor.name, ADVISOR, **moment.by)
    answer(asked, accepts=True, actor=moment.stage.actor(advisor.key), at=moment.at)
    for email, name in INVITED:
        ask_into(club, email, name, MEMBER, **moment.by)
    clubs.renew_link(cohort, **moment.by)
    member = next(one for key, one in _students(moment.stage, {"institution": "I02"}) if key == "S04-1")
    asking = moment.stage.actor("S04-1")
    clubs.ask_to_join(club, f"Tôi học lớp {member['class']} và muốn tìm đồng đội ở CLB.", actor=asking, at=moment.at)


def _look_at_entries(moment: Moment) -> None:
    """Say what the club thinks of two entries, and nominate one to the school."""
    club = _club(moment, "C01")
    note = "Ý tưởng rõ, số liệu đáng tin. Nhớ ghi nguồn của bảng giá."
    nominations.review_for_club(moment.entry("S07"), club, verdict="ready", note=note, **moment.by)
    nominations.nominate(moment.entry("S07"), club, **moment.by)
    note = "Phần khách hàng còn mỏng: hãy phỏng vấn thêm năm hộ trước khi nộp."
    nominations.review_for_club(moment.entry("S12"), club, verdict="improve", note=note, **moment.by)


def _open_next(moment: Moment) -> None:
    club = _club(moment, "C01")
    before = reading.current_cohort(club.id)
    row = clubs.set_cohort(club, AFTER, size=40, goal_entries=5, **moment.by)
    assert before is not None
    clubs.carry_over(before, row, **moment.by)


class _Kept:
    """The steps of one activity, which find it again by what the first of them kept."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._key = f"activity:{plan.club}:{plan.day}"

    def plan(self, moment: Moment) -> None:
        """The manager plans it."""
        self._planned(moment)

    def _planned(self, moment: Moment) -> Activity:
        plan, at = self._plan, moment.stage.calendar.at
        cohort = next(one for one in reading.cohorts_of(_club(moment, plan.club).id) if one.term == plan.term)
        made = clubs.plan_activity(
            cohort,
            clubs.ActivityPlan(
                kind=plan.kind,
                topic=plan.topic,
                title_vi=plan.title["vi"],
                title_en=plan.title["en"],
                summary_vi=plan.summary.get("vi", ""),
                summary_en=plan.summary.get("en", ""),
                starts_at=at(plan.day, plan.hours[0]),
                ends_at=at(plan.day, plan.hours[1]),
                place=plan.place,
                host_name=plan.host,
                audience=plan.audience,
                capacity=plan.capacity,
                points=plan.points,
            ),
            **moment.by,
        )
        moment.stage.notes[self._key] = made.id
        return made

    def announce(self, moment: Moment) -> None:
        """The manager plans and announces it."""
        clubs.announce_activity(self._planned(moment), **moment.by)

    def _found(self, moment: Moment) -> Activity:
        return reading.activity(moment.stage.notes[self._key])

    def _people(self, moment: Moment) -> Sequence[str]:
        piece = next(one for one in moment.stage.document["clubs"] if one["code"] == self._plan.club)
        every = [key for key, _member in _students(moment.stage, piece)]
        inside = set(reading.member_ids(self._found(moment).cohort_id))
        able = [key for key in every if moment.stage.people[key] in inside]
        return able[self._plan.first : self._plan.first + self._plan.people]

    def register(self, moment: Moment) -> None:
        """People register, the later ones onto the waiting list."""
        found = self._found(moment)
        for minute, key in enumerate(self._people(moment)):
            clubs.register(found, actor=moment.stage.actor(key), at=moment.at + timedelta(minutes=7 * minute))

    def give_up(self, moment: Moment) -> None:
        """Somebody gives up their place; the first who waits moves up."""
        clubs.withdraw(self._found(moment), actor=moment.stage.actor(self._people(moment)[-5]), at=moment.at)

    def cancel(self, moment: Moment) -> None:
        """It does not take place."""
        clubs.cancel_activity(self._found(moment), self._plan.cancelled, **moment.by)

    def take_attendance(self, moment: Moment) -> None:
        """Most come and scan the code, one is late, one has no phone and is ticked; some stay away."""
        found = self._found(moment)
        seated = set(reading.registered_ids(found.id))
        people = [key for key in self._people(moment) if moment.stage.people[key] in seated]
        for place, key in enumerate(people, start=1):
            came_at = _comes_at(found, moment.at, place)
            if place % self._plan.absent == 0:
                continue
            if place == 2:
                clubs.mark_present(found, moment.stage.people[key], came_at=came_at, **moment.by)
            else:
                shown = codes.code_at(found.code_key, found.id, came_at)
                clubs.check_in(found, shown, actor=moment.stage.actor(key), at=came_at)

    def conclude(self, moment: Moment) -> None:
        """The manager closes the list."""
        clubs.conclude_activity(self._found(moment), **moment.by)


def _comes_at(found: Activity, at: datetime, place: int) -> datetime:
    """Return when the ``place``-th comes: each third of a minute one, the fourth twenty minutes late."""
    return min(at + timedelta(minutes=20 if place == 4 else 0, seconds=20 * place), found.ends_at)
