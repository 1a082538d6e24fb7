"""Decisions of two people, published with their paper; a conflict found late, and its correction."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from compapp.core import clock, files
from compapp.demo.stage import Moment, Stage, Step
from compapp.demo.story.scoring import hand_in
from compapp.judging import services as judging
from compapp.judging.queries.results import open_shortlist, places_of_entries
from compapp.judging.services.places import confirm_place
from compapp.judging.services.publication import DecisionPaper, publish
from compapp.judging.services.shortlist import approve_shortlist, propose_shortlist
from compapp.judging.services.standings import compute_standings

Act = Callable[[Moment], None]

SIGNER = "Nguyễn Quốc Thịnh"
"""Who signs the decisions of the organising committee (made up)."""

LATE = ("S05", "J06", "J05")
"""Entry, judge whose sheet became void, and judge who read it instead (incident 9)."""

LATE_SCORES = {"innovation": 7.0, "need": 7.5, "feasibility": 7.0, "business": 6.5, "impact": 7.5, "team": 7.5}

CONFIRMED = {
    "S02": (82, "19:10"),
    "S05": (82, "20:05"),
    "S06": (82, "21:00"),
    "S03": (83, "12:15"),
    "P02": (83, "18:40"),
    "S07": (83, "19:30"),
    "S14": (85, "06:45"),
    "S10": (85, "07:00"),
    "S01": (85, "07:20"),
    "P05": (85, "07:25"),
    "P03": (85, "07:30"),
    "P08": (85, "07:40"),
    "S08": (86, "18:00"),
}
"""When the leads confirm their place in the semi-final."""


def steps(stage: Stage) -> Iterator[Step]:
    """Yield the steps from the last sheet of R1 to the confirmed places."""
    at = stage.calendar.at
    words = " ".join(stage.text(incident, "reason") for incident in (7, 8))
    yield Step(at(81, "18:01"), "J01", _compute("R1"))
    yield Step(at(81, "18:30"), "organiser", propose("R1", words))
    yield Step(at(81, "20:00"), "J01", approve("R1"))
    yield Step(at(82, "08:00"), "organiser", put_out("R1", "12/QĐ-BTC", "công nhận kết quả vòng sơ khảo"))
    yield Step(at(83, "09:00"), "J01", _declare_late)
    yield Step(at(83, "09:40"), "organiser", _ask_another)
    entry, _, judge = LATE
    yield Step(at(83, "20:30"), judge, hand_in("R1", {"entry": entry, "judge": judge, "scores": LATE_SCORES}))
    yield Step(at(83, "21:00"), "organiser", propose("R1", stage.text(9, "correction")))
    yield Step(at(83, "21:40"), "J01", approve("R1"))
    yield Step(at(84, "08:00"), "organiser", put_out("R1", "14/QĐ-BTC", "đính chính kết quả vòng sơ khảo"))
    for code, (day, time) in CONFIRMED.items():
        yield Step(at(day, time), f"{code}-1", confirm("R1", code))


def _compute(round_code: str) -> Act:
    def act(moment: Moment) -> None:
        compute_standings(moment.round(round_code), **moment.by)

    return act


def propose(round_code: str, reason: str = "") -> Act:
    """Return the step in which the first person prepares the decision of a round, as the figures say."""

    def act(moment: Moment) -> None:
        propose_shortlist(moment.round(round_code), reason=reason, **moment.by)

    return act


def approve(round_code: str) -> Act:
    """Return the step in which the second person approves it."""

    def act(moment: Moment) -> None:
        waiting = open_shortlist(moment.round(round_code).id)
        if waiting is None:
            raise ValueError(f"nothing waits in {round_code}")
        approve_shortlist(waiting, **moment.by)

    return act


def put_out(round_code: str, number: str, about: str) -> Act:
    """Return the step in which a decision is published with its signed paper."""

    def act(moment: Moment) -> None:
        waiting = open_shortlist(moment.round(round_code).id)
        if waiting is None:
            raise ValueError(f"nothing waits in {round_code}")
        signed: date = clock.local(moment.at).date()
        lines = [
            f"Điều 1. Ban tổ chức {about} {moment.contest().title['vi']}.",
            "Điều 2. Danh sách kèm theo được công bố trên trang của cuộc thi.",
            "Điều 3. Tổ thư ký và các đội thi chịu trách nhiệm thi hành quyết định này./.",
        ]
        scan = files.store(moment.stage.workshop.decision_scan(number, signed, SIGNER, lines), at=moment.at)
        publish(waiting, paper=DecisionPaper(number, signed, SIGNER, scan), **moment.by)

    return act


def confirm(round_code: str, code: str) -> Act:
    """Return the step in which a lead confirms the team's place."""

    def act(moment: Moment) -> None:
        entry = moment.entry(code)
        round_ = moment.round(round_code)
        for place in places_of_entries([entry.id])[entry.id]:
            if place.round_id == round_.id:
                confirm_place(place, **moment.by)

    return act


def _declare_late(moment: Moment) -> None:
    """Incident 9: the judge advises a member of the team; the sheet becomes void."""
    entry, judge, _ = LATE
    judging.declare_conflict(
        moment.seat(judge),
        moment.entry(entry),
        kind="supervisor_or_mentor",
        note=moment.stage.text(9, "statement"),
        **moment.by,
    )


def _ask_another(moment: Moment) -> None:
    """Ask the judge whom the secretaries chose instead of the one who was proposed."""
    entry, _, judge = LATE
    round_ = moment.round("R1")
    judging.discard_proposal(round_, **moment.by)
    judging.add_reader(
        round_,
        moment.entry(entry),
        seat=moment.seat(judge),
        reason=moment.stage.text(9, "reason"),
        due_at=moment.at + timedelta(hours=14),
        **moment.by,
    )
