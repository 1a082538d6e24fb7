"""The jury: invited, sworn to secrecy, its conflicts declared, its work assigned; one judge drops out."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from compapp.contests import queries as contests
from compapp.contests import services as contest_services
from compapp.demo.cast import players
from compapp.demo.stage import SYSTEM, Moment, Stage, Step
from compapp.judging import services as judging
from compapp.judging.queries.answers import titles_to_answer
from compapp.judging.services.chosen import choose_assignment

Act = Callable[[Moment], None]
Piece = Mapping[str, Any]

CONFLICTS = (
    ("J03", "P06", "family", "Cháu gọi tôi bằng chú có tên trong đội."),
    ("J12", "S16", "supervisor_or_mentor", "Tôi có góp ý đề tài này hồi tháng 9."),
    ("J08", "P01", "business_or_investment", "Gia đình tôi đặt hàng sản phẩm của đội."),
)
"""Judge, entry, kind and note of what judges declare before the assignment."""

LEAVING, LEFT_ON = "J07", (74, "08:00")

REASSIGNED = {"S06": "J04", "S11": "J01", "S15": "J09", "S16": "J02"}
"""Who takes over the four entries that J07 had not scored (incident 5)."""

EXTRA = ("S13", "J03")
"""The fourth reader of the entry whose judges lie far apart (incident 6)."""

SILENT = frozenset({"J11", "J12"})
"""Judges who declare conflicts at most and leave the other titles without an answer: the secretaries see it."""

WHY = "Phân công theo lĩnh vực và đơn vị của giám khảo, mỗi bài ba người, mỗi người sáu bài; tổ thư ký đã rà soát."


def steps(stage: Stage) -> Iterator[Step]:
    """Yield the steps until the judges have their entries, and the one of the judge who leaves."""
    at = stage.calendar.at
    for number, piece in enumerate(stage.document["judges"]):
        yield Step(at(33, f"09:{number * 3:02d}"), "organiser", _invite(piece))
        yield Step(at(34 + number, "20:15"), piece["code"], _accept(piece["code"]))
    for judge, entry, kind, note in CONFLICTS:
        yield Step(at(66, "18:00"), judge, _declare(judge, entry, kind, note))
    for number, piece in enumerate(stage.document["judges"]):
        if piece["code"] not in SILENT:
            yield Step(at(66, f"18:{10 + number * 3}"), piece["code"], _none_of_the_rest(piece["code"]))
    yield Step(at(66, "19:00"), "TK01", _propose)
    yield Step(at(67, "08:00"), SYSTEM, _open)
    yield Step(at(67, "08:05"), "organiser", _publish)
    yield Step(at(*LEFT_ON), "organiser", _let_go)


def _invite(piece: Piece) -> Act:
    """Return the step in which a judge is invited."""

    def act(moment: Moment) -> None:
        stage, contest = moment.stage, moment.contest()
        player = next(one for one in players(stage.document, stage.second) if one.key == piece["code"])
        bodies = {
            code: organisation
            for section in ("incubators", "organisations", "bodies", "institutions")
            for code, organisation in contests.bodies_of(contest.id, section)
        }
        judging.invite_judge(
            contest,
            name=player.name,
            email=player.email,
            wish=judging.SeatWish(
                sectors=piece["sectors"],
                institution=bodies.get(piece["institution"] or ""),
                affiliation=bodies.get(piece["affiliation"]),
                chair=piece["chair"],
                degree=piece["degree"],
                position=piece["position"],
            ),
            code=piece["code"],
            **moment.by,
        )

    return act


def _accept(code: str) -> Act:
    def act(moment: Moment) -> None:
        judging.accept(moment.seat(code), pledge=True, **moment.by)

    return act


def _declare(judge: str, entry: str, kind: str, note: str) -> Act:
    def act(moment: Moment) -> None:
        judging.declare_conflict(moment.seat(judge), moment.entry(entry), kind=kind, note=note, **moment.by)

    return act


def _none_of_the_rest(judge: str) -> Act:
    def act(moment: Moment) -> None:
        seat = moment.seat(judge)
        waiting = [one.entry_id for one in titles_to_answer(seat) if one.answered_at is None]
        judging.state_no_conflict(seat, waiting, **moment.by)

    return act


def first_readers(stage: Stage) -> list[tuple[str, str]]:
    """Return entry and judge of the assignment as it was published, before anybody dropped out."""
    takers = dict.fromkeys(REASSIGNED.items(), LEAVING)
    pairs = [(sheet["entry"], sheet["judge"]) for sheet in stage.document["sheets"]["R1"]]
    return [(entry, takers.get((entry, judge), judge)) for entry, judge in pairs if (entry, judge) != EXTRA]


def _propose(moment: Moment) -> None:
    pairs = [(moment.entry(entry), moment.seat(judge)) for entry, judge in first_readers(moment.stage)]
    choose_assignment(moment.round("R1"), pairs, reason=WHY, **moment.by)


def _open(moment: Moment) -> None:
    contest_services.open_round(moment.round("R1"), **moment.by)


def _publish(moment: Moment) -> None:
    judging.publish_assignment(moment.round("R1"), **moment.by)


def _let_go(moment: Moment) -> None:
    """Incident 5: two sheets of J07 stay, the other four entries go to the judges whom the secretaries chose."""
    stage, round_ = moment.stage, moment.round("R1")
    given = judging.replace_judge(moment.seat(LEAVING), stage.text(5, "reason"), **moment.by)
    codes = {code: own for (contest, own), code in stage.codes.items() if contest == stage.code}
    decision = stage.text(5, "decision")
    for assignment in given:
        entry = codes[assignment.entry.code]
        if assignment.seat.code != REASSIGNED[entry]:
            judging.withdraw_assignment(assignment, decision, **moment.by)
    for entry, judge in REASSIGNED.items():
        if (entry, judge) not in {(codes[one.entry.code], one.seat.code) for one in given}:
            judging.assign(round_, moment.entry(entry), moment.seat(judge), reason=decision, **moment.by)
