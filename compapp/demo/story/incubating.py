"""In the incubators: mentors, sessions, milestones and figures; a mentor who did not come."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from compapp.demo.stage import Moment, Stage, Step
from compapp.demo.story.finals import lead_of
from compapp.incubation import queries
from compapp.incubation import services as incubation
from compapp.incubation.models import MentoringSession, Residency

Act = Callable[[Moment], None]
Piece = Mapping[str, Any]

PLACES = {
    "S01": "IN1",
    "S06": "IN1",
    "S03": "IN1",
    "S02": "IN4",
    "S14": "IN4",
    "S10": "IN3",
    "P02": "IN3",
    "P05": "IN5",
    "S07": "IN5",
    "S08": "IN5",
}
"""Which manager looks after which team."""

MENTORS = {
    "S01": "M02",
    "S06": "M06",
    "S03": "M05",
    "S02": "M08",
    "S14": "M08",
    "S10": "M03",
    "P02": "M03",
    "P05": "M01",
    "S07": "M05",
    "S08": "M07",
}

TOPICS = {
    "S01": "Kết quả phỏng vấn khách hàng, vị trí ba trạm thử",
    "S06": "Phao thứ ba, ắc quy và nấc khí ban ngày",
    "S10": "Bán thử với hai hợp tác xã",
    "S03": "Phiếu kiểm nghiệm lô thứ hai",
    "P02": "Thẻ màu so nước, cách in và bảo quản",
}

REPORTS = (
    ("S01", "M1", 213, "Đã phỏng vấn 31 hộ ở ba xã; bảng tổng hợp gửi kèm sổ tay của nhóm."),
    ("S10", "M1", 222, "Đã gặp 34 người của chín hợp tác xã."),
    ("S03", "M1", 224, "Đã gặp 30 cơ sở làm mứt và tiệm bánh."),
    ("S02", "M1", 226, "Đã gặp 32 chủ thầu và cửa hàng vật liệu."),
    ("P02", "M1", 243, "Tụi em đã hỏi 30 nhà ven kênh, có thầy hướng dẫn đi cùng."),
)
"""Milestones that teams report: entry, milestone, day, words. The last still waits for its confirmation."""

CONFIRMED = {("S01", "M1"): 214, ("S10", "M1"): 225, ("S03", "M1"): 226, ("S02", "M1"): 230}

HOURS = {
    "M02": ((1, 14 * 60, 16 * 60), (3, 8 * 60 + 30, 10 * 60 + 30)),
    "M03": ((0, 19 * 60, 21 * 60), (4, 14 * 60, 16 * 60)),
}
"""What mentors keep free every week: weekday (0 is Monday), from and to in minutes of the day."""

ON_TO_INCUBATION = {"S01": 232, "S06": 235, "S10": 238}
"""Teams that their incubator moves on to the second stage."""


def steps(stage: Stage) -> Iterator[Step]:
    """Yield the steps of the first seven weeks of the cohort."""
    at = stage.calendar.at
    for number, (code, mentor) in enumerate(MENTORS.items()):
        yield Step(at(199 + number % 3, f"{9 + number % 4:02d}:30"), f"manager-{PLACES[code]}", _assign(code, mentor))
    for piece in sessions(stage):
        yield from _session(stage, piece)
    for code, milestone, day, words in REPORTS:
        yield Step(at(day, "20:00"), lead_of(code), _report(code, milestone, words))
        if (code, milestone) in CONFIRMED:
            yield Step(at(CONFIRMED[code, milestone], "10:00"), MENTORS[code], _confirm(code, milestone))
    for code, day in ON_TO_INCUBATION.items():
        yield Step(at(day, "14:00"), f"manager-{PLACES[code]}", _advance(code))
    for mentor in HOURS:
        yield Step(at(244, "21:00"), mentor, _state_hours(mentor))


def sessions(stage: Stage) -> list[dict[str, Any]]:
    """Return every session: the sample's follow-ups with what was written, and those that only have words."""
    written = {(one["entry"], one["day"]): one for one in stage.words["mentoring"]}
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for piece in stage.document["followups"]:
        day = int(piece["at"]["day"])
        words = written.get((piece["entry"], day)) or written.get((piece["entry"], day + 1)) or {}
        starts = stage.calendar.moved(piece["at"])
        found[piece["entry"], day] = {**piece, "starts": starts, "note": words.get("note", ""), "day": day}
    for (entry, day), words in written.items():
        if not {(entry, day), (entry, day - 1)} & set(found):
            starts = stage.calendar.at(day, "14:00")
            found[entry, day] = {**words, "starts": starts, "rag": "green", "day": day}
    return list(found.values())


