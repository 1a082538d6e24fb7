"""Checking the entries (round R0): who goes to the judges, what must be completed, and three matters to settle."""

from collections.abc import Callable, Iterator
from typing import Any

from compapp.contests import services as contests
from compapp.demo.stage import SYSTEM, Moment, Stage, Step
from compapp.demo.story.teams import attach_proposal
from compapp.entries import queries
from compapp.entries import services as entries
from compapp.entries.queries import copies

Act = Callable[[Moment], None]

MATTERS = {"S04", "S09", "S12", "S15", "P05"}
"""Entries that take longer than one look."""

GUARDIANS = {2: "Võ Thị Mười", 4: "Nguyễn Văn Lâm"}
"""The members of P05 whose guardians had not been asked, and who answers for them."""


def steps(stage: Stage) -> Iterator[Step]:
    """Yield the steps of the eligibility round."""
    at = stage.calendar.at
    yield Step(at(62, "08:00"), SYSTEM, _open)
    plain = [entry["code"] for entry in stage.document["entries"] if entry["code"] not in MATTERS]
    for number, code in enumerate(plain):
        who = "TK01" if number % 2 else "organiser"
        yield Step(at(62 + number // 5, f"{9 + number % 5:02d}:20"), who, _decide(code, "eligible"))
    yield from _missing_consent(stage)
    yield from _school_name_in_file(stage)
    yield from _suspected_copy(stage)
    yield from _two_contests(stage)
    yield Step(at(66, "17:00"), SYSTEM, _close)


def _open(moment: Moment) -> None:
    contests.open_round(moment.round("R0"), **moment.by)


def _close(moment: Moment) -> None:
    contests.close_round(moment.round("R0"), **moment.by)


def _decide(code: str, outcome: str, reason: str | None = None) -> Act:
    """Return the step in which an entry's eligibility is decided, with the checker's note where there is one."""

    def act(moment: Moment) -> None:
        notes = moment.stage.words["eligibility"]
        own = notes["entries"].get(code, {})
        words = reason or own.get("note", notes["default_note"])
        if outcome == "needs_fix":
            words = f"{own['note']} {own['fix']}"
        text = moment.stage.calendar.words(words)
        entries.decide_eligibility(moment.entry(code), outcome, reason=text, **moment.by)

    return act


def _missing_consent(stage: Stage) -> Iterator[Step]:
    """Incident 2: two guardians of P05 were not asked; 48 hours to complete it."""
    at = stage.calendar.at
    yield Step(at(63, "10:00"), "TK01", _decide("P05", "needs_fix"))
    yield Step(at(63, "17:30"), "P05-1", _ask_guardians)
    for place in GUARDIANS:
        yield Step(at(63, "20:10"), SYSTEM, _answer_as_guardian(place))
    yield Step(at(63, "21:00"), "P05-1", _submit("P05"))
    complete = "Đã nhận đủ phiếu đồng ý của người giám hộ."
    yield Step(at(64, "08:30"), "TK01", _decide("P05", "eligible", complete))


def _ask_guardians(moment: Moment) -> None:
    entry = moment.entry("P05")
    members = queries.active_members(entry.id)
    for place, guardian in GUARDIANS.items():
        _, token = entries.ask_guardian(
            entry,
            members[place - 1].id,
            guardian_name=guardian,
            guardian_email=f"phu-huynh.{place}@demo.example",
            **moment.by,
        )
        moment.stage.notes[f"guardian-{place}"] = token


def _answer_as_guardian(place: int) -> Act:
    def act(moment: Moment) -> None:
        entries.answer_guardian(moment.stage.notes.pop(f"guardian-{place}"), given=True, at=moment.at)

    return act


def _submit(code: str) -> Act:
    def act(moment: Moment) -> None:
        entries.submit_entry(moment.entry(code), **moment.by)

    return act


def _school_name_in_file(stage: Stage) -> Iterator[Step]:
    """S04's proposal names its school; the team hands in another one."""
    at = stage.calendar.at
    entry = next(one for one in stage.document["entries"] if one["code"] == "S04")
    yield Step(at(62, "15:00"), "TK01", _decide("S04", "needs_fix"))
    yield Step(at(63, "19:00"), "S04-1", attach_proposal(entry, leaky=False))
    yield Step(at(63, "19:05"), "S04-1", _submit("S04"))
    replaced = "Bản thuyết minh mới không còn tên trường."
    yield Step(at(64, "09:30"), "TK01", _decide("S04", "eligible", replaced))


def _suspected_copy(stage: Stage) -> Iterator[Step]:
    """Incident 3: S15 copies long passages of S01; a person decides after the team's explanation."""
    at = stage.calendar.at
    yield Step(at(64, "08:00"), SYSTEM, _compare_texts)
    yield Step(at(64, "09:00"), "organiser", _pursue_likeness)
    yield Step(at(65, "21:15"), "S15-1", _state("S15", 3, "explanation"))
    yield Step(at(66, "10:00"), "organiser", _settle("S15", 3, "decision"))
    yield Step(at(66, "10:10"), "organiser", _decide("S15", "eligible"))


def _compare_texts(moment: Moment) -> None:
    """Read and compare the two that are alike; all others are read by the clock as soon as it runs."""
    library: dict[int, Any] = {}
    for code in ("S01", "S15"):
        newest = queries.newest_version(moment.entry(code).id)
        assert newest is not None
        version, reading = entries.read_version(newest.id)
        alike = entries.likenesses(version.entry_id, reading, library)
        entries.keep_reading(version, reading, alike, **moment.by)
        library[version.entry_id] = reading.runs


def _pursue_likeness(moment: Moment) -> None:
    (flag,) = copies.flags_about(moment.entry("S15").id)
    entries.pursue_flag(
        flag,
        "suspected_copy",
        against_earlier=flag.other_entry.code == "S15",
        reason=moment.stage.text(3, "reason"),
        due_at=None,
        **moment.by,
    )


def _two_contests(stage: Stage) -> Iterator[Step]:
    """Incident 4: S12 declared its second contest; S09 did not and must choose one."""
    at = stage.calendar.at
    yield Step(at(65, "09:00"), "organiser", _open_case("S09", "two_contests", 4, due=(66, "17:00")))
    yield Step(at(65, "09:20"), "organiser", _decide("S12", "eligible"))
    yield Step(at(65, "20:00"), "S09-1", _state("S09", 4, "answer"))
    yield Step(at(66, "11:00"), "organiser", _settle("S09", 4, "answer"))
    yield Step(at(66, "11:10"), "organiser", _decide("S09", "eligible"))


def _open_case(code: str, kind: str, incident: int, *, due: tuple[int, str] | None = None) -> Act:
    def act(moment: Moment) -> None:
        entries.open_case(
            moment.entry(code),
            kind,
            reason=moment.stage.text(incident, "reason"),
            due_at=moment.stage.calendar.at(*due) if due else None,
            **moment.by,
        )

    return act


def _state(code: str, incident: int, key: str) -> Act:
    def act(moment: Moment) -> None:
        case = queries.open_cases_of(moment.entry(code).id)[0]
        entries.state_in_case(case, moment.stage.text(incident, key), **moment.by)

    return act


def _settle(code: str, incident: int, key: str) -> Act:
    def act(moment: Moment) -> None:
        case = queries.open_cases_of(moment.entry(code).id)[0]
        entries.settle_case(case, moment.stage.text(incident, key), **moment.by)

    return act