def _session(stage: Stage, piece: Piece) -> Iterator[Step]:
    at, code, starts = stage.calendar.at, piece["entry"], piece["starts"]
    yield Step(at(max(202, min(int(piece["day"]) - 7, 244)), "20:30"), lead_of(code), _book(piece))
    if piece["attended"]:
        yield Step(starts + timedelta(hours=3), piece["mentor"], _log(piece))
    else:
        yield Step(starts + timedelta(minutes=30), lead_of(code), _miss(piece))


def _residency(moment: Moment, code: str) -> Residency:
    found = queries.residency_of_entry(moment.entry(code).id)
    if found is None:
        raise KeyError(code)
    return queries.residency(found.id)


def _assign(code: str, mentor: str) -> Act:
    def act(moment: Moment) -> None:
        row = queries.mentor_by_code(moment.contest().id, mentor)
        if row is None:
            raise KeyError(mentor)
        incubation.assign_mentor(_residency(moment, code), row, **moment.by)

    return act


def _state_hours(mentor: str) -> Act:
    def act(moment: Moment) -> None:
        incubation.state_week([incubation.Span(*one) for one in HOURS[mentor]], **moment.by)

    return act


def _book(piece: Piece) -> Act:
    def act(moment: Moment) -> None:
        residency = _residency(moment, piece["entry"])
        mentorship = queries.mentorships_of(residency.id, active_only=True)[0]
        incubation.book_session(
            mentorship,
            starts_at=piece["starts"],
            minutes=60,
            place="Phòng họp trực tuyến",
            topic=TOPICS.get(piece["entry"], ""),
            **moment.by,
        )

    return act


def _one(moment: Moment, piece: Piece) -> MentoringSession:
    residency = _residency(moment, piece["entry"])
    return next(one for one in queries.sessions_of(residency.id) if one.starts_at == piece["starts"])


def _log(piece: Piece) -> Act:
    def act(moment: Moment) -> None:
        following = piece["next"]
        figures = {key: piece[key] for key in ("customers", "jobs", "revenue_vnd") if key in piece}
        log = incubation.SessionLog(
            rag=piece["rag"],
            shared_note=moment.stage.calendar.words(piece["note"]),
            next_steps=following["vi"] if isinstance(following, dict) else following,
            milestone=piece.get("milestone"),
            milestone_met=piece["entry"] == "S06",
            figures=figures,
        )
        incubation.log_session(_one(moment, piece), log, **moment.by)

    return act


def _miss(piece: Piece) -> Act:
    """Incident 12: the mentor did not come; noted once, a change is proposed after two in a row."""

    def act(moment: Moment) -> None:
        incubation.record_absence(_one(moment, piece), missed_by="mentor", **moment.by)

    return act


def _milestone(moment: Moment, code: str, milestone: str) -> Any:
    residency = _residency(moment, code)
    return next(one for one in queries.milestones_of(residency.id) if one.code == milestone)


def _report(code: str, milestone: str, words: str) -> Act:
    def act(moment: Moment) -> None:
        row = queries.milestone(_milestone(moment, code, milestone).id)
        incubation.report_milestone(row, note=words, **moment.by)

    return act


def _confirm(code: str, milestone: str) -> Act:
    def act(moment: Moment) -> None:
        incubation.confirm_milestone(queries.milestone(_milestone(moment, code, milestone).id), **moment.by)

    return act


def _advance(code: str) -> Act:
    def act(moment: Moment) -> None:
        residency = _residency(moment, code)
        incubation.advance_stage(residency, from_stage=residency.stage, **moment.by)

    return act
